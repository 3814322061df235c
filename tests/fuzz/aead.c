// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors

// ChaCha20-Poly1305 and BLAKE2s in pieces cut anywhere, in place or not, against one piece; what is
// changed does not open, and leaves no plaintext.

#include "crypto/blake2s.h"
#include "crypto/chacha20poly1305.h"
#include "crypto/memory.h"
#include "input.h"

#define LEN_MAX 600

static uint8_t plain[LEN_MAX], sealed[LEN_MAX + 16], again[LEN_MAX + 16], ad[64];

static void aead_in_pieces(size_t len, size_t ad_len, uint64_t counter, const uint8_t key[32]) {
    wg_aead_t s;
    wg_aead_init(&s, key, counter, ad, ad_len);
    bool in_place = byte() & 1;
    if (in_place) {
        memcpy(again, plain, len);
    }
    for (size_t done = 0; done < len;) {
        size_t part = byte();
        part = part > len - done ? len - done : part;
        part = part == 0 && !more() ? len - done : part;
        wg_aead_encrypt(&s, again + done, in_place ? again + done : plain + done, part);
        done += part;
    }
    wg_aead_tag(&s, again + len);
    CHECK(memcmp(again, sealed, len + 16) == 0);
    static const wg_aead_t wiped;
    CHECK(memcmp(&s, &wiped, sizeof(s)) == 0);
}

static void blake2s_in_pieces(size_t len, const uint8_t *key) {
    uint8_t whole[32], parts[32];
    size_t out_len = byte() % 32 + 1, key_len = byte() % 33;
    wg_blake2s(whole, out_len, key, key_len, plain, len);
    wg_blake2s_t s;
    wg_blake2s_init(&s, out_len, key, key_len);
    for (size_t done = 0; done < len;) {
        size_t part = byte();
        part = part > len - done ? len - done : part;
        part = part == 0 && !more() ? len - done : part;
        wg_blake2s_update(&s, plain + done, part);
        done += part;
    }
    wg_blake2s_final(&s, parts);
    CHECK(memcmp(whole, parts, out_len) == 0);
}

static void fuzz(void) {
    uint8_t key[32], opened[LEN_MAX];
    memset(key, byte(), sizeof(key));
    uint64_t counter = byte() & 1 ? number(8) : byte();
    size_t len = word() % (LEN_MAX + 1), ad_len = byte() % (sizeof(ad) + 1);
    fill(ad, ad_len);
    for (size_t i = 0; i < len; i++) {
        plain[i] = i < 64 ? byte() : (uint8_t)(i * 31);
    }
    wg_seal(sealed, plain, len, ad, ad_len, counter, key);
    aead_in_pieces(len, ad_len, counter, key);
    blake2s_in_pieces(len, key);
    CHECK(wg_open(opened, sealed, len + 16, ad, ad_len, counter, key));
    CHECK(memcmp(opened, plain, len) == 0);

    memset(opened, 0, sizeof(opened));
    size_t at = word() % (len + 16 + ad_len);
    uint8_t bit = (uint8_t)(1 << byte() % 8);
    if (at < len + 16) {
        sealed[at] ^= bit;
    } else {
        ad[at - len - 16] ^= bit;
    }
    CHECK(!wg_open(opened, sealed, len + 16, ad, ad_len, counter, key));
    for (size_t i = 0; i < len; i++) {
        CHECK(opened[i] == 0);
    }
    CHECK(!wg_equal(sealed, again, len + 16) == (at < len + 16));
}
