// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors

// Poly1305 for Xtensa with MULL and MULUH, radix 2^32, 173 instructions a block.
//
// The columns and their order are those of poly1305_riscv32.S. There is no
// carry flag here and no comparison but to branch on, so the carries of a
// column are counted otherwise: beside the low words, all of them, their
// upper halves are added up. With M the one sum mod 2^32 and T the other,
// M - 2^16 T is the sum of the lower halves, and its upper half plus T,
// divided by 2^16, is the number of carries.
//
//   h0..h4 a3 a4 a5 a6 a7    r0 a8   s3 a9   r1 a10   the others in the frame
//   in a11   columns 0 and 1, low words a12 a13   high word a14
//   sum of upper halves a15   scratch a2 a0
//
// in is the block to be added next: in the message, or, if that is not
// aligned, in the frame, where there is also the block of zeroes that is
// added last.

#include "kernels.h"

#if defined(WG_ASM_XTENSA)

#define H0 a3
#define H1 a4
#define H2 a5
#define H3 a6
#define H4 a7
#define R0 a8
#define S3 a9
#define R1 a10
#define IN a11
#define LOW0 a12
#define LOW1 a13
#define HIGH a14
#define UPPER a15
#define T a2
#define U a0

#define AT_R2 0
#define AT_R3 4
#define AT_S1 8
#define AT_S2 12
#define AT_LOW3 16
#define AT_NEW4 20
#define AT_END 24       // of the message if aligned, else 0
#define AT_LAST 28      // whether the last block is being multiplied
#define AT_REAL_IN 32   // next word and end of a message that is not aligned, else 0
#define AT_REAL_END 36
#define AT_RETURN 40
#define AT_S 44
#define AT_BLOCK 48
#define AT_ZERO 64
#define FRAME 96

// (HIGH, low) += x y, its carries to UPPER; y may be T.
.macro madd low, x, y
    muluh U, \x, \y
    mull T, \x, \y
    add HIGH, HIGH, U
    add_low \low, T
.endm

.macro madd_frame low, x, at
    l32i T, a1, \at
    madd \low, \x, T
.endm

// The same when HIGH is still empty.
.macro madd_first low, x, y
    mull T, \x, \y
    muluh HIGH, \x, \y
    add_low \low, T
.endm

// low += x, which is lost.
.macro add_low low, x
    add \low, \low, \x
    extui \x, \x, 16, 16
    add UPPER, UPPER, \x
.endm

.macro add_message low, i
    l32i U, IN, 4 * \i
    add_low \low, U
.endm

// UPPER = the number of carries out of low.
.macro carries low
    slli T, UPPER, 16
    sub T, \low, T
    extui T, T, 16, 16
    add UPPER, UPPER, T
    extui UPPER, UPPER, 16, 16
.endm

.macro end_column low
    carries \low
    add HIGH, HIGH, UPPER
.endm

    .section .text.wg_poly1305_blocks, "ax", @progbits
    .globl wg_poly1305_blocks
    .type wg_poly1305_blocks, @function
    .p2align 2
wg_poly1305_blocks:
    entry a1, FRAME
    s32i a0, a1, AT_RETURN
    s32i a2, a1, AT_S
    mov IN, a3
    slli a4, a4, 4
    add a4, IN, a4
    movi T, 0
    s32i T, a1, AT_LAST
    s32i T, a1, AT_ZERO
    s32i T, a1, AT_ZERO + 4
    s32i T, a1, AT_ZERO + 8
    s32i T, a1, AT_ZERO + 12
    extui a5, IN, 0, 2
    bnez a5, .Lmisaligned               // public
    s32i a4, a1, AT_END
    s32i T, a1, AT_REAL_IN
    s32i T, a1, AT_REAL_END
.Lfirst:
    l32i U, a1, AT_S
    l32i R0, U, 20
    l32i R1, U, 24
    l32i a5, U, 28
    l32i a6, U, 32
    s32i a5, a1, AT_R2
    s32i a6, a1, AT_R3
    srli a3, R1, 2
    add a3, a3, R1
    srli a4, a5, 2
    add a4, a4, a5
    srli S3, a6, 2
    add S3, S3, a6
    s32i a3, a1, AT_S1
    s32i a4, a1, AT_S2
    l32i H0, U, 0
    l32i H1, U, 4
    l32i H2, U, 8
    l32i H3, U, 12
    l32i H4, U, 16

    extui UPPER, H0, 16, 16
    add_message H0, 0
    carries H0
    .macro add_with_carry h, i
    mov HIGH, UPPER                     // the carry in, without an upper half
    extui UPPER, \h, 16, 16
    add_message \h, \i
    add \h, \h, HIGH
    carries \h
    .endm
    add_with_carry H1, 1
    add_with_carry H2, 2
    add_with_carry H3, 3
    add H4, H4, UPPER
    addi H4, H4, 1
    addi IN, IN, 16
    j .Lnext

