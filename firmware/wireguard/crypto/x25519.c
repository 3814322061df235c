// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors

// X25519 (RFC 7748): Montgomery ladder over GF(2^255 - 19) without carries.
//
// An element is nine limbs in radix 2^29, the top one of 23 bits. The chips
// have neither a carry flag nor (Xtensa) a compare that is not a branch, so a
// 64-bit sum of products costs more than its products. Columns are summed in
// two overlapping 32-bit halves instead, four instructions a product:
//
//     lo = sum of x y            mod 2^32
//     hi = sum of floor(x y / 2^29)          one multiply-high by y << 3
//
// Each floor drops less than 2^29, so with at most eight of them in a column
//
//     sum of x y = 2^29 hi + rest,   rest < 2^32,   rest = lo - (hi << 29),
//
// exactly, and nothing depends on the data but the data. A number added to lo
// whole counts as so many floors as it has multiples of 2^29, or as one when
// its multiples are added to hi.
//
// Bounds: limb 0 is below 2^29 + 2^24, limbs 1 to 7 below 2^29, limb 8 below
// 2^23. Every function takes and gives such limbs; results may be inputs.

#include <string.h>

#include "memory.h"
#include "x25519.h"
#include "x25519_field.h"

#define LIMBS 9
#define BITS 29
#define MASK 0x1fffffffu
#define TOP_BITS 23
#define TOP_MASK 0x7fffffu

typedef uint32_t fe[LIMBS];

#define EACH_LIMB_BUT_TOP(DO) DO(0) DO(1) DO(2) DO(3) DO(4) DO(5) DO(6) DO(7)
#define EACH_LIMB(DO) EACH_LIMB_BUT_TOP(DO) DO(8)

// The compiler must not know that a mask is 0 or -1: gcc 14 turns masked
// swaps into branches on the scalar's bits when it does.
static inline uint32_t opaque(uint32_t x) {
    __asm__ ("" : "+r" (x));
    return x;
}

static inline uint32_t mul_high(uint32_t x, uint32_t y) {
    return (uint32_t)((uint64_t)x * y >> 32);
}

#if WG_X25519_XTENSA

// In x25519_xtensa.S. r of the product may be b, but not a.
void wg_x25519_mul(fe r, const fe a, const fe b);
void wg_x25519_sqr(fe r, const fe a);
#define fe_mul wg_x25519_mul
#define fe_sqr wg_x25519_sqr

#elif WG_X25519_RISCV32

// In x25519_riscv32.S, which keeps s0 alone of the callee-saved registers: the
// ladder saves the others once, not at every product.
#define CHANGED "ra", "t0", "t1", "t2", "t3", "t4", "t5", "t6", "a3", "a4", "a5", "a6", "a7", \
    "s1", "s2", "s3", "s4", "s5", "s6", "s7", "s8", "s9", "s10", "s11", "memory"

static inline void fe_mul(fe r, const fe a, const fe b) {
    register uint32_t *a0 __asm__ ("a0") = r;
    register const uint32_t *a1 __asm__ ("a1") = a;
    register const uint32_t *a2 __asm__ ("a2") = b;
    __asm__ volatile ("call wg_x25519_mul" : "+r" (a0), "+r" (a1), "+r" (a2) : : CHANGED);
}

static inline void fe_sqr(fe r, const fe a) {
    register uint32_t *a0 __asm__ ("a0") = r;
    register const uint32_t *a1 __asm__ ("a1") = a;
    __asm__ volatile ("call wg_x25519_sqr" : "+r" (a0), "+r" (a1) : : "a2", CHANGED);
}

#else

// One product. Limb 0 has no room to be shifted by three bits.
#define MUL(i, j) (lo += a[i] * b[j], hi += mul_high(a[i], b[j] << 3))
#define MUL_BY_0(i) (lo += a[i] * b[0], hi += mul_high(a[i] << 3, b[0]))
#define MUL_0_0 (lo += a[0] * b[0], hi += mul_high(a[0] << 1, b[0] << 2))

// A square, and twice a product, whose lo is left to DOUBLE.
#define SQR(i) (lo += a[i] * a[i], hi += mul_high(a[i] << 2, a[i] << 2) >> 1)
#define TWICE(i, j) (lo += a[i] * a[j], hi += mul_high(a[i] << 2, a[j] << 2))
#define DOUBLE (lo <<= 1)

// A digit of weight 2^261 and above comes back times 2^261 mod p = 64 * 19.
// The three bits above the digit fall out of both halves.
#define FOLD(h) (lo += 1216 * (h), hi += mul_high((h) << 3, 1216))

