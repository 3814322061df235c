// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors

// Start-up and window vectors for qemu-system-xtensa -M sim, which enters at the reset vector.
// The six window handlers are the instruction set's own: each spills or fills the 4, 8 or 12
// registers of one caller in the stack areas that the windowed ABI reserves.

    .section .vectors, "ax"
    .begin no-transform
    .globl vectors
    .balign 1024
vectors:
    .org    vectors + 0x000         // overflow 4
    s32e    a0, a5, -16
    s32e    a1, a5, -12
    s32e    a2, a5, -8
    s32e    a3, a5, -4
    rfwo
    .org    vectors + 0x040         // underflow 4
    l32e    a0, a5, -16
    l32e    a1, a5, -12
    l32e    a2, a5, -8
    l32e    a3, a5, -4
    rfwu
    .org    vectors + 0x080         // overflow 8
    s32e    a0, a9, -16
    l32e    a0, a1, -12
    s32e    a1, a9, -12
    s32e    a2, a9, -8
    s32e    a3, a9, -4
    s32e    a4, a0, -32
    s32e    a5, a0, -28
    s32e    a6, a0, -24
    s32e    a7, a0, -20
    rfwo
    .org    vectors + 0x0c0         // underflow 8
    l32e    a0, a9, -16
    l32e    a1, a9, -12
    l32e    a2, a9, -8
    l32e    a7, a1, -12
    l32e    a3, a9, -4
    l32e    a4, a7, -32
    l32e    a5, a7, -28
    l32e    a6, a7, -24
    l32e    a7, a7, -20
    rfwu
    .org    vectors + 0x100         // overflow 12
    s32e    a0, a13, -16
    l32e    a0, a1, -12
    s32e    a1, a13, -12
    s32e    a2, a13, -8
    s32e    a3, a13, -4
    s32e    a4, a0, -48
    s32e    a5, a0, -44
    s32e    a6, a0, -40
    s32e    a7, a0, -36
    s32e    a8, a0, -32
    s32e    a9, a0, -28
    s32e    a10, a0, -24
    s32e    a11, a0, -20
    rfwo
    .org    vectors + 0x140         // underflow 12
    l32e    a0, a13, -16
    l32e    a1, a13, -12
    l32e    a2, a13, -8
    l32e    a11, a1, -12
    l32e    a3, a13, -4
    l32e    a4, a11, -48
    l32e    a5, a11, -44
    l32e    a6, a11, -40
    l32e    a7, a11, -36
    l32e    a8, a11, -32
    l32e    a9, a11, -28
    l32e    a10, a11, -24
    l32e    a11, a11, -20
    rfwu
    .org    vectors + 0x300         // kernel, user and double exceptions end the run
    j       fault
    .org    vectors + 0x340
    #if BENCH_EMULATE_MULUH
    j       user_exception
    #else
    j       fault
    #endif
    .org    vectors + 0x3c0
    j       fault
    .org    vectors + 0x3e0
fault:
    rsr     a3, exccause
    movi    a2, 64
    or      a3, a3, a2
    movi    a2, 1                   // SYS_exit
    simcall
    j       fault
    .end no-transform

    #if BENCH_EMULATE_MULUH
// An illegal instruction that is MULUH is computed from 16-bit halves, without a branch on data;
// everything else is a fault. The save area holds a0 to a15 in order.
    .section .text.emulate, "ax"
    .literal_position
    .balign 4
user_exception:
    wsr     a0, excsave1
    movi    a0, registers
    .irp    n, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
    s32i    a\n, a0, 4 * \n
    .endr
    mov     a15, a0
    rsr     a2, excsave1
    s32i    a2, a15, 0
    rsr     a2, exccause
    bnez    a2, not_muluh
    rsr     a2, epc1
    l8ui    a3, a2, 0
    l8ui    a4, a2, 1
    l8ui    a5, a2, 2
    movi    a6, 0xa2
    bne     a5, a6, not_muluh
    extui   a6, a3, 0, 4
    bnez    a6, not_muluh
    extui   a5, a3, 4, 4
    addx4   a5, a5, a15
    l32i    a5, a5, 0               // t
    extui   a6, a4, 0, 4
    addx4   a6, a6, a15
    l32i    a6, a6, 0               // s
    extui   a7, a5, 0, 16
    extui   a8, a5, 16, 16
    extui   a9, a6, 0, 16
    extui   a10, a6, 16, 16
    mull    a11, a7, a9
    mull    a12, a7, a10
    mull    a13, a8, a9
    mull    a14, a8, a10
    extui   a11, a11, 16, 16
    add     a12, a12, a11
    extui   a11, a12, 0, 16
    add     a13, a13, a11
    extui   a12, a12, 16, 16
    extui   a13, a13, 16, 16
    add     a14, a14, a12
    add     a14, a14, a13
    extui   a5, a4, 4, 4            // r
    addx4   a5, a5, a15
    s32i    a14, a5, 0
    addi    a2, a2, 3
    rsr     a3, lend                // the last instruction of a loop goes back to its start
    bne     a2, a3, 1f
    rsr     a4, lcount
    beqz    a4, 1f
    addi    a4, a4, -1
    wsr     a4, lcount
    rsr     a2, lbeg
1:  wsr     a2, epc1
    mov     a0, a15
    .irp    n, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
    l32i    a\n, a0, 4 * \n
    .endr
    l32i    a0, a0, 0
    rfe
not_muluh:
    j       fault

    .section .bss.registers, "aw", @nobits
    .balign 16
registers:
    .space  64
    #endif

    .section .reset, "ax"
    .globl _start
_start:
    j       1f
    .balign 4
    .literal_position
1:
    movi    a0, 1
    wsr     a0, windowstart
    movi    a0, 0
    wsr     a0, windowbase
    rsync
    movi    a0, vectors
    wsr     a0, vecbase
    movi    a0, 0x40020             // windows on, user vectors, no interrupt masked, no exception
    wsr     a0, ps
    rsync
    movi    a2, bss_start
    movi    a3, bss_end
    movi    a0, 0
1:  bgeu    a2, a3, 2f
    s32i    a0, a2, 0
    addi    a2, a2, 4
    j       1b
2:  movi    a1, stack_start - 32
    movi    a4, main
    callx4  a4
    j       2b

// int simcall(int operation, ...): up to four arguments, QEMU's Xtensa semihosting.
    .text
    .balign 4
    .globl simcall
    .type simcall, @function
simcall:
    entry   a1, 16
    simcall
    retw
