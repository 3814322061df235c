// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors

// BearSSL behind our functions' names, for the comparison: its constant-time 32-bit
// implementations, with multiplications as these chips have them. It has no BLAKE2s.
#include <string.h>

#include "bearssl_aead.h"
#include "bearssl_block.h"
#include "bearssl_ec.h"
#include "chacha20poly1305.h"
#include "x25519.h"

bool wg_x25519(uint8_t out[32], const uint8_t scalar[32], const uint8_t point[32]) {
    memmove(out, point, 32);
    return br_ec_c25519_m31.mul(out, 32, scalar, 32, BR_EC_curve25519) == 1;
}

void wg_x25519_base(uint8_t out[32], const uint8_t scalar[32]) {
    static const uint8_t nine[32] = { 9 };
    wg_x25519(out, scalar, nine);
}

static void run(uint8_t *dst, const uint8_t *src, size_t len, const uint8_t *ad, size_t ad_len,
    uint64_t counter, const uint8_t key[32], uint8_t tag[16], int encrypt) {
    uint8_t nonce[12] = { 0 };
    memcpy(nonce + 4, &counter, 8);
    memmove(dst, src, len);
    br_poly1305_ctmul_run(key, nonce, dst, len, ad, ad_len, tag, br_chacha20_ct_run, encrypt);
}

void wg_seal(uint8_t *dst, const uint8_t *src, size_t len, const uint8_t *ad, size_t ad_len,
    uint64_t counter, const uint8_t key[32]) {
    run(dst, src, len, ad, ad_len, counter, key, dst + len, 1);
}

bool wg_open(uint8_t *dst, const uint8_t *src, size_t len, const uint8_t *ad, size_t ad_len,
    uint64_t counter, const uint8_t key[32]) {
    uint8_t tag[16], wrong = 0;
    run(dst, src, len - 16, ad, ad_len, counter, key, tag, 0);
    for (int i = 0; i < 16; i++) {
        wrong |= tag[i] ^ src[len - 16 + i];
    }
    return wrong == 0;
}
