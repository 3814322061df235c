// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors

// Start-up for qemu-system-riscv32 -M virt -bios none, which enters at the start of RAM.
    .section .text.start, "ax"
    .globl _start
_start:
    .option push
    .option norelax
    la      gp, __global_pointer$
    .option pop
    la      sp, stack_start
    la      a0, bss_start
    la      a1, bss_end
1:  bgeu    a0, a1, 2f
    sw      zero, 0(a0)
    addi    a0, a0, 4
    j       1b
2:  la      a0, trap
    csrw    mtvec, a0
    call    main
    tail    machine_exit

// Any trap (a bad access, an illegal instruction) ends the run with the cause as its status.
    .balign 4
trap:
    csrr    a0, mcause
    ori     a0, a0, 64
    tail    machine_exit

// int semihost(int operation, void *argument): the sequence QEMU recognises, uncompressed and
// within one page.
    .text
    .balign 16
    .globl semihost
    .option push
    .option norvc
semihost:
    slli    zero, zero, 0x1f
    ebreak
    srai    zero, zero, 7
    .option pop
    ret