// The carry into a column counts as one floor, or as many when it is small.
#define START (lo = hi = 0)
#define CARRY_IN (lo += carry, hi += carry >> BITS)
#define SMALL_CARRY_IN (lo += carry)

// The carry out; lo & MASK is the column's digit. RENEW makes room for seven
// more floors.
#define CARRY_OUT (carry = hi + ((lo - (hi << BITS)) >> BITS))
#define RENEW (hi += (lo - (hi << BITS)) >> BITS)

// Both multiplications begin at column 8, so that its carry is folded with
// columns 9 to 16 and only that of column 7 is left to wrap around at 2^255.
#define END_TOP(carry7, carry7_more) \
    do { \
        rest = r8 + (carry7); \
        carry = rest >> TOP_BITS; \
        rest = (rest & TOP_MASK) + (carry7_more); \
        carry += rest >> TOP_BITS; \
        r[0] = r0 + 19 * carry; \
        r[1] = r1, r[2] = r2, r[3] = r3, r[4] = r4, r[5] = r5, r[6] = r6, r[7] = r7; \
        r[8] = rest & TOP_MASK; \
    } while (0)

// r = a b. Column 7 alone has eight products of full limbs, too many for hi,
// and is summed in two parts.
static void fe_mul(fe r, const fe a, const fe b) {
    uint32_t lo, hi, carry, more, rest;
    uint32_t r0, r1, r2, r3, r4, r5, r6, r7, r8;
    uint32_t h9, h10, h11, h12, h13, h14, h15, h16;

    START; MUL(0, 8); MUL_BY_0(8); RENEW; MUL(1, 7); MUL(2, 6); MUL(3, 5); MUL(4, 4); MUL(5, 3);
        MUL(6, 2); MUL(7, 1); CARRY_OUT; r8 = lo & MASK;
    START; CARRY_IN; MUL(1, 8); RENEW; MUL(2, 7); MUL(3, 6); MUL(4, 5); MUL(5, 4); MUL(6, 3);
        MUL(7, 2); MUL(8, 1); CARRY_OUT; h9 = lo;
    START; CARRY_IN; MUL(2, 8); MUL(3, 7); MUL(4, 6); MUL(5, 5); MUL(6, 4); MUL(7, 3); MUL(8, 2);
        CARRY_OUT; h10 = lo;
    START; CARRY_IN; MUL(3, 8); MUL(4, 7); MUL(5, 6); MUL(6, 5); MUL(7, 4); MUL(8, 3); CARRY_OUT;
        h11 = lo;
    START; CARRY_IN; MUL(4, 8); MUL(5, 7); MUL(6, 6); MUL(7, 5); MUL(8, 4); CARRY_OUT; h12 = lo;
    START; SMALL_CARRY_IN; MUL(5, 8); MUL(6, 7); MUL(7, 6); MUL(8, 5); CARRY_OUT; h13 = lo;
    START; SMALL_CARRY_IN; MUL(6, 8); MUL(7, 7); MUL(8, 6); CARRY_OUT; h14 = lo;
    START; SMALL_CARRY_IN; MUL(7, 8); MUL(8, 7); CARRY_OUT; h15 = lo;
    START; SMALL_CARRY_IN; MUL(8, 8); CARRY_OUT; h16 = lo;
    r8 += 1216 * carry;

    START; FOLD(h9); MUL_0_0; CARRY_OUT; r0 = lo & MASK;
    START; SMALL_CARRY_IN; FOLD(h10); MUL(0, 1); MUL_BY_0(1); CARRY_OUT; r1 = lo & MASK;
    START; SMALL_CARRY_IN; FOLD(h11); MUL(0, 2); MUL(1, 1); MUL_BY_0(2); CARRY_OUT; r2 = lo & MASK;
    START; CARRY_IN; FOLD(h12); MUL(0, 3); MUL(1, 2); MUL(2, 1); MUL_BY_0(3); CARRY_OUT;
        r3 = lo & MASK;
    START; CARRY_IN; FOLD(h13); MUL(0, 4); MUL(1, 3); MUL(2, 2); MUL(3, 1); MUL_BY_0(4); CARRY_OUT;
        r4 = lo & MASK;
    START; CARRY_IN; FOLD(h14); MUL(0, 5); MUL(1, 4); MUL(2, 3); MUL(3, 2); MUL(4, 1); MUL_BY_0(5);
        CARRY_OUT; r5 = lo & MASK;
    START; CARRY_IN; FOLD(h15); MUL(0, 6); MUL(1, 5); RENEW; MUL(2, 4); MUL(3, 3); MUL(4, 2);
        MUL(5, 1); MUL_BY_0(6); CARRY_OUT; r6 = lo & MASK;
    START; CARRY_IN; FOLD(h16); MUL(0, 7); MUL(1, 6); MUL(2, 5); MUL(3, 4); CARRY_OUT;
    more = carry; lo &= MASK, hi = 0; MUL(4, 3); MUL(5, 2); MUL(6, 1); MUL_BY_0(7); CARRY_OUT;
        r7 = lo & MASK;
    END_TOP(carry, more);
}

