// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors

// Multiplication and squaring of X25519's field elements for RV32IM: the
// column sums of x25519.c, see there for limbs, floors, carries and bounds. No
// branch and no loop: nothing depends on the data.
//
// Both routines have a calling convention of their own: they keep s0, gp and
// tp, and may change every other register. Their caller, one function, saves
// what it needs once and not at every product.

#include "x25519_field.h"

#if WG_X25519_RISCV32

    .text

#define LO a3
#define HI a4
#define T a5

// x y, where ys is y shifted by three bits.
    .macro  add_product lo, x, y, ys
    mul     T, \x, \y
    add     \lo, \lo, T
    mulhu   T, \x, \ys
    add     HI, HI, T
    .endm

// The same where hi is empty yet.
    .macro  set_product lo, x, y, ys
    mul     T, \x, \y
    mulhu   HI, \x, \ys
    add     \lo, \lo, T
    .endm

// x b_0. Limb 0 has no room to be shifted, so x is.
    .macro  add_product_0 lo, x, b0
    mul     T, \x, \b0
    add     \lo, \lo, T
    slli    T, \x, 3
    mulhu   T, T, \b0
    add     HI, HI, T
    .endm

// Room for seven more floors.
    .macro  renew lo
    slli    T, HI, 29
    sub     T, \lo, T
    srli    T, T, 29
    add     HI, HI, T
    .endm

// The carry out of lo, HI; the digit stays in lo unless carry is lo.
    .macro  carry_out lo, carry
    slli    T, HI, 29
    sub     T, \lo, T
    srli    T, T, 29
    add     \carry, HI, T
    .endm

// 1216 h. The bits above h's digit fall out of both halves. h is used up.
    .macro  fold lo, h, factor
    mul     T, \h, \factor
    slli    \h, \h, 3
    add     \lo, \lo, T
    mulhu   T, \h, \factor
    add     HI, HI, T
    .endm

// Limb 8, and what it has above 2^255, times 19, into limb 0.
    .macro  store_top kept, carry, more, to
    add     \kept, \kept, \carry
    srli    \carry, \kept, 23
    slli    \kept, \kept, 9
    srli    \kept, \kept, 9
    add     \kept, \kept, \more
    srli    \more, \kept, 23
    add     \carry, \carry, \more
    slli    \kept, \kept, 9
    srli    \kept, \kept, 9
    sw      \kept, 32(\to)
    lw      \kept, 0(\to)
    li      \more, 19
    mul     \carry, \carry, \more
    add     \kept, \kept, \carry
    sw      \kept, 0(\to)
    .endm

// ---------------------------------------------------------------------------
// wg_x25519_mul: *a0 = *a1 * *a2. a0 may be a1 or a2.
//
// Columns 8 to 16 need limbs 1 to 8 of a, of b and of b shifted, 24 registers,
// and give them up one by one; the digits of columns 9 to 16 move in. Columns
// 0 to 7 load limbs as they come to them and give up those digits. Limb i of a
// product is stored after limb i of a and b was loaded for the last time.

#define FRAME 32
#define SAVE_RA 0
#define SAVE_S0 4
#define SAVE_R 8
#define SAVE_A 12
#define SAVE_B 16
#define COLUMN_8 20

#define A1 s0
#define A2 s1
#define A3 s2
#define A4 s3
#define A5 s4
#define A6 s5
#define A7 s6
#define A8 s7
#define B1 s8
#define B2 s9
#define B3 s10
#define B4 s11
#define B5 t0
#define B6 t1
#define B7 t2
#define B8 t3
#define BS1 t4
#define BS2 t5
#define BS3 t6
#define BS4 ra
#define BS5 a6
#define BS6 a7
#define BS7 a1
#define BS8 a2
#define X a0

// Digits, in the limbs' places.
#define H9 a0
#define H10 s0
#define H11 s1
#define H12 s2
#define H13 s3
#define H14 s4
#define H15 s5
#define H16 s6

    .balign 4
    .globl  wg_x25519_mul
    .type   wg_x25519_mul, @function
