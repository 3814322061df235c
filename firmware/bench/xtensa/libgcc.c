// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors

// The few routines of libgcc that 64-bit C asks for, in the windowed ABI, which Debian's compiler
// for the lx106 has no library for.
#include <stdint.h>

typedef union word64 {
    uint64_t all;
    struct { uint32_t low, high; };
} word64_t;

uint64_t __ashldi3(uint64_t value, int n) {
    word64_t v = { value };
    if (n & 32) {
        v.high = v.low;
        v.low = 0;
    }
    n &= 31;
    if (n) {
        v.high = v.high << n | v.low >> (32 - n);
        v.low <<= n;
    }
    return v.all;
}

static inline uint64_t right(uint64_t value, int n, uint32_t fill) {
    word64_t v = { value };
    if (n & 32) {
        v.low = v.high;
        v.high = fill;
    }
    n &= 31;
    if (n) {
        v.low = v.low >> n | v.high << (32 - n);
        v.high = v.high >> n | fill << (32 - n);
    }
    return v.all;
}

uint64_t __lshrdi3(uint64_t value, int n) {
    return right(value, n, 0);
}

int64_t __ashrdi3(int64_t value, int n) {
    return right(value, n, value < 0 ? ~(uint32_t)0 : 0);
}
