// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors

// Multiplication and squaring of X25519's field elements for Xtensa with
// register windows: the column sums of x25519.c, see there for limbs, floors,
// carries and bounds. No branch and no loop: nothing depends on the data.

#include "x25519_field.h"

#if WG_X25519_XTENSA

    .text

// hi = the carry out of the column lo, hi, or the column renewed: room for
// seven more floors. The digit stays in lo.
    .macro  carry_out lo, hi, scratch=a0
    slli    \scratch, \hi, 29
    sub     \scratch, \lo, \scratch
    extui   \scratch, \scratch, 29, 3
    add     \hi, \hi, \scratch
    .endm

// A carry into lo, hi that counts as one floor; it is used up.
    .macro  carry_in lo, hi, carry
    add     \lo, \lo, \carry
    extui   \carry, \carry, 29, 3
    add     \hi, \hi, \carry
    .endm

// *(to + offset) = the digit in lo.
    .macro  digit lo, to, offset
    slli    \lo, \lo, 3
    srli    \lo, \lo, 3
    s32i    \lo, \to, \offset
    .endm

// ---------------------------------------------------------------------------
// void wg_x25519_mul(fe r, const fe a, const fe b), where r may be b, not a.
//
// Two columns k and k + 1 are summed at a time, so that each limb of a that
// is loaded, and shifted by three bits for hi, serves two products.
//
//   a0                scratch; the return address is on the stack meanwhile
//   a3                a
//   a2, a4, a11-a15   limbs of b: seven, the most that two columns need twice
//   a5-a8             the columns: lo0 hi0 lo1 hi1, in an order that turns so
//                     that the carry of a pair, in its hi1, is the next's lo0
//   a9, a10           a limb of a, and shifted

#define PAIR_0 a5, a6, a7, a8
#define PAIR_1 a8, a5, a6, a7
#define PAIR_2 a7, a8, a5, a6
#define PAIR_3 a6, a7, a8, a5

// The frame. Columns 8 to 16 are kept with the bits above their digits.
#define KEPT(k) (4 * ((k) - 8))
#define MORE 36                     // the first half of column 7's carry
#define SAVE_R 40
#define SAVE_B 44
#define SAVE_A0 48
#define MUL_FRAME 96                // the upper 32 bytes belong to the windows

    .macro  load i
    l32i    a9, a3, 4 * \i
    slli    a10, a9, 3
    .endm

// Column k += a_i x and column k + 1 += a_i y.
    .macro  add2 lo0, hi0, lo1, hi1, i, x, y
    load    \i
    mull    a0, a9, \x
    mull    a9, a9, \y
    add     \lo0, \lo0, a0
    muluh   a0, a10, \x
    add     \lo1, \lo1, a9
    muluh   a10, a10, \y
    add     \hi0, \hi0, a0
    add     \hi1, \hi1, a10
    .endm

// The same where both columns are empty yet, ...
    .macro  set2 lo0, hi0, lo1, hi1, i, x, y
    load    \i
    mull    \lo0, a9, \x
    mull    \lo1, a9, \y
    muluh   \hi0, a10, \x
    muluh   \hi1, a10, \y
    .endm

// ... where lo0 is a carry that counts as one floor, ...
    .macro  next2 lo0, hi0, lo1, hi1, i, x, y
    load    \i
    extui   \hi0, \lo0, 29, 3
    mull    a0, a9, \x
    muluh   \hi1, a10, \x
    add     \lo0, \lo0, a0
    mull    \lo1, a9, \y
    add     \hi0, \hi0, \hi1
    muluh   \hi1, a10, \y
    .endm

// ... or as many as it has multiples of 2^29.
    .macro  next2_small lo0, hi0, lo1, hi1, i, x, y
    load    \i
    mull    a0, a9, \x
    muluh   \hi0, a10, \x
    mull    \lo1, a9, \y
    add     \lo0, \lo0, a0
    muluh   \hi1, a10, \y
    .endm

// One column += a_i x, with a_i loaded.
    .macro  add1 lo, hi, x
    mull    a0, a9, \x
    muluh   a10, a10, \x
    add     \lo, \lo, a0
    add     \hi, \hi, a10
    .endm

