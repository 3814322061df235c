// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors

#include <string.h>

#include "chacha20poly1305.h"
#include "kernels.h"
#include "memory.h"

#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "words are taken from memory as they are: little-endian only"
#endif

#define BLOCK_LEN 64
#define POLY_LEN 16

static inline uint32_t load32(const uint8_t *p) {
    uint32_t x;
    memcpy(&x, p, sizeof(x));
    return x;
}

static inline void store32(uint8_t *p, uint32_t x) {
    memcpy(p, &x, sizeof(x));
}

static inline uint32_t rotl(uint32_t x, unsigned n) {
    return x << n | x >> (32 - n);
}

#define STEP(a, b, d, n) do { a += b; d = rotl(d ^ a, n); } while (0)

#define QUARTER_ROUND(a, b, c, d) do { \
    STEP(a, b, d, 16); STEP(c, d, b, 12); STEP(a, b, d, 8); STEP(c, d, b, 7); \
} while (0)

#if !defined(WG_ASM)

void wg_chacha20_xor(wg_chacha20_t *s, uint8_t *dst, const uint8_t *src, size_t blocks) {
    uint32_t x[16];
    do {
        for (unsigned i = 0; i < 4; i++) {
            x[i * 4] = s->input[i * 4];
            memcpy(x + i * 4 + 1, s->start + i * 3, 12);
        }
        QUARTER_ROUND(x[0], x[4], x[8], x[12]);
        for (unsigned i = 0;; i++) {
            // The diagonals, but for what start has done.
            QUARTER_ROUND(x[0], x[5], x[10], x[15]);
            x[12] = rotl(x[12] ^ x[1], 16);
            STEP(x[11], x[12], x[6], 12);
            STEP(x[1], x[6], x[12], 8);
            STEP(x[11], x[12], x[6], 7);
            STEP(x[8], x[13], x[7], 12);
            STEP(x[2], x[7], x[13], 8);
            STEP(x[8], x[13], x[7], 7);
            QUARTER_ROUND(x[3], x[4], x[9], x[14]);
            if (i == 9) {
                break;
            }
            QUARTER_ROUND(x[0], x[4], x[8], x[12]);
            QUARTER_ROUND(x[1], x[5], x[9], x[13]);
            QUARTER_ROUND(x[2], x[6], x[10], x[14]);
            QUARTER_ROUND(x[3], x[7], x[11], x[15]);
            x[1] += x[6];
            STEP(x[2], x[7], x[13], 16);
        }
        for (unsigned i = 0; i < 16; i++) {
            store32(dst, load32(src) ^ (x[i] + s->input[i]));
            dst += 4;
            src += 4;
        }
        s->input[12]++;
    } while (--blocks != 0);
    wg_wipe(x, sizeof(x));
}

void wg_poly1305_blocks(wg_poly1305_t *s, const uint8_t *in, size_t blocks) {
    // Radix 2^32. r is clamped: each word is below 2^28 and the upper three are
    // multiples of 4, so 2^128 r_i = 5 (r_i / 4) mod p, and no column overflows 64 bits.
    const uint32_t r0 = s->r[0], r1 = s->r[1], r2 = s->r[2], r3 = s->r[3];
    const uint32_t s1 = r1 + (r1 >> 2), s2 = r2 + (r2 >> 2), s3 = r3 + (r3 >> 2);
    uint32_t h0 = s->h[0], h1 = s->h[1], h2 = s->h[2], h3 = s->h[3], h4 = s->h[4];
    do {
        uint64_t c = (uint64_t)h0 + load32(in);
        h0 = c;
        c = (c >> 32) + h1 + load32(in + 4);
        h1 = c;
        c = (c >> 32) + h2 + load32(in + 8);
        h2 = c;
        c = (c >> 32) + h3 + load32(in + 12);
        h3 = c;
        h4 += (uint32_t)(c >> 32) + 1;

        uint64_t d0 = (uint64_t)h0 * r0 + (uint64_t)h1 * s3 + (uint64_t)h2 * s2 + (uint64_t)h3 * s1;
        uint64_t d1 = (uint64_t)h0 * r1 + (uint64_t)h1 * r0 + (uint64_t)h2 * s3 + (uint64_t)h3 * s2
            + h4 * s1 + (d0 >> 32);
        uint64_t d2 = (uint64_t)h0 * r2 + (uint64_t)h1 * r1 + (uint64_t)h2 * r0 + (uint64_t)h3 * s3
            + h4 * s2 + (d1 >> 32);
        uint64_t d3 = (uint64_t)h0 * r3 + (uint64_t)h1 * r2 + (uint64_t)h2 * r1 + (uint64_t)h3 * r0
            + h4 * s3 + (d2 >> 32);
        h4 = h4 * r0 + (uint32_t)(d3 >> 32);

        c = (uint64_t)(h4 >> 2) * 5 + (uint32_t)d0;
        h0 = c;
        c = (c >> 32) + (uint32_t)d1;
        h1 = c;
        c = (c >> 32) + (uint32_t)d2;
        h2 = c;
        c = (c >> 32) + (uint32_t)d3;
        h3 = c;
        h4 = (h4 & 3) + (uint32_t)(c >> 32);
        in += POLY_LEN;
    } while (--blocks != 0);
    s->h[0] = h0;
    s->h[1] = h1;
    s->h[2] = h2;
    s->h[3] = h3;
    s->h[4] = h4;
}

