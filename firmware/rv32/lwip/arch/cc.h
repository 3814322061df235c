// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors

// lwIP's compiler and platform. An assertion that fails ends the emulator.
#ifndef RV32_ARCH_CC_H
#define RV32_ARCH_CC_H

typedef unsigned int sys_prot_t;

void board_assert(const char *message, const char *file, int line) __attribute__((noreturn));

#define LWIP_PLATFORM_DIAG(x)
#define LWIP_PLATFORM_ASSERT(x) board_assert(x, __FILE__, __LINE__)

#define PACK_STRUCT_STRUCT __attribute__((packed))

#endif // RV32_ARCH_CC_H