// One column += a_0 x, with a_0 in a9. Limb 0 has no room to be shifted, so x
// is. x may be a10.
    .macro  add1_by_0 lo, hi, x
    mull    a0, a9, \x
    slli    a10, \x, 3
    muluh   a10, a9, a10
    add     \lo, \lo, a0
    add     \hi, \hi, a10
    .endm

    .macro  first_done lo0, hi0, lo1, hi1
    carry_out \lo0, \hi0
    carry_in \lo1, \hi1, \hi0
    .endm

    .macro  first_done_small lo0, hi0, lo1, hi1
    carry_out \lo0, \hi0
    add     \lo1, \lo1, \hi0
    .endm

    .macro  keep2 lo0, hi0, lo1, hi1, slot
    carry_out \lo1, \hi1
    s32i    \lo0, a1, \slot
    s32i    \lo1, a1, \slot + 4
    .endm

    .macro  store2 lo0, hi0, lo1, hi1, offset
    carry_out \lo1, \hi1
    l32i    a0, a1, SAVE_R
    digit   \lo0, a0, \offset
    digit   \lo1, a0, \offset + 4
    .endm

// Columns k and k + 1 start with 1216 times columns k + 9 and k + 10. The bits
// above the digits fall out of both halves.
    .macro  fold lo, hi, slot, factor=a0
    l32i    a9, a1, \slot
    slli    a10, a9, 3
    mull    \lo, a9, \factor
    muluh   \hi, a10, \factor
    .endm

    .macro  fold2 lo0, hi0, lo1, hi1, slot
    movi    a0, 1216
    fold    a9, a10, \slot
    extui   \hi0, \lo0, 29, 3
    add     \lo0, \lo0, a9
    add     \hi0, \hi0, a10
    fold    \lo1, \hi1, \slot + 4
    .endm

    .macro  fold2_small lo0, hi0, lo1, hi1, slot
    movi    a0, 1216
    fold    a9, \hi0, \slot
    add     \lo0, \lo0, a9
    fold    \lo1, \hi1, \slot + 4
    .endm

// Column k += a_0 x and column k + 1 += a_0 y. y may be a10.
    .macro  add2_by_0 lo0, hi0, lo1, hi1, x, y
    l32i    a9, a3, 0
    add1_by_0 \lo1, \hi1, \y
    add1_by_0 \lo0, \hi0, \x
    .endm

// Column k + 1 += a_i b_0, the last of both.
    .macro  last lo0, hi0, lo1, hi1, i
    load    \i
    add1    \lo1, \hi1, a11
    .endm

    .align  4
    .global wg_x25519_mul
    .type   wg_x25519_mul, @function
