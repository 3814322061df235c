// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors

// machine.h for qemu-system-riscv32: minstret, and Arm-style semihosting.
#include <string.h>

#include "machine.h"

enum { SYS_OPEN = 1, SYS_WRITE0 = 4, SYS_WRITE = 5, SYS_READ = 6, SYS_EXIT_EXTENDED = 0x20 };
enum { OPEN_READ_BINARY = 1, OPEN_WRITE_BINARY = 5, APPLICATION_EXIT = 0x20026 };

int semihost(int operation, const void *argument);

uint32_t machine_count(void) {
    uint32_t n;
    __asm__ volatile ("csrr %0, minstret" : "=r" (n) : : "memory");
    return n;
}

void machine_settle(void) {
}

int machine_open(const char *name, int mode) {
    uintptr_t args[] = {
        (uintptr_t)name, mode == MACHINE_READ ? OPEN_READ_BINARY : OPEN_WRITE_BINARY, strlen(name),
    };
    return semihost(SYS_OPEN, args);
}

// Both calls answer with the bytes not transferred.
size_t machine_read(int file, void *buf, size_t len) {
    uintptr_t args[] = { file, (uintptr_t)buf, len };
    return len - semihost(SYS_READ, args);
}

size_t machine_write(int file, const void *buf, size_t len) {
    uintptr_t args[] = { file, (uintptr_t)buf, len };
    return len - semihost(SYS_WRITE, args);
}

void machine_print(const char *text) {
    semihost(SYS_WRITE0, text);
}

void machine_exit(int status) {
    uintptr_t args[] = { APPLICATION_EXIT, status };
    for (;;) {
        semihost(SYS_EXIT_EXTENDED, args);
    }
}
