// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors

// Handling of secrets: wiping and comparing.
#ifndef WG_CRYPTO_MEMORY_H
#define WG_CRYPTO_MEMORY_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

// Zero n bytes; the compiler cannot drop it as a dead store.
inline void wg_wipe(void *p, size_t n) {
    memset(p, 0, n);
    // Something may read the zeroes here, as far as the compiler can tell.
    __asm__ volatile ("" : : "r" (p) : "memory");
}

// Whether n bytes are equal, in time that depends on n only.
bool wg_equal(const void *a, const void *b, size_t n);

#endif
