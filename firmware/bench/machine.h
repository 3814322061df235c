// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors

// What a bare-metal bench program needs of its machine: count, print, files, exit.
// Implemented by rv32.c (qemu-system-riscv32 -M virt) and xtensa.c (qemu-system-xtensa -M sim).
#ifndef BENCH_MACHINE_H
#define BENCH_MACHINE_H

#include <stddef.h>
#include <stdint.h>

int main(void);

// Instructions retired so far, modulo 2^32. Exact under -icount shift=0.
uint32_t machine_count(void);

// Bring the processor into the same state before each measured call: on Xtensa, all callers'
// registers are in memory; otherwise the spills of whatever ran before would be counted too.
void machine_settle(void);

// Semihosting: files of the host. Handles below 0 are errors; read returns the bytes read.
enum { MACHINE_READ, MACHINE_WRITE };
int machine_open(const char *name, int mode);
size_t machine_read(int file, void *buf, size_t len);
size_t machine_write(int file, const void *buf, size_t len);
void machine_print(const char *text);
void machine_exit(int status) __attribute__((noreturn));

// The stack pointer of the caller; everything below it, less a window's spill area, is free.
static inline uint32_t *machine_sp(void) {
    uint32_t *sp;
    #if defined(__riscv)
    __asm__ volatile ("mv %0, sp" : "=r" (sp));
    #else
    __asm__ volatile ("mov %0, a1" : "=r" (sp));
    #endif
    return sp;
}

// The unused end of the stack, from the linker script.
extern uint32_t stack_end[];

#endif
