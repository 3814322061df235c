// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors

// ChaCha20 for RV32I, the whole state in registers. There is no rotate
// instruction, so a quarter round is 20 instructions and the rounds take 1533
// of the 1650 a block costs. What a message's blocks have in common, all that
// the first round and a half do before the block counter reaches it, has been
// done once (wg_chacha20_t.start).
//
//   a row  x0  x1  x2  x3   s0 s1 a0 a1     the rows that meet in xor are
//   d row  x12 x13 x14 x15  a2 a3 a4 a5     where the short encoding reaches
//   b row  x4  x5  x6  x7   s2 s3 s4 s5
//   c row  x8  x9  x10 x11  s6 s7 s8 s9
//   input  4 8 12 9         s10 s11 a6 a7   12 is the block counter
//   sum    input 0 + 4      ra
//   s t2, dst t3, src t4, end of src t5, (dst | src) % 4 t6
//   scratch t0, loop counter t1

#include "kernels.h"

#if defined(WG_ASM_RISCV32)

#define X0 s0
#define X1 s1
#define X2 a0
#define X3 a1
#define X4 s2
#define X5 s3
#define X6 s4
#define X7 s5
#define X8 s6
#define X9 s7
#define X10 s8
#define X11 s9
#define X12 a2
#define X13 a3
#define X14 a4
#define X15 a5
#define IN4 s10
#define IN8 s11
#define IN12 a6
#define IN9 a7
#define SUM ra
#define S t2
#define DST t3
#define SRC t4
#define END t5
#define MISALIGNED t6

#define FRAME 128
#define START 64

// The halves of a rotation have no bit in common: add has a short encoding for any register.
.macro rotl x, n
    srli t0, \x, 32 - \n
    slli \x, \x, \n
    add \x, \x, t0
.endm

.macro step a, b, d, n
    add \a, \a, \b
    xor \d, \d, \a
    rotl \d, \n
.endm

.macro quarter_round a, b, c, d
    step \a, \b, \d, 16
    step \c, \d, \b, 12
    step \a, \b, \d, 8
    step \c, \d, \b, 7
.endm

// A word of keystream, from the input in memory or in a register.
.macro add_input x, i
    lw t0, 4 * \i(S)
    add \x, \x, t0
.endm

.macro xor_word x, i
    lw t0, 4 * \i(SRC)
    xor \x, \x, t0
    sw \x, 4 * \i(DST)
.endm

    .section .text.wg_chacha20_xor, "ax", @progbits
    .globl wg_chacha20_xor
    .type wg_chacha20_xor, @function
    .p2align 2
wg_chacha20_xor:
    addi sp, sp, -FRAME
    sw ra, 64(sp)
    sw s0, 68(sp)
    sw s1, 72(sp)
    sw s2, 76(sp)
    sw s3, 80(sp)
    sw s4, 84(sp)
    sw s5, 88(sp)
    sw s6, 92(sp)
    sw s7, 96(sp)
    sw s8, 100(sp)
    sw s9, 104(sp)
    sw s10, 108(sp)
    sw s11, 112(sp)
    mv S, a0
    mv DST, a1
    mv SRC, a2
    slli a3, a3, 6
    add END, SRC, a3
    or MISALIGNED, DST, SRC
    andi MISALIGNED, MISALIGNED, 3
    lw t0, 0(S)
    lw IN4, 16(S)
    lw IN8, 32(S)
    lw IN9, 36(S)
    lw IN12, 48(S)
    add SUM, t0, IN4

.Lblock:
    // The first quarter round of column 0, with its first sum already there.
    xor X12, IN12, SUM
    rotl X12, 16
    add X8, IN8, X12
    xor X4, IN4, X8
    rotl X4, 12
    add X0, SUM, X4
    xor X12, X12, X0
    rotl X12, 8
    step X8, X12, X4, 7
    lw X1, START + 0(S)
    lw X2, START + 4(S)
    lw X3, START + 8(S)
    lw X5, START + 12(S)
    lw X6, START + 16(S)
    lw X7, START + 20(S)
    lw X9, START + 24(S)
    lw X10, START + 28(S)
    lw X11, START + 32(S)
    lw X13, START + 36(S)
    lw X14, START + 40(S)
    lw X15, START + 44(S)
    li t1, 10
    j .Lenter

