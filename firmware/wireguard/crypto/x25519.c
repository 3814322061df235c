// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors

// X25519 (RFC 7748): Montgomery ladder over GF(2^255 - 19), in portable C.
//
// An element is ten signed limbs in radix 2^25.5: limb i weighs
// 2^ceil(25.5 i), so even limbs hold 26 bits and odd ones 25. Products of
// sums and differences of two carried elements stay below 2^59 per column,
// so 64-bit sums never overflow and no step needs a carry flag or a compare.

#include <string.h>

#include "memory.h"
#include "x25519.h"

#define LIMBS 10

typedef int32_t fe[LIMBS];

// The compiler must not know that a mask is 0 or -1: gcc 14 turns masked
// swaps into branches on the scalar's bits when it does.
static inline uint32_t opaque(uint32_t x) {
    __asm__ ("" : "+r" (x));
    return x;
}

static inline unsigned limb_bits(unsigned i) {
    return 26 - (i & 1);
}

// r = t mod p with limbs carried to 25 or 26 bits and a sign.
static void fe_carry(fe r, int64_t t[LIMBS]) {
    // The second lap takes what wrapped around into limb 0.
    for (unsigned lap = 0; lap < 2; lap++) {
        for (unsigned i = 0; i < LIMBS; i++) {
            unsigned bits = limb_bits(i);
            int64_t carry = (t[i] + ((int64_t)1 << (bits - 1))) >> bits;
            t[i] -= carry * ((int64_t)1 << bits);
            t[(i + 1) % LIMBS] += i == LIMBS - 1 ? carry * 19 : carry;
        }
    }
    for (unsigned i = 0; i < LIMBS; i++) {
        r[i] = (int32_t)t[i];
    }
}

static void fe_add(fe r, const fe a, const fe b) {
    for (unsigned i = 0; i < LIMBS; i++) {
        r[i] = a[i] + b[i];
    }
}

static void fe_sub(fe r, const fe a, const fe b) {
    for (unsigned i = 0; i < LIMBS; i++) {
        r[i] = a[i] - b[i];
    }
}

static void fe_mul(fe r, const fe a, const fe b) {
    int64_t t[LIMBS] = {0};
    for (unsigned i = 0; i < LIMBS; i++) {
        // Two odd limbs weigh one bit more than their column; columns past
        // the tenth come back times 19.
        for (unsigned j = 0; j < LIMBS - i; j++) {
            t[i + j] += (int64_t)a[i] * (b[j] * (int32_t)(1 + (i & j & 1)));
        }
        for (unsigned j = LIMBS - i; j < LIMBS; j++) {
            t[i + j - LIMBS] += (int64_t)a[i] * 19 * (b[j] * (int32_t)(1 + (i & j & 1)));
        }
    }
    fe_carry(r, t);
}

static void fe_sqr(fe r, const fe a) {
    fe_mul(r, a, a);
}

static void fe_mul_small(fe r, const fe a, int32_t k) {
    int64_t t[LIMBS];
    for (unsigned i = 0; i < LIMBS; i++) {
        t[i] = (int64_t)a[i] * k;
    }
    fe_carry(r, t);
}

static void fe_swap(fe a, fe b, uint32_t mask) {
    for (unsigned i = 0; i < LIMBS; i++) {
        uint32_t x = ((uint32_t)a[i] ^ (uint32_t)b[i]) & mask;
        a[i] = (int32_t)((uint32_t)a[i] ^ x);
        b[i] = (int32_t)((uint32_t)b[i] ^ x);
    }
}

static void fe_sqr_times(fe r, const fe a, unsigned n) {
    fe_sqr(r, a);
    while (--n) {
        fe_sqr(r, r);
    }
}

// r = a^(p - 2) = 1/a, and 0 for 0. 254 squarings and 11 multiplications.
static void fe_invert(fe r, const fe a) {
    fe a2, a11, x, y;
    fe_sqr(a2, a);
    fe_sqr_times(x, a2, 2);
    fe_mul(x, x, a);            // a^9
    fe_mul(a11, x, a2);         // a^11
    fe_sqr(y, a11);
    fe_mul(x, x, y);            // a^(2^5 - 1)
    fe_sqr_times(y, x, 5);
    fe_mul(x, x, y);            // a^(2^10 - 1)
    fe_sqr_times(y, x, 10);
    fe_mul(y, y, x);            // a^(2^20 - 1)
    fe_sqr_times(a2, y, 20);
    fe_mul(y, y, a2);           // a^(2^40 - 1)
    fe_sqr_times(y, y, 10);
    fe_mul(x, x, y);            // a^(2^50 - 1)
    fe_sqr_times(y, x, 50);
    fe_mul(y, y, x);            // a^(2^100 - 1)
    fe_sqr_times(a2, y, 100);
    fe_mul(y, y, a2);           // a^(2^200 - 1)
    fe_sqr_times(y, y, 50);
    fe_mul(x, x, y);            // a^(2^250 - 1)
    fe_sqr_times(x, x, 5);
    fe_mul(r, x, a11);          // a^(2^255 - 21)
}

