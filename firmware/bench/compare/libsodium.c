// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors

// libsodium behind our functions' names, for the comparison. It has no BLAKE2s.
#include <stdlib.h>
#include <string.h>

#include "chacha20poly1305.h"
#include "sodium/crypto_aead_chacha20poly1305.h"
#include "sodium/crypto_scalarmult_curve25519.h"
#include "x25519.h"

// What the library refers to and never uses here.
void sodium_misuse(void) {
    for (;;) {
    }
}

void randombytes_buf(void *const buf, const size_t size) {
    memset(buf, 0, size);
}

bool wg_x25519(uint8_t out[32], const uint8_t scalar[32], const uint8_t point[32]) {
    return crypto_scalarmult_curve25519(out, scalar, point) == 0;
}

void wg_x25519_base(uint8_t out[32], const uint8_t scalar[32]) {
    crypto_scalarmult_curve25519_base(out, scalar);
}

static void make_nonce(uint8_t nonce[12], uint64_t counter) {
    memset(nonce, 0, 4);
    memcpy(nonce + 4, &counter, 8);
}

void wg_seal(uint8_t *dst, const uint8_t *src, size_t len, const uint8_t *ad, size_t ad_len,
    uint64_t counter, const uint8_t key[32]) {
    uint8_t nonce[12];
    make_nonce(nonce, counter);
    crypto_aead_chacha20poly1305_ietf_encrypt(dst, NULL, src, len, ad, ad_len, NULL, nonce, key);
}

bool wg_open(uint8_t *dst, const uint8_t *src, size_t len, const uint8_t *ad, size_t ad_len,
    uint64_t counter, const uint8_t key[32]) {
    uint8_t nonce[12];
    make_nonce(nonce, counter);
    return crypto_aead_chacha20poly1305_ietf_decrypt(dst, NULL, NULL, src, len, ad, ad_len, nonce, key) == 0;
}