wg_x25519_mul:
    addi    sp, sp, -FRAME
    sw      ra, SAVE_RA(sp)
    sw      s0, SAVE_S0(sp)
    sw      a0, SAVE_R(sp)
    sw      a1, SAVE_A(sp)
    sw      a2, SAVE_B(sp)

    lw      A1, 4(a1)
    lw      A2, 8(a1)
    lw      A3, 12(a1)
    lw      A4, 16(a1)
    lw      A5, 20(a1)
    lw      A6, 24(a1)
    lw      A7, 28(a1)
    lw      A8, 32(a1)
    lw      B1, 4(a2)
    lw      B2, 8(a2)
    lw      B3, 12(a2)
    lw      B4, 16(a2)
    lw      B5, 20(a2)
    lw      B6, 24(a2)
    lw      B7, 28(a2)
    lw      B8, 32(a2)

    // Column 8: nine floors, so it is renewed after two.
    lw      X, 0(a2)
    mul     LO, A8, X
    slli    T, A8, 3
    mulhu   HI, T, X
    lw      X, 0(a1)
    slli    BS8, B8, 3
    add_product LO, X, B8, BS8
    renew   LO
    slli    BS1, B1, 3
    slli    BS2, B2, 3
    slli    BS3, B3, 3
    slli    BS4, B4, 3
    slli    BS5, B5, 3
    slli    BS6, B6, 3
    slli    BS7, B7, 3
    add_product LO, A1, B7, BS7
    add_product LO, A2, B6, BS6
    add_product LO, A3, B5, BS5
    add_product LO, A4, B4, BS4
    add_product LO, A5, B3, BS3
    add_product LO, A6, B2, BS2
    add_product LO, A7, B1, BS1
    sw      LO, COLUMN_8(sp)
    carry_out LO, H9

    // Column 9: eight floors and the carry's.
    srli    HI, H9, 29
    add_product H9, A1, B8, BS8
    renew   H9
    add_product H9, A2, B7, BS7
    add_product H9, A3, B6, BS6
    add_product H9, A4, B5, BS5
    add_product H9, A5, B4, BS4
    add_product H9, A6, B3, BS3
    add_product H9, A7, B2, BS2
    add_product H9, A8, B1, BS1
    carry_out H9, H10

    // Column 10.
    srli    HI, H10, 29
    add_product H10, A2, B8, BS8
    add_product H10, A3, B7, BS7
    add_product H10, A4, B6, BS6
    add_product H10, A5, B5, BS5
    add_product H10, A6, B4, BS4
    add_product H10, A7, B3, BS3
    add_product H10, A8, B2, BS2
    carry_out H10, H11

    // Column 11.
    srli    HI, H11, 29
    add_product H11, A3, B8, BS8
    add_product H11, A4, B7, BS7
    add_product H11, A5, B6, BS6
    add_product H11, A6, B5, BS5
    add_product H11, A7, B4, BS4
    add_product H11, A8, B3, BS3
    carry_out H11, H12

    // Column 12.
    srli    HI, H12, 29
    add_product H12, A4, B8, BS8
    add_product H12, A5, B7, BS7
    add_product H12, A6, B6, BS6
    add_product H12, A7, B5, BS5
    add_product H12, A8, B4, BS4
    carry_out H12, H13

    // Column 13.
    set_product H13, A5, B8, BS8
    add_product H13, A6, B7, BS7
    add_product H13, A7, B6, BS6
    add_product H13, A8, B5, BS5
    carry_out H13, H14

    // Column 14.
    set_product H14, A6, B8, BS8
    add_product H14, A7, B7, BS7
    add_product H14, A8, B6, BS6
    carry_out H14, H15

    // Column 15.
    set_product H15, A7, B8, BS8
    add_product H15, A8, B7, BS7
    carry_out H15, H16

    // Column 16.
    set_product H16, A8, B8, BS8
    carry_out H16, LO

    // Column 17, all of it in column 16's carry, is folded into column 8.
    lw      HI, COLUMN_8(sp)
    li      t0, 1216
    mul     LO, LO, t0
    slli    HI, HI, 3
    srli    HI, HI, 3
    add     HI, HI, LO
    sw      HI, COLUMN_8(sp)

