// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors

// ChaCha20 for Xtensa with windows and zero-overhead loops.
//
// src rotates by the amount in SAR, so the four quarter rounds of a round go
// step by step together and set it once. Fifteen of the sixteen words are in
// registers, a0 among them; x8 and x9 take turns in one, which costs four
// loads and stores a round: a step that uses row c does the word that is
// there, swaps, and does the other. A double round, 112 instructions, is
// longer than the loop instruction reaches, hence the loop registers are
// written. What a message's blocks have in common has been done once, see
// chacha20_start.
//
// a0 may hold a word: of the windows' machinery only retw looks at it, and it
// is back by then.
//
//   x0..x7     a2 .. a9       x8, x9   a10
//   x10, x11   a11 a12        x12..x15 a13 a14 a15 a0
//
// A block starts with s in a0 and ends with it there; the pointers and what
// else there is live in the frame.

#include "kernels.h"

#if defined(WG_ASM_XTENSA)

#define X0 a2
#define X1 a3
#define X2 a4
#define X3 a5
#define X4 a6
#define X5 a7
#define X6 a8
#define X7 a9
#define X8 a10
#define X9 a10
#define X10 a11
#define X11 a12
#define X12 a13
#define X13 a14
#define X14 a15
#define X15 a0

// While the words are output, x12..x15 wait in the frame for their registers.
#define T a13
#define DST a14
#define SRC a15
#define S a0

#define AT_X8 0
#define AT_X9 4
#define AT_X12 8
#define AT_X13 12
#define AT_X14 16
#define AT_X15 20
#define AT_S 24
#define AT_DST 28
#define AT_SRC 32
#define AT_END 36
#define AT_RETURN 40
#define AT_MISALIGNED 44
// If not aligned, blocks go one by one, through a buffer.
#define AT_REAL_DST 48
#define AT_REAL_SRC 52
#define AT_REAL_END 56
#define AT_BUFFER 64
#define FRAME 144

#define START 64

// SAR is 32 less the amount to rotate left.
.macro step a, b, d
    add \a, \a, \b
    xor \d, \d, \a
    src \d, \d, \d
.endm

.macro swap out, in
    s32i a10, a1, \out
    l32i a10, a1, \in
.endm

.macro output_word x, i
    l32i T, S, 4 * \i
    add \x, \x, T
    l32i T, SRC, 4 * \i
    xor \x, \x, T
    s32i \x, DST, 4 * \i
.endm

    .section .text.wg_chacha20_xor, "ax", @progbits
    .literal_position
    .globl wg_chacha20_xor
    .type wg_chacha20_xor, @function
    .p2align 2
wg_chacha20_xor:
    entry a1, FRAME
    s32i a0, a1, AT_RETURN
    s32i a2, a1, AT_S
    slli a5, a5, 6
    add a5, a4, a5
    or a6, a3, a4
    extui a6, a6, 0, 2
    s32i a6, a1, AT_MISALIGNED
    s32i a3, a1, AT_DST
    s32i a4, a1, AT_SRC
    s32i a5, a1, AT_END
    beqz a6, .Lsetup                    // public
    j .Lmisaligned

.Lsetup:
    movi a3, .Lrounds
    wsr.lbeg a3
    movi a3, .Lrounds_end
    wsr.lend a3
    l32i S, a1, AT_S

.Lblock:
    movi a3, 9
    wsr.lcount a3
    isync
    l32i X0, S, 0
    l32i X4, S, 16
    l32i X8, S, 32
    l32i X12, S, 48
    ssai 16
    step X0, X4, X12
    ssai 20
    step X8, X12, X4
    ssai 24
    step X0, X4, X12
    ssai 25
    step X8, X12, X4
    s32i X8, a1, AT_X8
    l32i X1, S, START + 0
    l32i X2, S, START + 4
    l32i X3, S, START + 8
    l32i X5, S, START + 12
    l32i X6, S, START + 16
    l32i X7, S, START + 20
    l32i X9, S, START + 24
    l32i X10, S, START + 28
    l32i X11, S, START + 32
    l32i X13, S, START + 36
    l32i X14, S, START + 40
    l32i X15, S, START + 44
    ssai 16
    j .Lenter

.Lrounds:
    ssai 16
    step X0, X4, X12
    step X1, X5, X13
    step X2, X6, X14
    step X3, X7, X15
    ssai 20
    step X9, X13, X5
    step X10, X14, X6
    step X11, X15, X7
    swap AT_X9, AT_X8
    step X8, X12, X4
    ssai 24
    step X0, X4, X12
    step X1, X5, X13
    step X2, X6, X14
    step X3, X7, X15
    ssai 25
    step X8, X12, X4
    step X10, X14, X6
    step X11, X15, X7
    swap AT_X8, AT_X9
    step X9, X13, X5
    // What of the diagonals does not depend on column 0.
    ssai 16
    add X1, X1, X6
    step X2, X7, X13
