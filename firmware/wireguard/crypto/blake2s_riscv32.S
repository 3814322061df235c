// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors

// BLAKE2s's compression for RV32I. The state stays in registers; a half round,
// four G with their eight message words in registers too, is a subroutine.
// What the rounds differ in, which words those are, is straight code between
// the calls: no table of indices, and 0.9 KB where unrolling would take 5.
//
//   v0..v3   t1 t2 a6 a7     v4..v7   s2 s3 s4 s5
//   v8..v11  s6 s7 s8 s9     v12..v15 t3 t4 t5 t6
//   words of a half round  s0 s1 a0 a1 a2 a3 a4 t0, loaded from m at a5:
//   this pairing has the short encoding
//   h s10, link ra, scratch s11

#include "kernels.h"

#if defined(WG_ASM_RISCV32)

#define V0 t1
#define V1 t2
#define V2 a6
#define V3 a7
#define V4 s2
#define V5 s3
#define V6 s4
#define V7 s5
#define V8 s6
#define V9 s7
#define V10 s8
#define V11 s9
#define V12 t3
#define V13 t4
#define V14 t5
#define V15 t6
#define M a5
#define H s10
#define T s11

#define FRAME 64

.macro rotr x, n
    slli T, \x, 32 - \n
    srli \x, \x, \n
    add \x, \x, T
.endm

.macro g a, b, c, d, x, y
    add \a, \a, \b
    add \a, \a, \x
    xor \d, \d, \a
    rotr \d, 16
    add \c, \c, \d
    xor \b, \b, \c
    rotr \b, 12
    add \a, \a, \b
    add \a, \a, \y
    xor \d, \d, \a
    rotr \d, 8
    add \c, \c, \d
    xor \b, \b, \c
    rotr \b, 7
.endm

.macro half_round to, i0, i1, i2, i3, i4, i5, i6, i7
    lw s0, 4 * \i0(M)
    lw s1, 4 * \i1(M)
    lw a0, 4 * \i2(M)
    lw a1, 4 * \i3(M)
    lw a2, 4 * \i4(M)
    lw a3, 4 * \i5(M)
    lw a4, 4 * \i6(M)
    lw t0, 4 * \i7(M)
    jal \to
.endm

.macro round i0, i1, i2, i3, i4, i5, i6, i7, i8, i9, i10, i11, i12, i13, i14, i15
    half_round .Lcolumns, \i0, \i1, \i2, \i3, \i4, \i5, \i6, \i7
    half_round .Ldiagonals, \i8, \i9, \i10, \i11, \i12, \i13, \i14, \i15
.endm

.macro finish x, y, i
    lw T, 4 * \i(H)
    xor \x, \x, \y
    xor \x, \x, T
    sw \x, 4 * \i(H)
.endm

    .section .text.wg_blake2s_compress, "ax", @progbits
    .globl wg_blake2s_compress
    .type wg_blake2s_compress, @function
    .p2align 2
wg_blake2s_compress:
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
    mv H, a0
    mv M, a1
    lw V0, 0(a0)
    lw V1, 4(a0)
    lw V2, 8(a0)
    lw V3, 12(a0)
    lw V4, 16(a0)
    lw V5, 20(a0)
    lw V6, 24(a0)
    lw V7, 28(a0)
    lw a0, 0(a2)
    lw a1, 4(a2)
    lla T, wg_blake2s_iv
    lw V8, 0(T)
    lw V9, 4(T)
    lw V10, 8(T)
    lw V11, 12(T)
    lw V12, 16(T)
    lw V13, 20(T)
    lw V14, 24(T)
    lw V15, 28(T)
    xor V12, V12, a0
    xor V13, V13, a1
    xor V14, V14, a3

    round 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
    round 14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3
    round 11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4
    round 7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8
    round 9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13
    round 2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9
    round 12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11
    round 13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10
    round 6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5
    round 10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0

    finish V0, V8, 0
    finish V1, V9, 1
    finish V2, V10, 2
    finish V3, V11, 3
    finish V4, V12, 4
    finish V5, V13, 5
    finish V6, V14, 6
    finish V7, V15, 7
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

.Lcolumns:
    g V0, V4, V8, V12, s0, s1
    g V1, V5, V9, V13, a0, a1
    g V2, V6, V10, V14, a2, a3
    g V3, V7, V11, V15, a4, t0
    ret
.Ldiagonals:
    g V0, V5, V10, V15, s0, s1
    g V1, V6, V11, V12, a0, a1
    g V2, V7, V8, V13, a2, a3
    g V3, V4, V9, V14, a4, t0
    ret
    .size wg_blake2s_compress, . - wg_blake2s_compress

#endif

#if defined(__linux__) && defined(__ELF__)
.section .note.GNU-stack, "", %progbits
#endif