// r = a^2. Twice a product has one floor, so the columns have five at most.
static void fe_sqr(fe r, const fe a) {
    uint32_t lo, hi, carry, more, rest;
    uint32_t r0, r1, r2, r3, r4, r5, r6, r7, r8;
    uint32_t h9, h10, h11, h12, h13, h14, h15, h16;

    START; TWICE(0, 8); TWICE(1, 7); TWICE(2, 6); TWICE(3, 5); DOUBLE; SQR(4); CARRY_OUT;
        r8 = lo & MASK;
    START; TWICE(1, 8); TWICE(2, 7); TWICE(3, 6); TWICE(4, 5); DOUBLE; CARRY_IN; CARRY_OUT;
        h9 = lo;
    START; TWICE(2, 8); TWICE(3, 7); TWICE(4, 6); DOUBLE; SQR(5); CARRY_IN; CARRY_OUT; h10 = lo;
    START; TWICE(3, 8); TWICE(4, 7); TWICE(5, 6); DOUBLE; CARRY_IN; CARRY_OUT; h11 = lo;
    START; TWICE(4, 8); TWICE(5, 7); DOUBLE; SQR(6); SMALL_CARRY_IN; CARRY_OUT; h12 = lo;
    START; TWICE(5, 8); TWICE(6, 7); DOUBLE; SMALL_CARRY_IN; CARRY_OUT; h13 = lo;
    START; TWICE(6, 8); DOUBLE; SQR(7); SMALL_CARRY_IN; CARRY_OUT; h14 = lo;
    START; TWICE(7, 8); DOUBLE; SMALL_CARRY_IN; CARRY_OUT; h15 = lo;
    START; SQR(8); SMALL_CARRY_IN; CARRY_OUT; h16 = lo;
    r8 += 1216 * carry;

    START; SQR(0); FOLD(h9); CARRY_OUT; r0 = lo & MASK;
    START; TWICE(0, 1); DOUBLE; SMALL_CARRY_IN; FOLD(h10); CARRY_OUT; r1 = lo & MASK;
    START; TWICE(0, 2); DOUBLE; SQR(1); SMALL_CARRY_IN; FOLD(h11); CARRY_OUT; r2 = lo & MASK;
    START; TWICE(0, 3); TWICE(1, 2); DOUBLE; SMALL_CARRY_IN; FOLD(h12); CARRY_OUT; r3 = lo & MASK;
    START; TWICE(0, 4); TWICE(1, 3); DOUBLE; SQR(2); CARRY_IN; FOLD(h13); CARRY_OUT;
        r4 = lo & MASK;
    START; TWICE(0, 5); TWICE(1, 4); TWICE(2, 3); DOUBLE; CARRY_IN; FOLD(h14); CARRY_OUT;
        r5 = lo & MASK;
    START; TWICE(0, 6); TWICE(1, 5); TWICE(2, 4); DOUBLE; SQR(3); CARRY_IN; FOLD(h15); CARRY_OUT;
        r6 = lo & MASK;
    START; TWICE(0, 7); TWICE(1, 6); DOUBLE; CARRY_IN; FOLD(h16); CARRY_OUT;
    r7 = lo & MASK, more = carry;
    START; TWICE(2, 5); TWICE(3, 4); DOUBLE; lo += r7; CARRY_OUT; r7 = lo & MASK;
    END_TOP(carry, more);
}

#endif