#endif

// Do once what every block of a message begins with: the block counter is in
// column 0, so this is the first column round of columns 1, 2, 3, then an
// addition in the second diagonal and a step in the third.
static void chacha20_start(wg_chacha20_t *s) {
    uint32_t *start = s->start;
    for (unsigned i = 0; i < 3; i++) {
        uint32_t a = s->input[i + 1], b = s->input[i + 5];
        uint32_t c = s->input[i + 9], d = s->input[i + 13];
        QUARTER_ROUND(a, b, c, d);
        start[i] = a;
        start[i + 3] = b;
        start[i + 6] = c;
        start[i + 9] = d;
    }
    start[0] += start[4];
    start[1] += start[5];
    start[9] = rotl(start[9] ^ start[1], 16);
}

// tail is the last four words of the input: block counter and nonce.
static void chacha20_init(wg_chacha20_t *s, const uint8_t key[32], const uint32_t tail[4]) {
    s->input[0] = 0x61707865;
    s->input[1] = 0x3320646e;
    s->input[2] = 0x79622d32;
    s->input[3] = 0x6b206574;
    memcpy(s->input + 4, key, 32);
    for (unsigned i = 0; i < 4; i++) {
        s->input[12 + i] = tail[i];
    }
    chacha20_start(s);
}

// One block of keystream.
static void chacha20_block(wg_chacha20_t *s, uint32_t block[16]) {
    for (unsigned i = 0; i < 16; i++) {
        block[i] = 0;
    }
    wg_chacha20_xor(s, (uint8_t *)block, (uint8_t *)block, 1);
}

// Both keys for one message: Poly1305's is the first 32 bytes of block 0.
static void aead_keys(wg_aead_t *a, const uint8_t key[32], uint64_t counter) {
    const uint32_t tail[4] = {0, 0, (uint32_t)counter, (uint32_t)(counter >> 32)};
    chacha20_init(&a->chacha, key, tail);
    chacha20_block(&a->chacha, a->block);
    for (unsigned i = 0; i < 5; i++) {
        a->poly.h[i] = 0;
    }
    for (unsigned i = 0; i < 4; i++) {
        a->poly.r[i] = a->block[i] & (i == 0 ? 0x0fffffff : 0x0ffffffc);
        a->poly.s[i] = a->block[4 + i];
    }
}

static void poly1305_blocks(wg_poly1305_t *s, const void *in, size_t blocks) {
    if (blocks != 0) {
        wg_poly1305_blocks(s, in, blocks);
    }
}

// x + y + *carry without a comparison, which some compilers make a branch.
static inline uint32_t add_with_carry(uint32_t x, uint32_t y, uint32_t *carry) {
    uint32_t sum = x + y + *carry;
    *carry = ((x & y) | ((x | y) & ~sum)) >> 31;
    return sum;
}

// ((h mod 2^130 - 5) + s) mod 2^128
static void poly1305_tag(const wg_poly1305_t *s, uint8_t tag[16]) {
    // h < 2p: it is p or more exactly if h + 5 reaches 2^130, and then p must go.
    uint32_t carry = 0;
    add_with_carry(s->h[0], 5, &carry);
    for (unsigned i = 1; i < 4; i++) {
        add_with_carry(s->h[i], 0, &carry);
    }
    uint32_t reduce = (s->h[4] + carry) >> 2;
    uint32_t carry_reduce = 0, sum[4];
    carry = 0;
    for (unsigned i = 0; i < 4; i++) {
        uint32_t h = add_with_carry(s->h[i], i == 0 ? reduce * 5 : 0, &carry_reduce);
        sum[i] = add_with_carry(h, s->s[i], &carry);
    }
    memcpy(tag, sum, sizeof(sum));
}