wg_x25519_mul:
    entry   a1, MUL_FRAME
    s32i    a0, a1, SAVE_A0
    s32i    a2, a1, SAVE_R
    s32i    a4, a1, SAVE_B

    // Columns 8 and 9, while b_2 to b_8 move into a11 to a15, a2 and a4.
    l32i    a2, a4, 0
    l32i    a15, a4, 4
    set2    PAIR_0, 8, a2, a15
    l32i    a11, a4, 8
    add2    PAIR_0, 7, a15, a11
    l32i    a12, a4, 12
    add2    PAIR_0, 6, a11, a12
    l32i    a13, a4, 16
    add2    PAIR_0, 5, a12, a13
    l32i    a14, a4, 20
    add2    PAIR_0, 4, a13, a14
    l32i    a15, a4, 24
    add2    PAIR_0, 3, a14, a15
    l32i    a2, a4, 28
    add2    PAIR_0, 2, a15, a2
    l32i    a4, a4, 32
    add2    PAIR_0, 1, a2, a4
    carry_out a5, a6                // both have eight floors and one to come
    carry_out a7, a8
    l32i    a9, a3, 0
    add1_by_0 a5, a6, a4
    first_done PAIR_0
    keep2   PAIR_0, KEPT(8)

    // Columns 10 and 11.
    next2   PAIR_1, 8, a11, a12
    add2    PAIR_1, 7, a12, a13
    add2    PAIR_1, 6, a13, a14
    add2    PAIR_1, 5, a14, a15
    add2    PAIR_1, 4, a15, a2
    add2    PAIR_1, 3, a2, a4
    load    2
    add1    a8, a5, a4
    first_done PAIR_1
    keep2   PAIR_1, KEPT(10)

    // Columns 12 and 13.
    next2   PAIR_2, 8, a13, a14
    add2    PAIR_2, 7, a14, a15
    add2    PAIR_2, 6, a15, a2
    add2    PAIR_2, 5, a2, a4
    load    4
    add1    a7, a8, a4
    first_done_small PAIR_2
    keep2   PAIR_2, KEPT(12)

    // Columns 14 and 15.
    next2_small PAIR_3, 8, a15, a2
    add2    PAIR_3, 7, a2, a4
    load    6
    add1    a6, a7, a4
    first_done_small PAIR_3
    keep2   PAIR_3, KEPT(14)

    // Column 16, whose carry of 17 bits is column 17 and goes into column 8.
    load    8
    mull    a0, a9, a4
    muluh   a6, a10, a4
    add     a5, a5, a0
    carry_out a5, a6
    s32i    a5, a1, KEPT(16)
    movi    a0, 1216
    mull    a6, a6, a0
    l32i    a9, a1, KEPT(8)
    slli    a9, a9, 3
    srli    a9, a9, 3
    add     a9, a9, a6
    s32i    a9, a1, KEPT(8)

    // Columns 0 and 1, while b_0 to b_6 move into a11 to a15, a2 and a4.
    l32i    a4, a1, SAVE_B
    l32i    a11, a4, 0
    l32i    a12, a4, 4
    movi    a0, 1216
    fold    a5, a6, KEPT(9)
    fold    a7, a8, KEPT(10)
    l32i    a9, a3, 0
    add1_by_0 a7, a8, a12
    mull    a0, a9, a11             // neither limb 0 may be shifted by three
    add     a5, a5, a0
    slli    a9, a9, 1
    slli    a10, a11, 2
    muluh   a10, a9, a10
    add     a6, a6, a10
    last    PAIR_0, 1
    first_done_small PAIR_0
    store2  PAIR_0, 0

    // Columns 2 and 3.
    l32i    a13, a4, 8
    l32i    a14, a4, 12
    fold2_small PAIR_1, KEPT(11)
    add2_by_0 PAIR_1, a13, a14
    add2    PAIR_1, 1, a12, a13
    add2    PAIR_1, 2, a11, a12
    last    PAIR_1, 3
    first_done PAIR_1
    store2  PAIR_1, 8

    // Columns 4 and 5.
    l32i    a15, a4, 16
    l32i    a2, a4, 20
    fold2   PAIR_2, KEPT(13)
    add2_by_0 PAIR_2, a15, a2
    add2    PAIR_2, 1, a14, a15
    add2    PAIR_2, 2, a13, a14
    add2    PAIR_2, 3, a12, a13
    add2    PAIR_2, 4, a11, a12
    last    PAIR_2, 5
    first_done PAIR_2
    store2  PAIR_2, 16

    // Columns 6 and 7. Column 7's hi would overflow: it is summed in halves.
    fold2   PAIR_3, KEPT(15)
    l32i    a10, a4, 28
    l32i    a4, a4, 24
    add2_by_0 PAIR_3, a4, a10
    add2    PAIR_3, 1, a2, a4
    add2    PAIR_3, 2, a15, a2
    add2    PAIR_3, 3, a14, a15
    carry_out a6, a7
    carry_out a8, a5
    s32i    a5, a1, MORE
    movi    a5, 0
    add2    PAIR_3, 4, a13, a14
    add2    PAIR_3, 5, a12, a13
    add2    PAIR_3, 6, a11, a12
    last    PAIR_3, 7
    first_done PAIR_3
    l32i    a4, a1, MORE
    add     a0, a5, a4
    slli    a0, a0, 29
    sub     a0, a8, a0
    extui   a0, a0, 29, 3
    add     a5, a5, a0
    l32i    a2, a1, SAVE_R
    digit   a6, a2, 24
    digit   a8, a2, 28

    // Limb 8, and what it has above 2^255, times 19, into limb 0.
    .macro  store_top kept, carry, more, to, scratch
    add     \kept, \kept, \carry
    extui   \carry, \kept, 23, 9
    slli    \kept, \kept, 9
    srli    \kept, \kept, 9
    add     \kept, \kept, \more
    extui   \more, \kept, 23, 9
    slli    \kept, \kept, 9
    srli    \kept, \kept, 9
    s32i    \kept, \to, 32
    add     \carry, \carry, \more
    movi    \more, 19
    mull    \carry, \carry, \more
    l32i    \scratch, \to, 0
    add     \scratch, \scratch, \carry
    s32i    \scratch, \to, 0
    .endm

    l32i    a9, a1, KEPT(8)
    store_top a9, a5, a4, a2, a10
    l32i    a0, a1, SAVE_A0
    retw
    .size   wg_x25519_mul, . - wg_x25519_mul