// sum = a + b and difference = a - b.
static void fe_add_sub(fe sum, fe difference, const fe a, const fe b) {
    // Plus 2 p = 2^256 - 38, so that the difference is not negative.
    int32_t plus = 0, minus = -38, x, y;
#define STEP(i) \
    x = (int32_t)a[i], y = (int32_t)b[i]; \
    plus += x + y, minus += x - y; \
    sum[i] = (uint32_t)plus & MASK, difference[i] = (uint32_t)minus & MASK; \
    plus >>= BITS, minus >>= BITS;
    EACH_LIMB_BUT_TOP(STEP)
#undef STEP
    x = (int32_t)a[8], y = (int32_t)b[8];
    plus += x + y, minus += x - y + (2 << TOP_BITS);
    sum[8] = (uint32_t)plus & TOP_MASK, difference[8] = (uint32_t)minus & TOP_MASK;
    sum[0] += 19 * ((uint32_t)plus >> TOP_BITS);
    difference[0] += 19 * ((uint32_t)minus >> TOP_BITS);
}

// difference = a - b and sum = a + 121665 (a - b), the last sums of a doubling.
// sum may be a, difference b. What wraps around in the difference is still
// missing from the multiple when its limbs are made, and follows at the end.
static void fe_sub_add_multiple(fe sum, fe difference, const fe a, const fe b) {
    const uint32_t k = 121665;
    int32_t minus = -38;
    uint32_t plus = 0, limb, high;
#define STEP(i) \
    minus += (int32_t)a[i] - (int32_t)b[i]; \
    limb = (uint32_t)minus & MASK; \
    minus >>= BITS; \
    high = mul_high(k << 3, limb); \
    plus += a[i] + (k * limb & MASK); \
    difference[i] = limb, sum[i] = plus & MASK; \
    plus = (plus >> BITS) + high;
    EACH_LIMB_BUT_TOP(STEP)
#undef STEP
    minus += (int32_t)a[8] - (int32_t)b[8] + (2 << TOP_BITS);
    limb = (uint32_t)minus & TOP_MASK;
    plus += a[8];
    high = (plus >> TOP_BITS) + mul_high(k << (32 - TOP_BITS), limb);
    plus = (plus & TOP_MASK) + (k * limb & TOP_MASK);
    high += plus >> TOP_BITS;
    uint32_t wrapped = 19 * ((uint32_t)minus >> TOP_BITS);
    difference[8] = limb, sum[8] = plus & TOP_MASK;
    difference[0] += wrapped;
    sum[0] += 19 * high + k * wrapped;
}

// r = 9 r.
static void fe_times_9(fe r) {
    uint32_t carry = 0, limb;
#define STEP(i) \
    limb = r[i]; \
    carry += 8 * limb & MASK; \
    carry += limb; \
    r[i] = carry & MASK; \
    carry = (carry >> BITS) + (limb >> (BITS - 3));
    EACH_LIMB_BUT_TOP(STEP)
#undef STEP
    carry += 9 * r[8];
    r[8] = carry & TOP_MASK;
    r[0] += 19 * (carry >> TOP_BITS);
}

// a = b where mask is all ones.
static void fe_select(fe a, const fe b, uint32_t mask) {
#define STEP(i) a[i] ^= (a[i] ^ b[i]) & mask;
    EACH_LIMB(STEP)
#undef STEP
}

static void fe_unpack(fe r, const uint8_t in[32]) {
    for (unsigned i = 0, bit = 0; i < LIMBS; i++, bit += BITS) {
        uint64_t word = 0;
        for (unsigned byte = 0; byte < 5 && bit / 8 + byte < 32; byte++) {
            word |= (uint64_t)in[bit / 8 + byte] << 8 * byte;
        }
        r[i] = (uint32_t)(word >> bit % 8) & (i < LIMBS - 1 ? MASK : TOP_MASK);
    }
}

// The one representative below p.
static void fe_pack(uint8_t out[32], const fe a) {
    // a is below 2 p: it is p or more when a + 19 reaches 2^255, and a + 19
    // without that bit is then a - p.
    uint32_t carry = 19;
    for (unsigned i = 0; i < LIMBS - 1; i++) {
        carry = (a[i] + carry) >> BITS;
    }
    carry = 19 * ((a[LIMBS - 1] + carry) >> TOP_BITS);
    uint64_t word = 0;
    unsigned bits = 0;
    for (unsigned i = 0; i < LIMBS; i++) {
        carry += a[i];
        word |= (uint64_t)(carry & (i < LIMBS - 1 ? MASK : TOP_MASK)) << bits;
        carry >>= BITS;
        for (bits += i < LIMBS - 1 ? BITS : TOP_BITS + 1; bits >= 8; bits -= 8) {
            *out++ = (uint8_t)word;
            word >>= 8;
        }
    }
}

// Everything secret of one multiplication, in one place to be wiped.
typedef struct ladder {
    uint8_t scalar[32];
    fe x1, x2, z2, x3, z3, a, b, c, d;
} ladder_t;