void wg_aead_init(wg_aead_t *a, const uint8_t key[32], uint64_t counter,
    const uint8_t *ad, size_t ad_len) {
    aead_keys(a, key, counter);
    size_t tail = ad_len % POLY_LEN;
    poly1305_blocks(&a->poly, ad, ad_len / POLY_LEN);
    if (tail != 0) {
        memset(a->block, 0, POLY_LEN);
        memcpy(a->block, ad + ad_len - tail, tail);
        wg_poly1305_blocks(&a->poly, (uint8_t *)a->block, 1);
    }
    a->ad_len = ad_len;
    a->len = 0;
}

// Bytes within one block: the ciphertext takes the keystream's place until
// the block is full and can be absorbed.
static void crypt_partial(wg_aead_t *a, uint8_t *dst, const uint8_t *src, size_t len, bool encrypt) {
    size_t used = a->len % BLOCK_LEN;
    uint8_t *block = (uint8_t *)a->block + used;
    if (used == 0) {
        chacha20_block(&a->chacha, a->block);
    }
    for (size_t i = 0; i < len; i++) {
        uint8_t in = src[i], out = in ^ block[i];
        block[i] = encrypt ? out : in;
        dst[i] = out;
    }
    if (used + len == BLOCK_LEN) {
        wg_poly1305_blocks(&a->poly, (uint8_t *)a->block, BLOCK_LEN / POLY_LEN);
    }
}

static void crypt(wg_aead_t *a, uint8_t *dst, const uint8_t *src, size_t len, bool encrypt) {
    while (len != 0) {
        size_t used = a->len % BLOCK_LEN, n = BLOCK_LEN - used;
        if (used != 0 || len < BLOCK_LEN) {
            n = len < n ? len : n;
            crypt_partial(a, dst, src, n, encrypt);
        } else {
            n = len - len % BLOCK_LEN;
            if (!encrypt) {
                wg_poly1305_blocks(&a->poly, src, n / POLY_LEN);
            }
            wg_chacha20_xor(&a->chacha, dst, src, n / BLOCK_LEN);
            if (encrypt) {
                wg_poly1305_blocks(&a->poly, dst, n / POLY_LEN);
            }
        }
        a->len += n;
        dst += n;
        src += n;
        len -= n;
    }
}

void wg_aead_encrypt(wg_aead_t *a, uint8_t *dst, const uint8_t *src, size_t len) {
    crypt(a, dst, src, len, true);
}

void wg_aead_decrypt(wg_aead_t *a, uint8_t *dst, const uint8_t *src, size_t len) {
    crypt(a, dst, src, len, false);
}

// Absorb the ciphertext in block, zero-padded, and the lengths, which follow it there.
static void finish(wg_aead_t *a, size_t tail, uint8_t tag[16]) {
    uint8_t *block = (uint8_t *)a->block;
    size_t padding = -tail % POLY_LEN;
    memset(block + tail, 0, padding);
    uint32_t *lengths = a->block + (tail + padding) / 4;
    lengths[0] = a->ad_len;
    lengths[1] = (uint64_t)a->ad_len >> 32;
    lengths[2] = a->len;
    lengths[3] = (uint64_t)a->len >> 32;
    wg_poly1305_blocks(&a->poly, block, (tail + padding) / POLY_LEN + 1);
    poly1305_tag(&a->poly, tag);
}

void wg_aead_tag(wg_aead_t *a, uint8_t tag[16]) {
    finish(a, a->len % BLOCK_LEN, tag);
    wg_wipe(a, sizeof(*a));
}

// At once, a message is its whole blocks, straight from src to dst, and a
// tail that goes through a->block.