// ---------------------------------------------------------------------------
// void wg_x25519_sqr(fe r, const fe a), where r may be a.
//
// All limbs stay in registers and every column is summed twice: first lo of
// all columns, then, with the limbs shifted by two bits in place, their hi,
// where the four bits of two limbs make the three of hi and the factor 2.
//
//   a2            r
//   a3, a14       scratch
//   a4-a12        limbs
//   a13           sum
//   a15           carry

#define LO(k) (4 * (k))             // columns 9 to 16 keep theirs for the fold
#define SQR_FRAME 112

    .macro  sum op, x, y, rest:vararg
    \op     a13, \x, \y
    .ifnb   \rest
    sum_more \op, \rest
    .endif
    .endm

    .macro  sum_more op, x, y, z=, u=, rest:vararg
    \op     a3, \x, \y
    .ifnb   \z
    \op     a14, \z, \u
    .endif
    add     a13, a13, a3
    .ifnb   \z
    add     a13, a13, a14
    .endif
    .ifnb   \rest
    sum_more \op, \rest
    .endif
    .endm

    .macro  lo_twice k, pairs:vararg
    sum     mull, \pairs
    add     a13, a13, a13
    s32i    a13, a1, LO(\k)
    .endm

    .macro  lo_square k, x, pairs:vararg
    mull    a15, \x, \x
    sum     mull, \pairs
    addx2   a13, a13, a15
    s32i    a13, a1, LO(\k)
    .endm

    .macro  hi_twice k, pairs:vararg
    sum     muluh, \pairs
    l32i    a14, a1, LO(\k)
    .endm

    .macro  hi_square k, x, pairs:vararg
    sum     muluh, \pairs
    muluh   a3, \x, \x
    l32i    a14, a1, LO(\k)
    srli    a3, a3, 1
    add     a13, a13, a3
    .endm

// The last column's carry, in a15, into this one, whose lo is in a14 and hi in
// a13: as one floor, or as many.
    .macro  carry
    carry_in a14, a13, a15
    .endm

    .macro  carry_small
    add     a14, a14, a15
    .endm

// This column's carry, to a15.
    .macro  carry_to
    slli    a3, a13, 29
    sub     a3, a14, a3
    extui   a3, a3, 29, 3
    add     a15, a13, a3
    .endm

    .macro  keep k
    s32i    a14, a1, LO(\k)
    carry_to
    .endm

// 1216, in a12, times column k.
    .macro  fold_in k
    l32i    a3, a1, LO(\k)
    slli    a15, a3, 3
    mull    a3, a3, a12
    muluh   a15, a15, a12
    add     a14, a14, a3
    add     a13, a13, a15
    .endm

    .macro  store k
    carry_to
    digit   a14, a2, 4 * \k
    .endm

    .align  4
    .global wg_x25519_sqr
    .type   wg_x25519_sqr, @function
