// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors

#include <string.h>

#include "blake2s.h"
#include "kernels.h"
#include "memory.h"

#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "words are taken from memory as they are: little-endian only"
#endif

#define BLOCK_LEN 64

const uint32_t wg_blake2s_iv[8] = {
    0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
    0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
};

#if !defined(WG_ASM)

static const uint8_t sigma[10][16] = {
    {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15},
    {14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3},
    {11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4},
    {7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8},
    {9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13},
    {2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9},
    {12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11},
    {13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10},
    {6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5},
    {10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0},
};

static inline uint32_t rotr(uint32_t x, unsigned n) {
    return x >> n | x << (32 - n);
}

#define G(a, b, c, d, x, y) do { \
    a += b + (x); d = rotr(d ^ a, 16); c += d; b = rotr(b ^ c, 12); \
    a += b + (y); d = rotr(d ^ a, 8); c += d; b = rotr(b ^ c, 7); \
} while (0)

void wg_blake2s_compress(uint32_t h[8], const void *block, const uint32_t t[2], uint32_t last) {
    uint32_t v[16], m[16];
    memcpy(m, block, BLOCK_LEN);
    memcpy(v, h, 32);
    memcpy(v + 8, wg_blake2s_iv, 32);
    v[12] ^= t[0];
    v[13] ^= t[1];
    v[14] ^= last;
    for (unsigned i = 0; i < 10; i++) {
        const uint8_t *s = sigma[i];
        G(v[0], v[4], v[8], v[12], m[s[0]], m[s[1]]);
        G(v[1], v[5], v[9], v[13], m[s[2]], m[s[3]]);
        G(v[2], v[6], v[10], v[14], m[s[4]], m[s[5]]);
        G(v[3], v[7], v[11], v[15], m[s[6]], m[s[7]]);
        G(v[0], v[5], v[10], v[15], m[s[8]], m[s[9]]);
        G(v[1], v[6], v[11], v[12], m[s[10]], m[s[11]]);
        G(v[2], v[7], v[8], v[13], m[s[12]], m[s[13]]);
        G(v[3], v[4], v[9], v[14], m[s[14]], m[s[15]]);
    }
    for (unsigned i = 0; i < 8; i++) {
        h[i] ^= v[i] ^ v[i + 8];
    }
    wg_wipe(v, sizeof(v));
    wg_wipe(m, sizeof(m));
}

#endif

static void compress(wg_blake2s_t *s, const void *block, uint32_t len, uint32_t last) {
    s->t[0] += len;
    s->t[1] += s->t[0] < len;
    wg_blake2s_compress(s->h, block, s->t, last);
}

static inline void init(uint32_t h[8], size_t out_len, size_t key_len) {
    const uint32_t parameter = 0x01010000 | key_len << 8 | out_len;
    for (unsigned i = 0; i < 8; i++) {
        h[i] = wg_blake2s_iv[i] ^ (i == 0 ? parameter : 0);
    }
}

void wg_blake2s_init(wg_blake2s_t *s, size_t out_len, const uint8_t *key, size_t key_len) {
    init(s->h, out_len, key_len);
    s->t[0] = 0;
    s->t[1] = 0;
    s->block_len = 0;
    s->out_len = out_len;
    if (key_len != 0) {
        memset(s->block, 0, BLOCK_LEN);
        memcpy(s->block, key, key_len);
        s->block_len = BLOCK_LEN;
    }
}

void wg_blake2s_update(wg_blake2s_t *s, const uint8_t *in, size_t len) {
    while (len != 0) {
        if (s->block_len == BLOCK_LEN) {
            compress(s, s->block, BLOCK_LEN, 0);
            s->block_len = 0;
        }
        size_t n = BLOCK_LEN - s->block_len;
        if (n > len) {
            n = len;
        }
        memcpy((uint8_t *)s->block + s->block_len, in, n);
        s->block_len += n;
        in += n;
        len -= n;
    }
}

void wg_blake2s_final(wg_blake2s_t *s, uint8_t *out) {
    memset((uint8_t *)s->block + s->block_len, 0, BLOCK_LEN - s->block_len);
    compress(s, s->block, s->block_len, ~0u);
    memcpy(out, s->h, s->out_len);
    wg_wipe(s, sizeof(*s));
}

void wg_blake2s(uint8_t *out, size_t out_len, const uint8_t *key, size_t key_len,
    const uint8_t *in, size_t len) {
    if (key_len == 0 && len == BLOCK_LEN && (uintptr_t)in % sizeof(uint32_t) == 0) {
        // What a handshake hashes most, two values of 32 bytes: without a copy of it.
        uint32_t h[8];
        const uint32_t t[2] = {BLOCK_LEN, 0};
        init(h, out_len, 0);
        wg_blake2s_compress(h, in, t, ~0u);
        memcpy(out, h, out_len);
        wg_wipe(h, sizeof(h));
        return;
    }
    wg_blake2s_t s;
    wg_blake2s_init(&s, out_len, key, key_len);
    wg_blake2s_update(&s, in, len);
    wg_blake2s_final(&s, out);
}

// One of HMAC's two hashes, begun: the key, zero-padded to a block and masked.
static void hmac_pad(wg_blake2s_t *s, const uint8_t *key, size_t key_len, uint8_t mask) {
    wg_blake2s_init(s, WG_HASH_LEN, NULL, 0);
    memset(s->block, 0, BLOCK_LEN);
    memcpy(s->block, key, key_len);
    for (unsigned i = 0; i < 16; i++) {
        s->block[i] ^= mask * 0x01010101u;
    }
    s->block_len = BLOCK_LEN;
}

// HMAC of in and one more byte, if tail is not zero. The key fits into a block.
static void hmac(uint8_t out[32], const uint8_t *key, size_t key_len,
    const uint8_t *in, size_t len, uint8_t tail) {
    wg_blake2s_t s;
    uint8_t inner[WG_HASH_LEN];
    hmac_pad(&s, key, key_len, 0x36);
    wg_blake2s_update(&s, in, len);
    wg_blake2s_update(&s, &tail, tail != 0);
    wg_blake2s_final(&s, inner);
    hmac_pad(&s, key, key_len, 0x5c);
    wg_blake2s_update(&s, inner, WG_HASH_LEN);
    wg_blake2s_final(&s, out);
    wg_wipe(inner, WG_HASH_LEN);
}

void wg_hmac(uint8_t out[32], const uint8_t *key, size_t key_len, const uint8_t *in, size_t len) {
    uint8_t hashed_key[WG_HASH_LEN];
    if (key_len > BLOCK_LEN) {
        wg_blake2s(hashed_key, WG_HASH_LEN, NULL, 0, key, key_len);
        key = hashed_key;
        key_len = WG_HASH_LEN;
    }
    hmac(out, key, key_len, in, len, 0);
    wg_wipe(hashed_key, WG_HASH_LEN);
}

void wg_kdf(uint8_t *const outs[], unsigned n, const uint8_t key[32],
    const uint8_t *in, size_t len) {
    uint8_t secret[WG_HASH_LEN], output[WG_HASH_LEN];
    hmac(secret, key, WG_HASH_LEN, in, len, 0);
    for (unsigned i = 1; i <= n; i++) {
        hmac(output, secret, WG_HASH_LEN, output, i == 1 ? 0 : WG_HASH_LEN, i);
        memcpy(outs[i - 1], output, WG_HASH_LEN);
    }
    wg_wipe(secret, WG_HASH_LEN);
    wg_wipe(output, WG_HASH_LEN);
}
