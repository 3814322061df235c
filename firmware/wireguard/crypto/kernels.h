// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors

// The inner loops. Each exists in portable C, beside its caller, and in
// assembly for RV32IM and for Xtensa with MULUH; WG_PORTABLE forces C.
#ifndef WG_CRYPTO_KERNELS_H
#define WG_CRYPTO_KERNELS_H

#if defined(WG_PORTABLE)
#elif defined(__riscv) && __riscv_xlen == 32 && defined(__riscv_mul) && !defined(__riscv_32e)
#define WG_ASM_RISCV32 1
#define WG_ASM 1
#elif defined(__XTENSA_WINDOWED_ABI__) && defined(__XTENSA_EL__) && __XCHAL_HAVE_LOOPS \
    && __XCHAL_HAVE_MUL32_HIGH
#define WG_ASM_XTENSA 1
#define WG_ASM 1
#elif defined(__XTENSA__)
#error "not constant-time here: compilers make branches of the carries in C"
#endif

#ifndef __ASSEMBLER__

#include "blake2s.h"
#include "chacha20poly1305.h"

// XOR whole 64-byte blocks (at least one) of keystream into src, giving dst; the block
// counter, input[12], advances.
void wg_chacha20_xor(wg_chacha20_t *s, uint8_t *dst, const uint8_t *src, size_t blocks);

// Absorb whole 16-byte blocks (at least one), each with its 2^128 bit:
// h = (h + m + 2^128) r mod 2^130 - 5, partially reduced (h[4] <= 4). r is clamped.
void wg_poly1305_blocks(wg_poly1305_t *s, const uint8_t *in, size_t blocks);

extern const uint32_t wg_blake2s_iv[8];

// One compression of h with a block of 64 bytes, aligned to words; t is the byte
// count and last is ~0 for the last block, 0 otherwise.
void wg_blake2s_compress(uint32_t h[8], const void *block, const uint32_t t[2], uint32_t last);

#endif
#endif
