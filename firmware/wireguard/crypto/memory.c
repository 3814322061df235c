// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors

#include <stdint.h>
#include <string.h>

#include "memory.h"

void wg_wipe(void *p, size_t n) {
    memset(p, 0, n);
    // Something may read the zeroes here, as far as the compiler can tell.
    __asm__ volatile ("" : : "r" (p) : "memory");
}

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
