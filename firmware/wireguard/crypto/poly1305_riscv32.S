// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors

// Poly1305 for RV32IM in radix 2^32, 125 instructions a block.
//
// The four words of r are below 2^28 and the upper three are multiples of 4
// (clamping), so 2^128 ri = 5/4 ri = si mod p, and with h4 <= 6 no sum below
// goes past 64 bits:
//
//   column 0   h0 r0 + h1 s3 + h2 s2 + h3 s1           + carry5
//   column 1   h0 r1 + h1 r0 + h2 s3 + h3 s2 + h4 s1
//   column 2   h0 r2 + h1 r1 + h2 r0 + h3 s3 + h4 s2
//   column 3   h0 r3 + h1 r2 + h2 r1 + h3 r0 + h4 s3
//   column 4                                   h4 r0
//
// Column 3 comes first: what it and column 4 have beyond 2^130 is then known
// and goes, five times, into column 0, which spares a carry chain at the end.
// The next block is added column by column, which spares another. So what the
// loop multiplies is h plus a block already, and its last turn adds no block.
//
//   h0..h4  a0 a1 a2 a3 a4      r0..r3  s0 s1 s2 s3      s1..s3  s4 s5 s6
//   next block  a5 a6 a7 t0
//   columns 0, 1, 2, 3, low words  s7 s8 t1 t3      high word t2      new h4 s11
//   in s9, its end if aligned (else 0) s10, its end ra, 8 (in % 4) t6
//   scratch t4 t5

#include "kernels.h"

#if defined(WG_ASM_RISCV32)

#define H0 a0
#define H1 a1
#define H2 a2
#define H3 a3
#define H4 a4
#define R0 s0
#define R1 s1
#define R2 s2
#define R3 s3
#define S1 s4
#define S2 s5
#define S3 s6
#define M0 a5
#define M1 a6
#define M2 a7
#define M3 t0
#define LOW0 s7
#define LOW1 s8
#define LOW2 t1
#define LOW3 t3
#define HIGH t2
#define NEW4 s11
#define IN s9
#define ALIGNED_END s10
#define END ra
#define SHIFT t6

#define FRAME 64

// (HIGH, low) += x y
.macro madd low, x, y
    madd_to \low, \low, \x, \y
.endm

// (HIGH, to) = (HIGH, low) + x y
.macro madd_to to, low, x, y
    mul t4, \x, \y
    mulhu t5, \x, \y
    add \to, \low, t4
    add HIGH, HIGH, t5
    sltu t4, \to, t4
    add HIGH, HIGH, t4
.endm

// (HIGH, low) = HIGH + h4 s + m; the first two together fit in a word.
.macro begin low, s, m
    mul \low, H4, \s
    add \low, \low, HIGH
    add \low, \low, \m
    sltu HIGH, \low, \m
.endm

// h += m + carry, carry = t5; uses t4
.macro add_with_carry h, m
    add \h, \h, \m
    sltu t4, \h, \m
    add \h, \h, t5
    sltu t5, \h, t5
    add t5, t5, t4
.endm

    .section .text.wg_poly1305_blocks, "ax", @progbits
    .globl wg_poly1305_blocks
    .type wg_poly1305_blocks, @function
    .p2align 2
wg_poly1305_blocks:
    addi sp, sp, -FRAME
    sw ra, 0(sp)
    sw s0, 4(sp)
    sw s1, 8(sp)
    sw s2, 12(sp)
    sw s3, 16(sp)
    sw s4, 20(sp)
    sw s5, 24(sp)
    sw s6, 28(sp)
    sw s7, 32(sp)
    sw s8, 36(sp)
    sw s9, 40(sp)
    sw s10, 44(sp)
    sw s11, 48(sp)
    sw a0, 52(sp)
    lw R0, 20(a0)
    lw R1, 24(a0)
    lw R2, 28(a0)
    lw R3, 32(a0)
    srli S1, R1, 2
    add S1, S1, R1
    srli S2, R2, 2
    add S2, S2, R2
    srli S3, R3, 2
    add S3, S3, R3
    andi SHIFT, a1, 3
    sub IN, a1, SHIFT
    slli a2, a2, 4
    add END, IN, a2
    lw H4, 16(a0)
    lw H3, 12(a0)
    lw H2, 8(a0)
    lw H1, 4(a0)
    lw H0, 0(a0)

    bnez SHIFT, .Lfirst_misaligned  // public
    mv ALIGNED_END, END
    lw M0, 0(IN)
    lw M1, 4(IN)
    lw M2, 8(IN)
    lw M3, 12(IN)
    addi IN, IN, 16
