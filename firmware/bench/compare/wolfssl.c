// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors

// wolfSSL behind our functions' names, for the comparison.
#include <wolfssl/wolfcrypt/settings.h>
#include <wolfssl/wolfcrypt/blake2.h>
#include <wolfssl/wolfcrypt/chacha20_poly1305.h>
#include <wolfssl/wolfcrypt/curve25519.h>

#include "blake2s.h"
#include "chacha20poly1305.h"
#include "x25519.h"

static void clamp(uint8_t out[32], const uint8_t scalar[32]) {
    memcpy(out, scalar, 32);
    out[0] &= 248;
    out[31] = (out[31] & 127) | 64;
}

bool wg_x25519(uint8_t out[32], const uint8_t scalar[32], const uint8_t point[32]) {
    uint8_t clamped[32];
    clamp(clamped, scalar);
    return wc_curve25519_generic(32, out, 32, clamped, 32, point) == 0;
}

void wg_x25519_base(uint8_t out[32], const uint8_t scalar[32]) {
    uint8_t clamped[32];
    clamp(clamped, scalar);
    wc_curve25519_make_pub(32, out, 32, clamped);
}

static void make_nonce(uint8_t nonce[12], uint64_t counter) {
    memset(nonce, 0, 4);
    memcpy(nonce + 4, &counter, 8);
}

void wg_seal(uint8_t *dst, const uint8_t *src, size_t len, const uint8_t *ad, size_t ad_len,
    uint64_t counter, const uint8_t key[32]) {
    uint8_t nonce[12];
    make_nonce(nonce, counter);
    wc_ChaCha20Poly1305_Encrypt(key, nonce, ad, ad_len, src, len, dst, dst + len);
}

bool wg_open(uint8_t *dst, const uint8_t *src, size_t len, const uint8_t *ad, size_t ad_len,
    uint64_t counter, const uint8_t key[32]) {
    uint8_t nonce[12];
    make_nonce(nonce, counter);
    return wc_ChaCha20Poly1305_Decrypt(key, nonce, ad, ad_len, src, len - 16, src + len - 16, dst) == 0;
}

void wg_blake2s(uint8_t *out, size_t out_len, const uint8_t *key, size_t key_len,
    const uint8_t *in, size_t len) {
    Blake2s b;
    if (key_len) {
        wc_InitBlake2s_WithKey(&b, out_len, key, key_len);
    } else {
        wc_InitBlake2s(&b, out_len);
    }
    wc_Blake2sUpdate(&b, in, len);
    wc_Blake2sFinal(&b, out, out_len);
}