static void fe_unpack(fe r, const uint8_t in[32]) {
    unsigned bit = 0;
    for (unsigned i = 0; i < LIMBS; i++) {
        uint64_t word = 0;
        for (unsigned byte = bit / 8; byte < 32 && byte < bit / 8 + 5; byte++) {
            word |= (uint64_t)in[byte] << 8 * (byte - bit / 8);
        }
        r[i] = (int32_t)((word >> bit % 8) & ((1u << limb_bits(i)) - 1));
        bit += limb_bits(i);
    }
}

// The one representative below p. Limbs must be carried.
static void fe_pack(uint8_t out[32], const fe a) {
    // Carried limbs stand for a value in (-p, 2p); q is floor(value / p),
    // found by carrying value + 19 past bit 255. Adding 19 q and dropping
    // that bit subtracts q p.
    int32_t q = (19 * a[9] + (1 << 24)) >> 25;
    for (unsigned i = 0; i < LIMBS; i++) {
        q = (a[i] + q) >> limb_bits(i);
    }
    int32_t carry = 19 * q;
    memset(out, 0, 32);
    unsigned bit = 0;
    for (unsigned i = 0; i < LIMBS; i++) {
        carry += a[i];
        uint64_t word = (uint64_t)((uint32_t)carry & ((1u << limb_bits(i)) - 1)) << bit % 8;
        for (unsigned byte = bit / 8; byte <= (bit + limb_bits(i) - 1) / 8; byte++) {
            out[byte] |= (uint8_t)word;
            word >>= 8;
        }
        bit += limb_bits(i);
        carry >>= limb_bits(i);
    }
}

// The ladder's state, in one place so that one call wipes it.
typedef struct ladder {
    uint8_t k[32];
    fe x1, x2, z2, x3, z3, a, b, c, d;
} ladder_t;

// One step of RFC 7748 section 5: (x2:z2) doubles, (x3:z3) becomes their sum.
static void ladder_step(ladder_t *s) {
    fe_add(s->a, s->x2, s->z2);
    fe_sub(s->b, s->x2, s->z2);
    fe_add(s->c, s->x3, s->z3);
    fe_sub(s->d, s->x3, s->z3);
    fe_mul(s->d, s->d, s->a);
    fe_mul(s->c, s->c, s->b);
    fe_add(s->x3, s->d, s->c);
    fe_sub(s->z3, s->d, s->c);
    fe_sqr(s->x3, s->x3);
    fe_sqr(s->z3, s->z3);
    fe_mul(s->z3, s->z3, s->x1);
    fe_sqr(s->a, s->a);
    fe_sqr(s->b, s->b);
    fe_mul(s->x2, s->a, s->b);
    fe_sub(s->b, s->a, s->b);
    fe_mul_small(s->c, s->b, 121665);
    fe_add(s->a, s->a, s->c);
    fe_mul(s->z2, s->a, s->b);
}

bool wg_x25519(uint8_t out[32], const uint8_t scalar[32], const uint8_t point[32]) {
    ladder_t s;
    memset(&s, 0, sizeof(s));
    memcpy(s.k, scalar, 32);
    s.k[0] &= 248;
    s.k[31] = (s.k[31] & 127) | 64;
    fe_unpack(s.x1, point);
    memcpy(s.x3, s.x1, sizeof(fe));
    s.x2[0] = 1;
    s.z3[0] = 1;

    // Swaps are merged: each step undoes the last one's and does its own.
    uint32_t swapped = 0;
    for (unsigned i = 255; i-- > 0;) {
        uint32_t bit = (s.k[i / 8] >> i % 8) & 1;
        uint32_t mask = opaque(0 - (bit ^ swapped));
        fe_swap(s.x2, s.x3, mask);
        fe_swap(s.z2, s.z3, mask);
        ladder_step(&s);
        swapped = bit;
    }
    // The scalar's lowest bit is clamped to 0, so nothing is left swapped.

    fe_invert(s.z2, s.z2);
    fe_mul(s.x2, s.x2, s.z2);
    fe_pack(out, s.x2);
    wg_wipe(&s, sizeof(s));

    uint32_t any = 0;
    for (unsigned i = 0; i < 32; i++) {
        any |= out[i];
    }
    return any != 0;
}

void wg_x25519_base(uint8_t out[32], const uint8_t scalar[32]) {
    static const uint8_t nine[32] = {9};
    wg_x25519(out, scalar, nine);
}