.Lfirst:
    add H0, H0, M0
    sltu t5, H0, M0
    add_with_carry H1, M1
    add_with_carry H2, M2
    add_with_carry H3, M3
    add H4, H4, t5
    addi H4, H4, 1
    j .Lnext

.Lload:
    lw M0, 0(IN)
    lw M1, 4(IN)
    lw M2, 8(IN)
    lw M3, 12(IN)
    addi IN, IN, 16
.Lmultiply:
    mul LOW3, H0, R3
    mulhu HIGH, H0, R3
    madd LOW3, H1, R2
    madd LOW3, H2, R1
    madd LOW3, H3, R0
    mul t4, H4, R0
    add HIGH, HIGH, t4

    andi NEW4, HIGH, 3
    andi t4, HIGH, -4
    srli HIGH, HIGH, 2
    add t4, t4, HIGH
    add LOW0, t4, M0
    sltu HIGH, LOW0, M0
    madd LOW0, H0, R0
    madd LOW0, H1, S3
    madd LOW0, H2, S2
    madd LOW0, H3, S1

    begin LOW1, S1, M1
    madd LOW1, H0, R1
    madd LOW1, H1, R0
    madd LOW1, H2, S3
    madd LOW1, H3, S2

    begin LOW2, S2, M2
    madd LOW2, H0, R2
    madd LOW2, H1, R1
    madd LOW2, H3, S3
    madd_to H2, LOW2, H2, R0
    mv H0, LOW0
    mv H1, LOW1

    mul t4, H4, S3
    add t4, t4, HIGH
    add H3, LOW3, t4
    sltu t4, H3, t4
    add H3, H3, M3
    sltu t5, H3, M3
    add H4, NEW4, t4
    add H4, H4, t5
    addi H4, H4, 1
.Lnext:
    bltu IN, ALIGNED_END, .Lload    // public
    bltu IN, END, .Lload_misaligned // public
    bne IN, END, .Ldone             // public
    // The last block is in h: multiply once more, adding nothing.
    li M0, 0
    li M1, 0
    li M2, 0
    li M3, 0
    addi IN, IN, 16
    j .Lmultiply

.Ldone:
    addi H4, H4, -1         // nor a 2^128
    lw t0, 52(sp)
    sw H0, 0(t0)
    sw H1, 4(t0)
    sw H2, 8(t0)
    sw H3, 12(t0)
    sw H4, 16(t0)
    lw ra, 0(sp)
    lw s0, 4(sp)
    lw s1, 8(sp)
    lw s2, 12(sp)
    lw s3, 16(sp)
    lw s4, 20(sp)
    lw s5, 24(sp)
    lw s6, 28(sp)
    lw s7, 32(sp)
    lw s8, 36(sp)
    lw s9, 40(sp)
    lw s10, 44(sp)
    lw s11, 48(sp)
    addi sp, sp, FRAME
    ret

.Lfirst_misaligned:
    slli SHIFT, SHIFT, 3
    li ALIGNED_END, 0
    jal LOW3, .Lload_shifted
    j .Lfirst
.Lload_misaligned:
    jal LOW3, .Lload_shifted
    j .Lmultiply

    // Five aligned words hold the block, each with a byte of it at least.
.Lload_shifted:
    lw M0, 0(IN)
    lw M1, 4(IN)
    lw M2, 8(IN)
    lw M3, 12(IN)
    lw LOW2, 16(IN)
    addi IN, IN, 16
    neg t4, SHIFT           // 32 - shift, as far as a shift looks
    .macro shift low, high
    srl \low, \low, SHIFT
    sll t5, \high, t4
    or \low, \low, t5
    .endm
    shift M0, M1
    shift M1, M2
    shift M2, M3
    shift M3, LOW2
    jr LOW3
    .size wg_poly1305_blocks, . - wg_poly1305_blocks

#endif

#if defined(__linux__) && defined(__ELF__)
.section .note.GNU-stack, "", %progbits
#endif
