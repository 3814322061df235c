// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors

// Monocypher behind our functions' names, for the comparison. It has no BLAKE2s.
#include <string.h>

#include "chacha20poly1305.h"
#include "monocypher.h"
#include "x25519.h"

bool wg_x25519(uint8_t out[32], const uint8_t scalar[32], const uint8_t point[32]) {
    static const uint8_t zero[32];
    crypto_x25519(out, scalar, point);
    return crypto_verify32(out, zero) != 0;
}

void wg_x25519_base(uint8_t out[32], const uint8_t scalar[32]) {
    crypto_x25519_public_key(out, scalar);
}

static void init(crypto_aead_ctx *c, uint64_t counter, const uint8_t key[32]) {
    uint8_t nonce[12] = { 0 };
    memcpy(nonce + 4, &counter, 8);
    crypto_aead_init_ietf(c, key, nonce);
}

void wg_seal(uint8_t *dst, const uint8_t *src, size_t len, const uint8_t *ad, size_t ad_len,
    uint64_t counter, const uint8_t key[32]) {
    crypto_aead_ctx c;
    init(&c, counter, key);
    crypto_aead_write(&c, dst, dst + len, ad, ad_len, src, len);
}

bool wg_open(uint8_t *dst, const uint8_t *src, size_t len, const uint8_t *ad, size_t ad_len,
    uint64_t counter, const uint8_t key[32]) {
    crypto_aead_ctx c;
    init(&c, counter, key);
    return crypto_aead_read(&c, dst, src + len - 16, ad, ad_len, src, len - 16) == 0;
}