#undef A1
#undef A2
#undef A3
#undef A4
#undef A5
#undef A6
#undef A7
#undef B1
#undef B2
#undef B3
#undef B4
#undef B5
#undef B6
#undef B7
#undef BS1
#undef BS2
#undef BS3
#undef BS4
#undef BS5
#undef BS6
#undef BS7
#define FACTOR t0                   // 1216, until limb 6
#define A a1                        // until limb 7
#define B a2
#define R a6
#define DIGIT a7                    // mask of a digit
#define A0 s7
#define B0 s8
#define A1 s9
#define B1 s10
#define BS1 s11
#define A2 t1
#define B2 t2
#define BS2 t3
#define A3 t4
#define B3 t5
#define BS3 t6
#define A4 ra
#define B4 H9
#define BS4 H10
#define A5 H11
#define B5 H12
#define BS5 H13
#define A6 H14
#define B6 H15
#define BS6 FACTOR
#define A7 a1
#define B7 a2
#define BS7 H16

    .macro  store i
    and     T, LO, DIGIT
    sw      T, 4 * \i(R)
    carry_out LO, LO
    .endm

    lw      R, SAVE_R(sp)
    lw      A, SAVE_A(sp)
    lw      B, SAVE_B(sp)
    li      DIGIT, 0x1fffffff

    // Column 0.
    lw      A0, 0(A)
    lw      B0, 0(B)
    mul     LO, A0, B0
    slli    T, A0, 1
    slli    HI, B0, 2
    mulhu   HI, T, HI
    fold    LO, H9, FACTOR
    store   0

    // Column 1.
    mul     T, H10, FACTOR
    slli    H10, H10, 3
    add     LO, LO, T
    mulhu   HI, H10, FACTOR
    lw      A1, 4(A)
    lw      B1, 4(B)
    slli    BS1, B1, 3
    add_product LO, A0, B1, BS1
    add_product_0 LO, A1, B0
    store   1

    // Column 2.
    mul     T, H11, FACTOR
    slli    H11, H11, 3
    add     LO, LO, T
    mulhu   HI, H11, FACTOR
    lw      A2, 8(A)
    lw      B2, 8(B)
    slli    BS2, B2, 3
    add_product LO, A0, B2, BS2
    add_product LO, A1, B1, BS1
    add_product_0 LO, A2, B0
    store   2

    // Column 3.
    srli    HI, LO, 29
    fold    LO, H12, FACTOR
    lw      A3, 12(A)
    lw      B3, 12(B)
    slli    BS3, B3, 3
    add_product LO, A0, B3, BS3
    add_product LO, A1, B2, BS2
    add_product LO, A2, B1, BS1
    add_product_0 LO, A3, B0
    store   3

    // Column 4.
    srli    HI, LO, 29
    fold    LO, H13, FACTOR
    lw      A4, 16(A)
    lw      B4, 16(B)
    slli    BS4, B4, 3
    add_product LO, A0, B4, BS4
    add_product LO, A1, B3, BS3
    add_product LO, A2, B2, BS2
    add_product LO, A3, B1, BS1
    add_product_0 LO, A4, B0
    store   4

    // Column 5.
    srli    HI, LO, 29
    fold    LO, H14, FACTOR
    lw      A5, 20(A)
    lw      B5, 20(B)
    slli    BS5, B5, 3
    add_product LO, A0, B5, BS5
    add_product LO, A1, B4, BS4
    add_product LO, A2, B3, BS3
    add_product LO, A3, B2, BS2
    add_product LO, A4, B1, BS1
    add_product_0 LO, A5, B0
    store   5

    // Column 6.
    srli    HI, LO, 29
    fold    LO, H15, FACTOR
    lw      A6, 24(A)
    lw      B6, 24(B)
    slli    BS6, B6, 3
    add_product LO, A0, B6, BS6
    add_product LO, A1, B5, BS5
    renew   LO
    add_product LO, A2, B4, BS4
    add_product LO, A3, B3, BS3
    add_product LO, A4, B2, BS2
    add_product LO, A5, B1, BS1
    add_product_0 LO, A6, B0
    store   6

    // Column 7: its hi would overflow, so it is summed in halves. The first is
    // kept where a_0 was.
#define MORE A0
    li      HI, 1216
    mul     T, H16, HI
    slli    H16, H16, 3
    mulhu   H16, H16, HI
    srli    HI, LO, 29
    add     LO, LO, T
    add     HI, HI, H16
    lw      A7, 28(A)
    lw      B7, 28(B)
    slli    BS7, B7, 3
    add_product LO, A0, B7, BS7
    add_product LO, A1, B6, BS6
    add_product LO, A2, B5, BS5
    add_product LO, A3, B4, BS4
    slli    T, HI, 29
    sub     T, LO, T
    srli    T, T, 29
    add     MORE, HI, T
    set_product LO, A4, B3, BS3
    add_product LO, A5, B2, BS2
    add_product LO, A6, B1, BS1
    add_product_0 LO, A7, B0
    and     T, LO, DIGIT
    sw      T, 28(R)
    add     T, HI, MORE
    slli    T, T, 29
    sub     LO, LO, T
    srli    LO, LO, 29
    add     LO, LO, HI

    lw      HI, COLUMN_8(sp)
    store_top HI, LO, MORE, R
    lw      ra, SAVE_RA(sp)
    lw      s0, SAVE_S0(sp)
    addi    sp, sp, FRAME
    ret
    .size   wg_x25519_mul, . - wg_x25519_mul