.Lmultiply:
    // Column 3: h0 r3 + h1 r2 + h2 r1 + h3 r0
    l32i T, a1, AT_R3
    mull LOW0, H0, T
    muluh HIGH, H0, T
    extui UPPER, LOW0, 16, 16
    madd_frame LOW0, H1, AT_R2
    madd LOW0, H2, R1
    madd LOW0, H3, R0
    end_column LOW0
    s32i LOW0, a1, AT_LOW3

    // Column 4, and 5 / 4 of its multiple of 4 for column 0
    mull T, H4, R0
    add HIGH, HIGH, T
    extui U, HIGH, 0, 2
    s32i U, a1, AT_NEW4
    srli T, HIGH, 2
    sub U, HIGH, U
    add LOW0, T, U

    // Column 0: h0 r0 + h1 s3 + h2 s2 + h3 s1
    extui UPPER, LOW0, 16, 16
    add_message LOW0, 0
    madd_first LOW0, H0, R0
    madd LOW0, H1, S3
    madd_frame LOW0, H2, AT_S2
    madd_frame LOW0, H3, AT_S1
    end_column LOW0

    // Column 1: h0 r1 + h1 r0 + h2 s3 + h3 s2 + h4 s1; the last and the high
    // word of column 0 fit in a word together
    l32i T, a1, AT_S1
    mull T, H4, T
    add LOW1, HIGH, T
    extui UPPER, LOW1, 16, 16
    add_message LOW1, 1
    madd_first LOW1, H0, R1
    madd LOW1, H1, R0
    madd LOW1, H2, S3
    madd_frame LOW1, H3, AT_S2
    end_column LOW1

    // Column 2: h0 r2 + h1 r1 + h2 r0 + h3 s3 + h4 s2; h2 itself becomes the low word
    l32i T, a1, AT_S2
    mull T, H4, T
    add T, HIGH, T
    mull U, H2, R0
    muluh HIGH, H2, R0
    add H2, T, U
    extui T, T, 16, 16
    extui U, U, 16, 16
    add UPPER, T, U
    add_message H2, 2
    madd_frame H2, H0, AT_R2
    madd H2, H1, R1
    madd H2, H3, S3
    end_column H2

    // Column 3 again: what it had, h4 s3, and what came from column 2
    mull T, H4, S3
    add T, T, HIGH
    l32i H3, a1, AT_LOW3
    extui UPPER, H3, 16, 16
    add_low H3, T
    add_message H3, 3
    carries H3
    l32i H4, a1, AT_NEW4
    add H4, H4, UPPER
    addi H4, H4, 1
    mov H0, LOW0
    mov H1, LOW1
    addi IN, IN, 16
.Lnext:
    l32i T, a1, AT_END
    bgeu IN, T, .Lturn                  // public
    j .Lmultiply

.Lturn:
    l32i IN, a1, AT_REAL_IN
    l32i T, a1, AT_REAL_END
    bltu IN, T, .Lshift                 // public
    // The last block is in h: multiply once more, adding nothing.
    l32i T, a1, AT_LAST
    bnez T, .Ldone                      // public
    s32i T, a1, AT_END
    movi T, 1
    s32i T, a1, AT_LAST
    addi IN, a1, AT_ZERO
    j .Lmultiply

.Ldone:
    addi H4, H4, -1                     // nor a 2^128
    l32i U, a1, AT_S
    s32i H0, U, 0
    s32i H1, U, 4
    s32i H2, U, 8
    s32i H3, U, 12
    s32i H4, U, 16
    movi T, 0
    .irp at, AT_R2, AT_R3, AT_S1, AT_S2, AT_LOW3
    s32i T, a1, \at
    .endr
    l32i a0, a1, AT_RETURN
    retw

    // SAR holds the shift throughout. Five aligned words hold a block, each
    // with a byte of it at least; IN is the first of them.
    .macro load_shifted
    l32i LOW0, IN, 0
    l32i LOW1, IN, 4
    l32i HIGH, IN, 8
    l32i UPPER, IN, 12
    l32i T, IN, 16
    addi IN, IN, 16
    s32i IN, a1, AT_REAL_IN
    src LOW0, LOW1, LOW0
    src LOW1, HIGH, LOW1
    src HIGH, UPPER, HIGH
    src UPPER, T, UPPER
    addi IN, a1, AT_BLOCK
    s32i LOW0, a1, AT_BLOCK
    s32i LOW1, a1, AT_BLOCK + 4
    s32i HIGH, a1, AT_BLOCK + 8
    s32i UPPER, a1, AT_BLOCK + 12
    .endm

.Lmisaligned:
    ssa8l IN
    sub IN, IN, a5
    sub a4, a4, a5
    s32i T, a1, AT_END
    s32i a4, a1, AT_REAL_END
    load_shifted
    j .Lfirst
.Lshift:
    load_shifted
    j .Lmultiply
    .size wg_poly1305_blocks, . - wg_poly1305_blocks

#endif

#if defined(__linux__) && defined(__ELF__)
.section .note.GNU-stack, "", %progbits
#endif
