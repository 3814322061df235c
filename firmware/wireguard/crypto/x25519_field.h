// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors

// Which instruction sets multiply in assembly. For C and assembler alike.

#ifndef WG_X25519_FIELD_H
#define WG_X25519_FIELD_H

// ESP32-C2, C3, C6, H2: 31 registers and the M extension.
#if defined(__riscv) && __riscv_xlen == 32 && defined(__riscv_mul) && !defined(__riscv_e) \
    && !defined(__riscv_32e)
#define WG_X25519_RISCV32 1
#endif

// ESP32, S2, S3: register windows, high halves of products. gcc 13 and newer
// say what the core has; older ones leave it to C.
#if defined(__XTENSA_WINDOWED_ABI__) && __XCHAL_HAVE_MUL32_HIGH && __XCHAL_HAVE_ADDX
#define WG_X25519_XTENSA 1
#endif

#endif