#undef A
#undef B
#undef R
#undef FACTOR
#undef DIGIT
#undef MORE
#undef X
#undef A0
#undef A1
#undef A2
#undef A3
#undef A4
#undef A5
#undef A6
#undef A7
#undef A8
#undef B0
#undef B1
#undef B2
#undef B3
#undef B4
#undef B5
#undef B6
#undef B7
#undef B8
#undef BS1
#undef BS2
#undef BS3
#undef BS4
#undef BS5
#undef BS6
#undef BS7
#undef BS8
#undef H9
#undef H10
#undef H11
#undef H12
#undef H13
#undef H14
#undef H15
#undef H16

// ---------------------------------------------------------------------------
// wg_x25519_sqr: *a0 = *a1 squared. a0 may be a1.
//
// All limbs stay in registers, as they are for lo and shifted by two bits for
// hi, where the four bits of two limbs make the three of hi and the factor 2.
// lo is doubled before the carry and the square come in. The digits of columns
// 9 to 16 fill the other registers.

#define A0 s0
#define A1 s1
#define A2 s2
#define A3 s3
#define A4 s4
#define A5 s5
#define A6 s6
#define A7 s7
#define A8 s8
#define AS0 s9
#define AS1 s10
#define AS2 s11
#define AS3 t0
#define AS4 t1
#define AS5 t2
#define AS6 t3
#define AS7 t4
#define AS8 t5
#define H9 t6
#define H10 ra
#define H11 a0
#define H12 a1
#define H13 a2
#define H14 a6
#define H15 a7
#define H16 a3

// lo, HI = twice the sum of products x y, where xs, ys are x, y shifted.
    .macro  twice lo, x, y, xs, ys, rest:vararg
    mul     \lo, \x, \y
    mulhu   HI, \xs, \ys
    .ifnb   \rest
    twice_more \lo, \rest
    .endif
    slli    \lo, \lo, 1
    .endm

    .macro  twice_more lo, x, y, xs, ys, rest:vararg
    mul     T, \x, \y
    add     \lo, \lo, T
    mulhu   T, \xs, \ys
    add     HI, HI, T
    .ifnb   \rest
    twice_more \lo, \rest
    .endif
    .endm

    .macro  square lo, x, xs
    mul     T, \x, \x
    add     \lo, \lo, T
    mulhu   T, \xs, \xs
    srli    T, T, 1
    add     HI, HI, T
    .endm

    .macro  carry_in lo, carry
    add     \lo, \lo, \carry
    srli    \carry, \carry, 29
    add     HI, HI, \carry
    .endm

    .macro  store_unmasked lo, i, to
    slli    T, \lo, 3
    srli    T, T, 3
    sw      T, 4 * \i(\to)
    .endm

#define P(i, j) A##i, A##j, AS##i, AS##j

    .balign 4
    .globl  wg_x25519_sqr
    .type   wg_x25519_sqr, @function
wg_x25519_sqr:
    addi    sp, sp, -FRAME
    sw      ra, SAVE_RA(sp)
    sw      s0, SAVE_S0(sp)
    sw      a0, SAVE_R(sp)
    lw      A0, 0(a1)
    lw      A1, 4(a1)
    lw      A2, 8(a1)
    lw      A3, 12(a1)
    lw      A4, 16(a1)
    lw      A5, 20(a1)
    lw      A6, 24(a1)
    lw      A7, 28(a1)
    lw      A8, 32(a1)
    slli    AS0, A0, 2
    slli    AS1, A1, 2
    slli    AS2, A2, 2
    slli    AS3, A3, 2
    slli    AS4, A4, 2
    slli    AS5, A5, 2
    slli    AS6, A6, 2
    slli    AS7, A7, 2
    slli    AS8, A8, 2

    // Column 8.
    twice   a3, P(0, 8), P(1, 7), P(2, 6), P(3, 5)
    square  a3, A4, AS4
    sw      a3, COLUMN_8(sp)
    carry_out a3, H10

    // Column 9.
    twice   H9, P(1, 8), P(2, 7), P(3, 6), P(4, 5)
    carry_in H9, H10
    carry_out H9, H11

    // Column 10.
    twice   H10, P(2, 8), P(3, 7), P(4, 6)
    carry_in H10, H11
    square  H10, A5, AS5
    carry_out H10, H12

    // Column 11.
    twice   H11, P(3, 8), P(4, 7), P(5, 6)
    carry_in H11, H12
    carry_out H11, H13

    // Column 12.
    twice   H12, P(4, 8), P(5, 7)
    add     H12, H12, H13
    square  H12, A6, AS6
    carry_out H12, H14

    // Column 13.
    twice   H13, P(5, 8), P(6, 7)
    add     H13, H13, H14
    carry_out H13, H15

    // Column 14.
    twice   H14, P(6, 8)
    add     H14, H14, H15
    square  H14, A7, AS7
    carry_out H14, H16

    // Column 15.
    twice   H15, P(7, 8)
    add     H15, H15, H16
    carry_out H15, H16

    // Column 16.
    mul     T, A8, A8
    mulhu   HI, AS8, AS8
    add     H16, H16, T
    srli    HI, HI, 1
    carry_out H16, HI

    // Column 17, all of it in column 16's carry, is folded into column 8.
    lw      T, COLUMN_8(sp)
    li      A8, 1216
    mul     HI, HI, A8
    slli    T, T, 3
    srli    T, T, 3
    add     T, T, HI
    sw      T, COLUMN_8(sp)

