// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors

// ChaCha20-Poly1305 (RFC 8439) with WireGuard's nonce, four zero bytes and a
// 64-bit little-endian counter, and XChaCha20-Poly1305
// (draft-irtf-cfrg-xchacha).
//
// Buffers may have any alignment (words are faster) and dst may equal src;
// otherwise they must not overlap. ad may be NULL when ad_len is 0.
#ifndef WG_CRYPTO_CHACHA20POLY1305_H
#define WG_CRYPTO_CHACHA20POLY1305_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cold.h"

#define WG_TAG_LEN 16

// The two primitives' states, laid out for the kernels (see kernels.h).
typedef struct wg_chacha20 {
    uint32_t input[16];
    uint32_t start[12];     // columns 1, 2, 3 of the state on the way, see chacha20_start
} wg_chacha20_t;

typedef struct wg_poly1305 {
    uint32_t h[5];
    uint32_t r[4];
    uint32_t s[4];
} wg_poly1305_t;

typedef struct wg_aead {
    wg_chacha20_t chacha;
    wg_poly1305_t poly;
    uint32_t block[20];     // current 64 bytes: ciphertext up to len % 64, then keystream;
                            // at the end room for the lengths
    size_t ad_len, len;
} wg_aead_t;

// A message in pieces. Encrypt and decrypt take any split, not mixed.
void wg_aead_init(wg_aead_t *a, const uint8_t key[32], uint64_t counter,
    const uint8_t *ad, size_t ad_len);
void wg_aead_encrypt(wg_aead_t *a, uint8_t *dst, const uint8_t *src, size_t len);
// What it writes is not authentic until the caller has compared the tag, and
// must be wiped or dropped if the tag differs.
void wg_aead_decrypt(wg_aead_t *a, uint8_t *dst, const uint8_t *src, size_t len);
// Finishes, and wipes a.
void wg_aead_tag(wg_aead_t *a, uint8_t tag[16]);

// A message at once; dst takes len + 16 bytes.
void wg_seal(uint8_t *dst, const uint8_t *src, size_t len, const uint8_t *ad, size_t ad_len,
    uint64_t counter, const uint8_t key[32]);
// A packet and zero bytes up to the next multiple of 16, or fewer: dst takes len + padding + 16.
void wg_seal_padded(uint8_t *dst, const uint8_t *src, size_t len, size_t padding,
    uint64_t counter, const uint8_t key[32]);
// len includes the tag, dst takes len - 16 bytes. The tag is checked before
// anything is decrypted: on failure dst has not been written.
bool wg_open(uint8_t *dst, const uint8_t *src, size_t len, const uint8_t *ad, size_t ad_len,
    uint64_t counter, const uint8_t key[32]);

// The same with XChaCha20's 24-byte nonce.
WG_COLD void wg_xseal(uint8_t *dst, const uint8_t *src, size_t len, const uint8_t *ad, size_t ad_len,
    const uint8_t nonce[24], const uint8_t key[32]);
WG_COLD bool wg_xopen(uint8_t *dst, const uint8_t *src, size_t len, const uint8_t *ad, size_t ad_len,
    const uint8_t nonce[24], const uint8_t key[32]);

#endif
