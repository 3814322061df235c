// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors
//
// Tests refuse memory.
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "lwip/memp.h"
#include "py/gc.h"

typedef enum {
    FAIL_LWIP,   // lwIP's heap and pools, and what the data plane allocates
    FAIL_PYTHON, // MicroPython's heap
    FAIL_INTERRUPT, // not memory: Ctrl-C comes while MicroPython's heap is asked
    FAIL_KINDS,
} fail_kind_t;

// From now on refuse the allocations of this kind from the first-th (counted from one) on, as many as
// count; first 0 refuses none. How many there were since the last call.
unsigned fail_arm(fail_kind_t kind, unsigned first, unsigned count);

void *fail_malloc(size_t size);
void *fail_calloc(size_t count, size_t size);
void *fail_spared_memp_malloc(memp_t type);
void *fail_gc_alloc(size_t size, unsigned flags);
void *fail_gc_realloc(void *p, size_t size, bool may_move);
