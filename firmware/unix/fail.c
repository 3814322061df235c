// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors
//
// Memory that is refused when a test says so: mpconfigvariant.mk puts these functions in the place of
// the allocators that lwIP with the tunnel, and MicroPython, call.

#include <stdatomic.h>
#include <stdlib.h>

#include "lwip/memp.h"

#include "py/runtime.h"

#include "fail.h"

typedef struct {
    atomic_uint first, count, seen;
} fail_t;

static fail_t fails[FAIL_KINDS];

unsigned fail_arm(fail_kind_t kind, unsigned first, unsigned count) {
    fail_t *f = &fails[kind];
    f->first = 0;
    unsigned seen = f->seen;
    f->seen = 0;
    f->count = count;
    f->first = first;
    return seen;
}

static bool refuse(fail_kind_t kind) {
    fail_t *f = &fails[kind];
    unsigned number = ++f->seen, first = f->first;
    return first != 0 && number >= first && number - first < f->count;
}

static _Thread_local bool spared;

void *fail_malloc(size_t size) {
    return !spared && refuse(FAIL_LWIP) ? NULL : malloc(size);
}

void *fail_calloc(size_t count, size_t size) {
    return refuse(FAIL_LWIP) ? NULL : calloc(count, size);
}

// lwIP cannot do without a timeout, its own least of all: it asserts, or never looks at TCP again.
void *fail_spared_memp_malloc(memp_t type) {
    spared = true;
    void *p = memp_malloc(type);
    spared = false;
    return p;
}

void *fail_gc_alloc(size_t size, unsigned flags) {
    if (refuse(FAIL_INTERRUPT)) {
        mp_sched_keyboard_interrupt();
    }
    return refuse(FAIL_PYTHON) ? NULL : gc_alloc(size, flags);
}

void *fail_gc_realloc(void *p, size_t size, bool may_move) {
    return refuse(FAIL_PYTHON) ? NULL : gc_realloc(p, size, may_move);
}
