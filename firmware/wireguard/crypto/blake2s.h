// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors

// BLAKE2s (RFC 7693) and what WireGuard builds from it: HMAC and the key
// derivation of the whitepaper, section 5.4.
#ifndef WG_CRYPTO_BLAKE2S_H
#define WG_CRYPTO_BLAKE2S_H

#include <stddef.h>
#include <stdint.h>

#include "cold.h"

#define WG_HASH_LEN 32

typedef struct wg_blake2s {
    uint32_t h[8];
    uint32_t t[2];          // bytes compressed so far
    uint32_t block[16];     // bytes not yet compressed
    uint32_t block_len;     // 0..64; a full block waits until it is known not to be the last
    uint32_t out_len;
} wg_blake2s_t;

// out_len 1..32, key_len 0..32 (key may be NULL when key_len is 0).
void wg_blake2s_init(wg_blake2s_t *s, size_t out_len, const uint8_t *key, size_t key_len);
void wg_blake2s_update(wg_blake2s_t *s, const uint8_t *in, size_t len);
// Writes out_len bytes and wipes s.
void wg_blake2s_final(wg_blake2s_t *s, uint8_t *out);

// All of it at once; out may be part of in.
void wg_blake2s(uint8_t *out, size_t out_len, const uint8_t *key, size_t key_len,
    const uint8_t *in, size_t len);

// HMAC-BLAKE2s-256 (RFC 2104); any key length; out may alias key or in.
WG_COLD void wg_hmac(uint8_t out[32], const uint8_t *key, size_t key_len, const uint8_t *in, size_t len);

// KDF_n: n (1..3) outputs of 32 bytes each from a chaining key and input. An
// output may alias the key or the input.
WG_COLD void wg_kdf(uint8_t *const outs[], unsigned n, const uint8_t key[32],
    const uint8_t *in, size_t len);

#endif