wg_x25519_sqr:
    entry   a1, SQR_FRAME

    l32i    a4, a3, 0
    l32i    a5, a3, 4
    l32i    a6, a3, 8
    l32i    a7, a3, 12
    l32i    a8, a3, 16
    l32i    a9, a3, 20
    l32i    a10, a3, 24
    l32i    a11, a3, 28
    l32i    a12, a3, 32

    mull    a13, a4, a4
    s32i    a13, a1, LO(0)
    lo_twice 1, a4, a5
    lo_square 2, a5, a4, a6
    lo_twice 3, a4, a7, a5, a6
    lo_square 4, a6, a4, a8, a5, a7
    lo_twice 5, a4, a9, a5, a8, a6, a7
    lo_square 6, a7, a4, a10, a5, a9, a6, a8
    lo_twice 7, a4, a11, a5, a10, a6, a9, a7, a8
    lo_square 8, a8, a4, a12, a5, a11, a6, a10, a7, a9
    lo_twice 9, a5, a12, a6, a11, a7, a10, a8, a9
    lo_square 10, a9, a6, a12, a7, a11, a8, a10
    lo_twice 11, a7, a12, a8, a11, a9, a10
    lo_square 12, a10, a8, a12, a9, a11
    lo_twice 13, a9, a12, a10, a11
    lo_square 14, a11, a10, a12
    lo_twice 15, a11, a12
    mull    a13, a12, a12
    s32i    a13, a1, LO(16)

    slli    a4, a4, 2
    slli    a5, a5, 2
    slli    a6, a6, 2
    slli    a7, a7, 2
    slli    a8, a8, 2
    slli    a9, a9, 2
    slli    a10, a10, 2
    slli    a11, a11, 2
    slli    a12, a12, 2

    hi_square 8, a8, a4, a12, a5, a11, a6, a10, a7, a9
    keep    8
    hi_twice 9, a5, a12, a6, a11, a7, a10, a8, a9
    carry
    keep    9
    hi_square 10, a9, a6, a12, a7, a11, a8, a10
    carry
    keep    10
    hi_twice 11, a7, a12, a8, a11, a9, a10
    carry
    keep    11
    hi_square 12, a10, a8, a12, a9, a11
    carry_small
    keep    12
    hi_twice 13, a9, a12, a10, a11
    carry_small
    keep    13
    hi_square 14, a11, a10, a12
    carry_small
    keep    14
    hi_twice 15, a11, a12
    carry_small
    keep    15
    muluh   a13, a12, a12
    l32i    a14, a1, LO(16)
    srli    a13, a13, 1
    carry_small
    keep    16
    l32i    a13, a1, LO(8)
    movi    a12, 1216
    slli    a13, a13, 3
    srli    a13, a13, 3
    mull    a15, a15, a12
    add     a13, a13, a15
    s32i    a13, a1, LO(8)

    muluh   a13, a4, a4
    l32i    a14, a1, LO(0)
    srli    a13, a13, 1
    fold_in 9
    store   0
    hi_twice 1, a4, a5
    carry_small
    fold_in 10
    store   1
    hi_square 2, a5, a4, a6
    carry_small
    fold_in 11
    store   2
    hi_twice 3, a4, a7, a5, a6
    carry_small
    fold_in 12
    store   3
    hi_square 4, a6, a4, a8, a5, a7
    carry
    fold_in 13
    store   4
    hi_twice 5, a4, a9, a5, a8, a6, a7
    carry
    fold_in 14
    store   5
    hi_square 6, a7, a4, a10, a5, a9, a6, a8
    carry
    fold_in 15
    store   6

    // Column 7's hi would overflow: it is summed in halves, a13 and a12.
    hi_twice 7, a4, a11, a5, a10
    carry
    fold_in 16
    muluh   a12, a6, a9
    muluh   a3, a7, a8
    add     a12, a12, a3
    add     a3, a12, a13
    slli    a3, a3, 29
    sub     a3, a14, a3
    extui   a3, a3, 29, 3
    add     a13, a13, a3
    digit   a14, a2, 28

    l32i    a14, a1, LO(8)
    store_top a14, a13, a12, a2, a15
    retw
    .size   wg_x25519_sqr, . - wg_x25519_sqr

#endif

#if defined(__linux__) && defined(__ELF__)
.section .note.GNU-stack, "", %progbits
#endif