// One step of RFC 7748 section 5. (x2:z2), or (x3:z3) where mask is all ones,
// doubles into (x2:z2); their sum goes to (x3:z3). Which of the two is doubled
// makes no difference to the sum, so nothing is ever swapped.
static void ladder_step(ladder_t *s, uint32_t mask, bool base) {
    fe_add_sub(s->a, s->b, s->x2, s->z2);
    fe_add_sub(s->c, s->d, s->x3, s->z3);
    fe_mul(s->x3, s->d, s->a);
    fe_mul(s->z3, s->c, s->b);
    fe_select(s->a, s->c, mask);
    fe_select(s->b, s->d, mask);
    fe_add_sub(s->x3, s->z3, s->x3, s->z3);
    fe_sqr(s->x3, s->x3);
    fe_sqr(s->z3, s->z3);
    if (base) {
        fe_times_9(s->z3);
    } else {
        fe_mul(s->z3, s->x1, s->z3);
    }
    fe_sqr(s->a, s->a);
    fe_sqr(s->b, s->b);
    fe_mul(s->x2, s->a, s->b);
    fe_sub_add_multiple(s->a, s->b, s->a, s->b);
    fe_mul(s->z2, s->a, s->b);
}

static void fe_sqr_times(fe r, const fe a, unsigned n) {
    fe_sqr(r, a);
    while (--n) {
        fe_sqr(r, r);
    }
}

// z2 = z2^(p - 2) = 1 / z2, and 0 for 0: 254 squarings and 11 multiplications.
static void invert_z2(ladder_t *s) {
    fe_sqr(s->a, s->z2);                // z^2
    fe_sqr_times(s->b, s->a, 2);
    fe_mul(s->b, s->z2, s->b);          // z^9
    fe_mul(s->a, s->b, s->a);           // z^11
    fe_sqr(s->c, s->a);
    fe_mul(s->b, s->c, s->b);           // z^(2^5 - 1)
    fe_sqr_times(s->c, s->b, 5);
    fe_mul(s->b, s->c, s->b);           // z^(2^10 - 1)
    fe_sqr_times(s->c, s->b, 10);
    fe_mul(s->c, s->b, s->c);           // z^(2^20 - 1)
    fe_sqr_times(s->d, s->c, 20);
    fe_mul(s->c, s->d, s->c);           // z^(2^40 - 1)
    fe_sqr_times(s->c, s->c, 10);
    fe_mul(s->b, s->c, s->b);           // z^(2^50 - 1)
    fe_sqr_times(s->c, s->b, 50);
    fe_mul(s->c, s->b, s->c);           // z^(2^100 - 1)
    fe_sqr_times(s->d, s->c, 100);
    fe_mul(s->c, s->d, s->c);           // z^(2^200 - 1)
    fe_sqr_times(s->c, s->c, 50);
    fe_mul(s->b, s->c, s->b);           // z^(2^250 - 1)
    fe_sqr_times(s->b, s->b, 5);
    fe_mul(s->z2, s->b, s->a);          // z^(2^255 - 21)
}

static void ladder(uint8_t out[32], const uint8_t scalar[32], const uint8_t point[32], bool base) {
    ladder_t s;
    memset(&s, 0, sizeof(s));
    memcpy(s.scalar, scalar, 32);
    s.scalar[0] &= 248;
    s.scalar[31] = (s.scalar[31] & 127) | 64;
    fe_unpack(s.x1, point);
    memcpy(s.x3, s.x1, sizeof(fe));
    s.x2[0] = 1;
    s.z3[0] = 1;

    uint32_t last = 0;
    for (unsigned i = 255; i-- > 0;) {
        uint32_t bit = (s.scalar[i / 8] >> i % 8) & 1;
        ladder_step(&s, opaque(0 - (bit ^ last)), base);
        last = bit;
    }
    // The lowest bit is clamped to 0, so (x2:z2) is the product.

    invert_z2(&s);
    fe_mul(s.x2, s.z2, s.x2);
    fe_pack(out, s.x2);
    wg_wipe(&s, sizeof(s));
}

bool wg_x25519(uint8_t out[32], const uint8_t scalar[32], const uint8_t point[32]) {
    ladder(out, scalar, point, false);
    uint32_t any = 0;
    for (unsigned i = 0; i < 32; i++) {
        any |= out[i];
    }
    return any != 0;
}

void wg_x25519_base(uint8_t out[32], const uint8_t scalar[32]) {
    static const uint8_t nine[32] = {9};
    ladder(out, scalar, nine, true);
}
