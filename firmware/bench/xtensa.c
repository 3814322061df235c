// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors

// machine.h for qemu-system-xtensa -M sim: the cycle counter, and simcall semihosting.
#include <string.h>

#include "machine.h"

enum { SYS_EXIT = 1, SYS_READ = 3, SYS_WRITE = 4, SYS_OPEN = 5 };
enum { OPEN_READ = 0, OPEN_WRITE = 01 | 0100 | 01000, STDOUT = 1 };

// The counter's frequency in the emulated core: at one instruction a nanosecond, a core of 40 MHz
// counts one tick for every 25 instructions.
#ifndef MACHINE_MHZ
#define MACHINE_MHZ 1000
#endif

int simcall(int operation, ...);

uint32_t machine_count(void) {
    uint32_t n;
    __asm__ volatile ("rsr %0, ccount" : "=r" (n) : : "memory");
    return n * (1000 / MACHINE_MHZ);
}

// Deep enough to use all 64 registers twice over, 8 a call.
static __attribute__((noinline)) void descend(int depth) {
    if (depth > 0) {
        descend(depth - 1);
    }
    __asm__ volatile ("" : : : "memory");       // no tail call, which would be a loop
}

void machine_settle(void) {
    descend(16);
}

int machine_open(const char *name, int mode) {
    return simcall(SYS_OPEN, name, mode == MACHINE_READ ? OPEN_READ : OPEN_WRITE, 0644);
}

size_t machine_read(int file, void *buf, size_t len) {
    return simcall(SYS_READ, file, buf, len);
}

size_t machine_write(int file, const void *buf, size_t len) {
    return simcall(SYS_WRITE, file, buf, len);
}

void machine_print(const char *text) {
    simcall(SYS_WRITE, STDOUT, text, strlen(text));
}

void machine_exit(int status) {
    for (;;) {
        simcall(SYS_EXIT, status);
    }
}
