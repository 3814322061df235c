// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors

// BLAKE2s's compression for Xtensa with windows and zero-overhead loops.
//
// src rotates by the amount in SAR, so the four G of a half round go step by
// step together and set it once. Rows a, b and d are in registers; the words
// of row c take turns in one, up in one step and down in the next, so that
// each step begins with the word that is there. The message is copied to the
// frame, where a byte of the schedule plus a1 is a word's address. A round is
// longer than the loop instruction reaches, hence the loop registers are
// written.
//
//   v0..v3 a2 a3 a4 a5    v4..v7 a6 a7 a8 a9    v12..v15 a10 a11 a12 a13
//   one of v8..v11 a14    schedule a0    scratch a15

#include "kernels.h"

#if defined(WG_ASM_XTENSA)

#define V0 a2
#define V1 a3
#define V2 a4
#define V3 a5
#define V4 a6
#define V5 a7
#define V6 a8
#define V7 a9
#define V12 a10
#define V13 a11
#define V14 a12
#define V15 a13
#define C a14
#define T a15
#define SCHEDULE a0

#define AT_V8 64
#define AT_V9 68
#define AT_V10 72
#define AT_V11 76
#define AT_H 80
#define AT_RETURN 84
#define FRAME 112

.macro step_a a, b, d, i
    l8ui T, SCHEDULE, \i
    add \a, \a, \b
    add T, T, a1
    l32i T, T, 0
    add \a, \a, T
    xor \d, \d, \a
    src \d, \d, \d
.endm

.macro step_c b, d
    add C, C, \d
    xor \b, \b, C
    src \b, \b, \b
.endm

.macro swap out, in
    s32i C, a1, \out
    l32i C, a1, \in
.endm

// d8 is the word of row d that v8 goes with, and so on; messages i, i + 1, ... i + 7.
.macro half_round b0, d0, b1, d1, b2, d2, b3, d3, b8, d8, b9, d9, b10, d10, b11, d11, i
    ssai 16
    step_a V0, \b0, \d0, \i
    step_a V1, \b1, \d1, \i + 2
    step_a V2, \b2, \d2, \i + 4
    step_a V3, \b3, \d3, \i + 6
    ssai 12
    step_c \b8, \d8
    swap AT_V8, AT_V9
    step_c \b9, \d9
    swap AT_V9, AT_V10
    step_c \b10, \d10
    swap AT_V10, AT_V11
    step_c \b11, \d11
    ssai 8
    step_a V0, \b0, \d0, \i + 1
    step_a V1, \b1, \d1, \i + 3
    step_a V2, \b2, \d2, \i + 5
    step_a V3, \b3, \d3, \i + 7
    ssai 7
    step_c \b11, \d11
    swap AT_V11, AT_V10
    step_c \b10, \d10
    swap AT_V10, AT_V9
    step_c \b9, \d9
    swap AT_V9, AT_V8
    step_c \b8, \d8
.endm

.macro finish x, y, i
    l32i T, a0, 4 * \i
    xor \x, \x, \y
    xor \x, \x, T
    s32i \x, a0, 4 * \i
.endm

    .section .rodata.wg_blake2s_schedule, "a", @progbits
    // The permutations of RFC 7693, section 2.7, as offsets of words.
schedule:
    .macro row words:vararg
    .irp i, \words
    .byte 4 * \i
    .endr
    .endm
    row 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
    row 14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3
    row 11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4
    row 7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8
    row 9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13
    row 2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9
    row 12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11
    row 13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10
    row 6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5
    row 10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0

    .section .text.wg_blake2s_compress, "ax", @progbits
    .literal_position
    .globl wg_blake2s_compress
    .type wg_blake2s_compress, @function
    .p2align 2
wg_blake2s_compress:
    entry a1, FRAME
    s32i a0, a1, AT_RETURN
    s32i a2, a1, AT_H
    .irp at, 0, 8, 16, 24, 32, 40, 48, 56
    l32i a6, a3, \at
    l32i a7, a3, \at + 4
    s32i a6, a1, \at
    s32i a7, a1, \at + 4
    .endr
    movi T, wg_blake2s_iv
    l32i a6, T, 4
    l32i a7, T, 8
    l32i a8, T, 12
    s32i a6, a1, AT_V9
    s32i a7, a1, AT_V10
    s32i a8, a1, AT_V11
    l32i C, T, 0
    l32i V12, T, 16
    l32i V13, T, 20
    l32i V14, T, 24
    l32i V15, T, 28
    l32i a6, a4, 0
    l32i a7, a4, 4
    xor V14, V14, a5
    xor V12, V12, a6
    xor V13, V13, a7
    l32i V4, a2, 16
    l32i V5, a2, 20
    l32i V6, a2, 24
    l32i V7, a2, 28
    l32i V3, a2, 12
    l32i V1, a2, 4
    movi T, .Lround
    wsr.lbeg T
    movi T, .Lround_end
    wsr.lend T
    movi T, 9
    wsr.lcount T
    isync
    l32i V2, a2, 8
    l32i V0, a2, 0
    movi SCHEDULE, schedule

.Lround:
    half_round V4, V12, V5, V13, V6, V14, V7, V15, V4, V12, V5, V13, V6, V14, V7, V15, 0
    half_round V5, V15, V6, V12, V7, V13, V4, V14, V7, V13, V4, V14, V5, V15, V6, V12, 8
    addi SCHEDULE, SCHEDULE, 16
.Lround_end:

    l32i a0, a1, AT_H
    xor V0, V0, C
    l32i C, a1, AT_V9
    finish V1, C, 1
    l32i C, a1, AT_V10
    finish V2, C, 2
    l32i C, a1, AT_V11
    finish V3, C, 3
    l32i T, a0, 0
    xor V0, V0, T
    s32i V0, a0, 0
    finish V4, V12, 4
    finish V5, V13, 5
    finish V6, V14, 6
    finish V7, V15, 7
    // Of the message and row c nothing stays behind.
    movi T, 0
    .irp at, 0, 4, 8, 12, 16, 20, 24, 28, 32, 36, 40, 44, 48, 52, 56, 60
    s32i T, a1, \at
    .endr
    s32i T, a1, AT_V8
    s32i T, a1, AT_V9
    s32i T, a1, AT_V10
    s32i T, a1, AT_V11
    l32i a0, a1, AT_RETURN
    retw
    .size wg_blake2s_compress, . - wg_blake2s_compress

#endif

#if defined(__linux__) && defined(__ELF__)
.section .note.GNU-stack, "", %progbits
#endif