// With zero bytes behind src that fill no more than its last block.
static inline void seal(uint8_t *dst, const uint8_t *src, size_t len, size_t padding,
    const uint8_t *ad, size_t ad_len, uint64_t counter, const uint8_t key[32]) {
    wg_aead_t a;
    uint8_t *block = (uint8_t *)a.block;
    size_t tail = len % BLOCK_LEN, whole = len - tail;
    wg_aead_init(&a, key, counter, ad, ad_len);
    a.len = len + padding;
    if (whole != 0) {
        wg_chacha20_xor(&a.chacha, dst, src, whole / BLOCK_LEN);
        wg_poly1305_blocks(&a.poly, dst, whole / POLY_LEN);
    }
    if (tail != 0) {
        memcpy(block, src + whole, tail);
        memset(block + tail, 0, padding);
        tail += padding;
        wg_chacha20_xor(&a.chacha, block, block, 1);
        memcpy(dst + whole, block, tail);
    }
    finish(&a, tail, dst + whole + tail);
    wg_wipe(&a, sizeof(a));
}

// Not inlined into wg_xseal(): the stack of lwIP's thread is to hold one state at a time.
__attribute__((noinline)) void wg_seal(uint8_t *dst, const uint8_t *src, size_t len, const uint8_t *ad, size_t ad_len,
    uint64_t counter, const uint8_t key[32]) {
    seal(dst, src, len, 0, ad, ad_len, counter, key);
}

void wg_seal_padded(uint8_t *dst, const uint8_t *src, size_t len, size_t padding,
    uint64_t counter, const uint8_t key[32]) {
    seal(dst, src, len, padding, NULL, 0, counter, key);
}

bool wg_open(uint8_t *dst, const uint8_t *src, size_t len, const uint8_t *ad, size_t ad_len,
    uint64_t counter, const uint8_t key[32]) {
    if (len < WG_TAG_LEN) {
        return false;
    }
    len -= WG_TAG_LEN;
    wg_aead_t a;
    uint8_t *block = (uint8_t *)a.block, tag[WG_TAG_LEN];
    size_t tail = len % BLOCK_LEN, whole = len - tail;
    wg_aead_init(&a, key, counter, ad, ad_len);
    a.len = len;
    poly1305_blocks(&a.poly, src, whole / POLY_LEN);
    memcpy(block, src + whole, tail);
    finish(&a, tail, tag);
    bool ok = wg_equal(tag, src + len, WG_TAG_LEN);
    if (ok) {
        if (whole != 0) {
            wg_chacha20_xor(&a.chacha, dst, src, whole / BLOCK_LEN);
        }
        if (tail != 0) {
            wg_chacha20_xor(&a.chacha, block, block, 1);
            memcpy(dst + whole, block, tail);
        }
    }
    wg_wipe(&a, sizeof(a));
    wg_wipe(tag, sizeof(tag)); // the right tag of a forgery is no one's business
    return ok;
}

// XChaCha20's key, HChaCha20 of the nonce's first 16 bytes: the rounds alone,
// which is a block of keystream minus what is added last.
static void xchacha20_key(uint8_t subkey[32], const uint8_t nonce[24], const uint8_t key[32]) {
    wg_chacha20_t s;
    uint32_t block[16], tail[4];
    memcpy(tail, nonce, sizeof(tail));
    chacha20_init(&s, key, tail);
    chacha20_block(&s, block);
    s.input[12] = tail[0];
    for (unsigned i = 0; i < 8; i++) {
        unsigned word = i < 4 ? i : i + 8;
        store32(subkey + i * 4, block[word] - s.input[word]);
    }
    wg_wipe(&s, sizeof(s));
    wg_wipe(block, sizeof(block));
}

// The rest of the nonce follows four zero bytes, where a counter would be.
static uint64_t xchacha20_counter(const uint8_t nonce[24]) {
    return load32(nonce + 16) | (uint64_t)load32(nonce + 20) << 32;
}

void wg_xseal(uint8_t *dst, const uint8_t *src, size_t len, const uint8_t *ad, size_t ad_len,
    const uint8_t nonce[24], const uint8_t key[32]) {
    uint8_t subkey[32];
    xchacha20_key(subkey, nonce, key);
    wg_seal(dst, src, len, ad, ad_len, xchacha20_counter(nonce), subkey);
    wg_wipe(subkey, sizeof(subkey));
}

bool wg_xopen(uint8_t *dst, const uint8_t *src, size_t len, const uint8_t *ad, size_t ad_len,
    const uint8_t nonce[24], const uint8_t key[32]) {
    uint8_t subkey[32];
    xchacha20_key(subkey, nonce, key);
    bool ok = wg_open(dst, src, len, ad, ad_len, xchacha20_counter(nonce), subkey);
    wg_wipe(subkey, sizeof(subkey));
    return ok;
}
