// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors

#include <stdatomic.h>

#include "clock.h"
#include "lwip_call.h"

static atomic_uint_fast64_t skipped_ms;

int device_clock(clockid_t id, struct timespec *t) {
    int result = clock_gettime(id, t);
    if (id == CLOCK_MONOTONIC) {
        uint64_t ms = skipped_ms;
        t->tv_sec += (time_t)(ms / 1000);
        t->tv_nsec += (long)(ms % 1000) * 1000000;
        if (t->tv_nsec >= 1000000000) {
            t->tv_sec++;
            t->tv_nsec -= 1000000000;
        }
    }
    return result;
}

static void nothing(void *arg) {
    (void)arg;
}

void clock_skip(uint32_t ms) {
    skipped_ms += ms;
    lwip_call(nothing, NULL); // its thread looks at the time again
}
