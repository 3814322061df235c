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

int64_t __muldi3(int64_t left, int64_t right) {
    word64_t a = { left }, b = { right }, product;
    uint32_t a0 = a.low & 0xffff, a1 = a.low >> 16, b0 = b.low & 0xffff, b1 = b.low >> 16;
    uint32_t p00 = a0 * b0, p01 = a0 * b1, p10 = a1 * b0;
    uint32_t middle = p01 + (p00 >> 16);
    uint32_t carry = p10 + (middle & 0xffff);
    product.low = a.low * b.low;
    product.high = a1 * b1 + (middle >> 16) + (carry >> 16) + a.high * b.low + a.low * b.high;
    return product.all;
}

static uint32_t divide(uint32_t n, uint32_t d, uint32_t *remainder) {
    uint32_t quotient = 0, rest = 0;
    for (int i = 31; i >= 0; i--) {
        rest = rest << 1 | (n >> i & 1);
        if (rest >= d) {
            rest -= d;
            quotient |= 1u << i;
        }
    }
    *remainder = rest;
    return quotient;
}

uint32_t __udivsi3(uint32_t n, uint32_t d) {
    uint32_t remainder;
    return divide(n, d, &remainder);
}

uint32_t __umodsi3(uint32_t n, uint32_t d) {
    uint32_t remainder;
    divide(n, d, &remainder);
    return remainder;
}
