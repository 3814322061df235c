// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors

#include <stdint.h>

#include "memory.h"

extern inline void wg_wipe(void *p, size_t n);

bool wg_equal(const void *a, const void *b, size_t n) {
    const uint8_t *x = a, *y = b;
    uint32_t diff = 0;
    while (n--) {
        diff |= *x++ ^ *y++;
        // The compiler cannot know that a difference is final and leave early.
        __asm__ ("" : "+r" (diff));
    }
    return (diff - 1) >> 31;
}