.Lrounds:
    quarter_round X0, X4, X8, X12
    quarter_round X1, X5, X9, X13
    quarter_round X2, X6, X10, X14
    quarter_round X3, X7, X11, X15
    // What of the diagonals does not depend on column 0.
    add X1, X1, X6
    step X2, X7, X13, 16
.Lenter:
    quarter_round X0, X5, X10, X15
    xor X12, X12, X1
    rotl X12, 16
    step X11, X12, X6, 12
    step X1, X6, X12, 8
    step X11, X12, X6, 7
    step X8, X13, X7, 12
    step X2, X7, X13, 8
    step X8, X13, X7, 7
    quarter_round X3, X4, X9, X14
    addi t1, t1, -1
    bnez t1, .Lrounds               // public

    add_input X0, 0
    add_input X1, 1
    add_input X2, 2
    add_input X3, 3
    add X4, X4, IN4
    add_input X5, 5
    add_input X6, 6
    add_input X7, 7
    add X8, X8, IN8
    add X9, X9, IN9
    add_input X10, 10
    add_input X11, 11
    add X12, X12, IN12
    add_input X13, 13
    add_input X14, 14
    add_input X15, 15
    addi IN12, IN12, 1
    bnez MISALIGNED, .Lmisaligned   // public

    xor_word X0, 0
    xor_word X1, 1
    xor_word X2, 2
    xor_word X3, 3
    xor_word X4, 4
    xor_word X5, 5
    xor_word X6, 6
    xor_word X7, 7
    xor_word X8, 8
    xor_word X9, 9
    xor_word X10, 10
    xor_word X11, 11
    xor_word X12, 12
    xor_word X13, 13
    xor_word X14, 14
    xor_word X15, 15
    addi SRC, SRC, 64
    addi DST, DST, 64
    bne SRC, END, .Lblock           // public

.Ldone:
    sw IN12, 48(S)
    lw ra, 64(sp)
    lw s0, 68(sp)
    lw s1, 72(sp)
    lw s2, 76(sp)
    lw s3, 80(sp)
    lw s4, 84(sp)
    lw s5, 88(sp)
    lw s6, 92(sp)
    lw s7, 96(sp)
    lw s8, 100(sp)
    lw s9, 104(sp)
    lw s10, 108(sp)
    lw s11, 112(sp)
    addi sp, sp, FRAME
    ret

    // Through the stack, by halfwords if both addresses are even, else by bytes.
.Lmisaligned:
    sw X0, 0(sp)
    sw X1, 4(sp)
    sw X2, 8(sp)
    sw X3, 12(sp)
    sw X4, 16(sp)
    sw X5, 20(sp)
    sw X6, 24(sp)
    sw X7, 28(sp)
    sw X8, 32(sp)
    sw X9, 36(sp)
    sw X10, 40(sp)
    sw X11, 44(sp)
    sw X12, 48(sp)
    sw X13, 52(sp)
    sw X14, 56(sp)
    sw X15, 60(sp)
    // The short encodings reach these registers.
    mv a0, sp
    mv a1, SRC
    mv a2, DST
    addi SRC, SRC, 64
    addi DST, DST, 64
    andi t0, MISALIGNED, 1
    bnez t0, .Lbytes                // public
.Lhalves:
    .irp i, 0, 2, 4, 6
    lhu a3, \i(a0)
    lhu a4, \i(a1)
    xor a3, a3, a4
    sh a3, \i(a2)
    .endr
    addi a0, a0, 8
    addi a1, a1, 8
    addi a2, a2, 8
    bne a1, SRC, .Lhalves           // public
    j .Lnext
.Lbytes:
    .irp i, 0, 1, 2, 3
    lbu a3, \i(a0)
    lbu a4, \i(a1)
    xor a3, a3, a4
    sb a3, \i(a2)
    .endr
    addi a0, a0, 4
    addi a1, a1, 4
    addi a2, a2, 4
    bne a1, SRC, .Lbytes            // public
.Lnext:
    bne SRC, END, .Lblock           // public
    // No keystream stays behind.
    .irp i, 0, 4, 8, 12, 16, 20, 24, 28, 32, 36, 40, 44, 48, 52, 56, 60
    sw zero, \i(sp)
    .endr
    j .Ldone
    .size wg_chacha20_xor, . - wg_chacha20_xor

#endif

#if defined(__linux__) && defined(__ELF__)
.section .note.GNU-stack, "", %progbits
#endif