#define R A8
#define SUM AS8
#define CARRY H9                    // after column 0
#define FACTOR H10                  // after column 1
#define DIGIT H11                   // after column 2
    lw      R, SAVE_R(sp)

    // Column 0.
    li      HI, 1216
    mul     SUM, H9, HI
    slli    H9, H9, 3
    mulhu   HI, H9, HI
    square  SUM, A0, AS0
    store_unmasked SUM, 0, R
    carry_out SUM, CARRY

    // Column 1.
    twice   SUM, P(0, 1)
    add     SUM, SUM, CARRY
    li      CARRY, 1216
    fold    SUM, H10, CARRY
    li      FACTOR, 1216
    store_unmasked SUM, 1, R
    carry_out SUM, CARRY

    // Column 2.
    twice   SUM, P(0, 2)
    add     SUM, SUM, CARRY
    square  SUM, A1, AS1
    fold    SUM, H11, FACTOR
    li      DIGIT, 0x1fffffff
    and     T, SUM, DIGIT
    sw      T, 8(R)
    carry_out SUM, CARRY

    // Column 3.
    twice   SUM, P(0, 3), P(1, 2)
    add     SUM, SUM, CARRY
    fold    SUM, H12, FACTOR
    and     T, SUM, DIGIT
    sw      T, 12(R)
    carry_out SUM, CARRY

    // Column 4.
    twice   SUM, P(0, 4), P(1, 3)
    carry_in SUM, CARRY
    square  SUM, A2, AS2
    fold    SUM, H13, FACTOR
    and     T, SUM, DIGIT
    sw      T, 16(R)
    carry_out SUM, CARRY

    // Column 5.
    twice   SUM, P(0, 5), P(1, 4), P(2, 3)
    carry_in SUM, CARRY
    fold    SUM, H14, FACTOR
    and     T, SUM, DIGIT
    sw      T, 20(R)
    carry_out SUM, CARRY

    // Column 6.
    twice   SUM, P(0, 6), P(1, 5), P(2, 4)
    carry_in SUM, CARRY
    square  SUM, A3, AS3
    fold    SUM, H15, FACTOR
    and     T, SUM, DIGIT
    sw      T, 24(R)
    carry_out SUM, CARRY

    // Column 7: its hi would overflow, so it is summed in halves.
#define MORE H12
    mul     SUM, A0, A7
    mulhu   MORE, AS0, AS7
    mul     T, A1, A6
    add     SUM, SUM, T
    mulhu   T, AS1, AS6
    add     MORE, MORE, T
    mul     T, A2, A5
    mulhu   HI, AS2, AS5
    add     SUM, SUM, T
    mul     T, A3, A4
    add     SUM, SUM, T
    mulhu   T, AS3, AS4
    add     HI, HI, T
    slli    SUM, SUM, 1
    carry_in SUM, CARRY
    fold    SUM, H16, FACTOR
    and     T, SUM, DIGIT
    sw      T, 28(R)
    add     T, HI, MORE
    slli    T, T, 29
    sub     T, SUM, T
    srli    T, T, 29
    add     HI, HI, T

    lw      T, COLUMN_8(sp)
    store_top T, HI, MORE, R
    lw      ra, SAVE_RA(sp)
    lw      s0, SAVE_S0(sp)
    addi    sp, sp, FRAME
    ret
    .size   wg_x25519_sqr, . - wg_x25519_sqr

#endif

#if defined(__linux__) && defined(__ELF__)
.section .note.GNU-stack, "", %progbits
#endif