.Lenter:
    step X0, X5, X15
    xor X12, X12, X1
    src X12, X12, X12
    step X3, X4, X14
    ssai 20
    step X10, X15, X5
    step X11, X12, X6
    step X9, X14, X4
    swap AT_X9, AT_X8
    step X8, X13, X7
    ssai 24
    step X0, X5, X15
    step X1, X6, X12
    step X2, X7, X13
    step X3, X4, X14
    ssai 25
    step X10, X15, X5
    step X11, X12, X6
    step X8, X13, X7
    swap AT_X8, AT_X9
    step X9, X14, X4
.Lrounds_end:
    s32i X12, a1, AT_X12
    s32i X13, a1, AT_X13
    s32i X14, a1, AT_X14
    s32i X15, a1, AT_X15
    l32i S, a1, AT_S
    l32i DST, a1, AT_DST
    l32i SRC, a1, AT_SRC
    output_word X0, 0
    output_word X1, 1
    output_word X2, 2
    output_word X3, 3
    output_word X4, 4
    output_word X5, 5
    output_word X6, 6
    output_word X7, 7
    output_word X9, 9
    output_word X10, 10
    output_word X11, 11
    l32i X8, a1, AT_X8
    l32i a2, a1, AT_X12
    l32i a3, a1, AT_X13
    l32i a4, a1, AT_X14
    l32i a5, a1, AT_X15
    output_word X8, 8
    output_word a3, 13
    output_word a4, 14
    output_word a5, 15
    l32i a3, S, 48
    add a2, a2, a3
    l32i T, SRC, 48
    xor a2, a2, T
    s32i a2, DST, 48
    addi a3, a3, 1
    s32i a3, S, 48
    l32i a3, a1, AT_END
    addi DST, DST, 64
    addi SRC, SRC, 64
    s32i DST, a1, AT_DST
    s32i SRC, a1, AT_SRC
    beq SRC, a3, .Ldone                 // public
    j .Lblock

.Ldone:
    l32i a2, a1, AT_MISALIGNED
    beqz a2, .Lreturn                   // public

    // The block is at its place if dst was aligned, else in the buffer.
    l32i a2, a1, AT_REAL_DST
    addi a4, a1, AT_BUFFER
    addi a5, a2, 64
    s32i a5, a1, AT_REAL_DST
    extui a3, a2, 0, 2
    beqz a3, .Lnext                     // public
    movi a3, 8
    bbsi a2, 0, .Lout_bytes             // public
    loop a3, .Lout_halves_end
    l32i a5, a4, 0
    l32i a7, a4, 4
    addi a4, a4, 8
    extui a6, a5, 16, 16
    extui a8, a7, 16, 16
    s16i a5, a2, 0
    s16i a6, a2, 2
    s16i a7, a2, 4
    s16i a8, a2, 6
    addi a2, a2, 8
.Lout_halves_end:
    j .Lnext
.Lout_bytes:
    movi a3, 16
    loop a3, .Lnext
    l32i a5, a4, 0
    addi a4, a4, 4
    extui a6, a5, 8, 8
    s8i a5, a2, 0
    s8i a6, a2, 1
    extui a6, a5, 16, 8
    extui a5, a5, 24, 8
    s8i a6, a2, 2
    s8i a5, a2, 3
    addi a2, a2, 4
.Lnext:
    l32i a4, a1, AT_REAL_SRC
    l32i a5, a1, AT_REAL_END
    bne a4, a5, .Lfetch                 // public

.Lreturn:
    // No word of the state stays behind.
    movi a3, 0
    .irp at, AT_X8, AT_X9, AT_X12, AT_X13, AT_X14, AT_X15
    s32i a3, a1, \at
    .endr
    l32i a0, a1, AT_RETURN
    retw

.Lmisaligned:
    s32i a3, a1, AT_REAL_DST
    s32i a4, a1, AT_REAL_SRC
    s32i a5, a1, AT_REAL_END
.Lfetch:
    // a4 is where the block is. It is used from there if aligned, else from
    // the buffer: shifted out of 17 words, each with a byte of it at least.
    addi a5, a4, 64
    s32i a5, a1, AT_REAL_SRC
    addi a2, a1, AT_BUFFER
    extui a3, a4, 0, 2
    beqz a3, .Lfetched                  // public
    ssa8l a4
    sub a5, a4, a3
    mov a4, a2
    l32i a6, a5, 0
    movi a3, 8
    loop a3, .Lfetched
    l32i a7, a5, 4
    src a8, a7, a6
    l32i a6, a5, 8
    addi a5, a5, 8
    s32i a8, a2, 0
    src a8, a6, a7
    s32i a8, a2, 4
    addi a2, a2, 8
.Lfetched:
    addi a5, a4, 64
    s32i a4, a1, AT_SRC
    s32i a5, a1, AT_END
    l32i a2, a1, AT_REAL_DST
    extui a3, a2, 0, 2
    beqz a3, .Lto_dst                   // public
    addi a2, a1, AT_BUFFER
.Lto_dst:
    s32i a2, a1, AT_DST
    j .Lsetup
    .size wg_chacha20_xor, . - wg_chacha20_xor

#endif

#if defined(__linux__) && defined(__ELF__)
.section .note.GNU-stack, "", %progbits
#endif
