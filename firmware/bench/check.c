// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors

// Runs the host's cases (the file "cases", written by tests/rv32/cases.py) against the crypto as
// it is on the chip. Prints each case whose answer differs, and ends with the number that ran.
#include <string.h>

#include "blake2s.h"
#include "chacha20poly1305.h"
#include "machine.h"
#include "memory.h"
#include "x25519.h"

enum { OP_X25519, OP_BASE, OP_SEAL, OP_XSEAL, OP_FORGE, OP_BLAKE2S, OP_HMAC, OP_KDF };
enum { FLAG_IN_PLACE = 1, FLAG_ALIAS = 2, FLAG_REFUSED = 4 };
enum { MAX = 65535 + 16, GUARD = 32, FILL = 0xa5, MAX_SHOWN = 20 };

typedef struct header {
    uint8_t op, flags, dst_align, src_align;
    uint32_t len;
    uint16_t ad_len;
    uint8_t key_len, out_len;
    uint32_t split, payload_len;
} header_t;

static uint8_t __attribute__((aligned(16))) payload[2 * MAX + 1024];
static uint8_t __attribute__((aligned(16))) area[3][MAX + 2 * GUARD + 16];
static uint8_t __attribute__((aligned(16))) key_area[256 + 16];

// A message of len bytes at some alignment in area n, all of whose surroundings are filled.
static uint8_t *place(int n, unsigned align, const uint8_t *data, size_t len) {
    memset(area[n], FILL, align + len + 2 * GUARD);
    uint8_t *p = area[n] + GUARD + align;
    if (data) {
        memcpy(p, data, len);
    }
    return p;
}

static bool filled(const uint8_t *p, size_t len) {
    for (; len > 0; len--, p++) {
        if (*p != FILL) {
            return false;
        }
    }
    return true;
}

static bool is(const uint8_t *p, const uint8_t *expected, size_t len) {
    return memcmp(p, expected, len) == 0 && filled(p - GUARD, GUARD) && filled(p + len, GUARD);
}

static const uint8_t *take(const uint8_t **p, size_t len) {
    const uint8_t *start = *p;
    *p += len;
    return start;
}

static const uint8_t *take_key(const uint8_t **p, const header_t *c) {
    return memcpy(key_area + c->src_align, take(p, c->key_len), c->key_len);
}

static bool run_x25519(const header_t *c, const uint8_t *p) {
    const uint8_t *scalar = take_key(&p, c), *point = take(&p, 32), *expected = take(&p, 32);
    bool accepted = !(c->flags & FLAG_REFUSED);
    uint8_t *out = place(0, c->dst_align, NULL, 32);
    bool ok = wg_x25519(out, scalar, point) == accepted && is(out, expected, 32);
    if (c->flags & FLAG_ALIAS) {
        out = place(0, c->dst_align, point, 32);
        ok &= wg_x25519(out, scalar, out) == accepted && is(out, expected, 32);
        out = place(0, c->dst_align, scalar, 32);
        ok &= wg_x25519(out, out, point) == accepted && is(out, expected, 32);
    }
    return ok;
}

static bool run_base(const header_t *c, const uint8_t *p) {
    const uint8_t *scalar = take_key(&p, c);
    uint8_t *out = place(0, c->dst_align, NULL, 32);
    wg_x25519_base(out, scalar);
    return is(out, p, 32);
}

// In pieces: both directions in place, each piece of another length.
static bool run_pieces(const header_t *c, const uint8_t *key, uint64_t counter, const uint8_t *ad,
    const uint8_t *plain, const uint8_t *expected) {
    wg_aead_t a;
    uint8_t tag[16], *p = place(2, c->src_align, plain, c->len);
    for (int decrypt = 0; decrypt < 2; decrypt++) {
        wg_aead_init(&a, key, counter, ad, c->ad_len);
        size_t piece = c->split;
        for (size_t done = 0; done < c->len; done += piece, piece = piece * 5 % 257) {
            piece = piece < c->len - done ? piece : c->len - done;
            (decrypt ? wg_aead_decrypt : wg_aead_encrypt)(&a, p + done, p + done, piece);
        }
        wg_aead_tag(&a, tag);
        if (!is(p, decrypt ? plain : expected, c->len) || memcmp(tag, expected + c->len, 16) != 0) {
            return false;
        }
    }
    return true;
}

static bool run_seal(const header_t *c, const uint8_t *p) {
    const uint8_t *key = take_key(&p, c), *nonce = take(&p, c->op == OP_SEAL ? 8 : 24);
    const uint8_t *ad = take(&p, c->ad_len), *plain = take(&p, c->len), *expected = p;
    uint64_t counter;
    memcpy(&counter, nonce, sizeof(counter));

    uint8_t *src = place(1, c->src_align, plain, c->len);
    uint8_t *dst = place(0, c->dst_align, NULL, c->len + 16);
    if (c->flags & FLAG_IN_PLACE) {
        dst = memcpy(dst, plain, c->len);
        src = dst;
    }
    bool ok, opened;
    if (c->op == OP_SEAL) {
        wg_seal(dst, src, c->len, ad, c->ad_len, counter, key);
    } else {
        wg_xseal(dst, src, c->len, ad, c->ad_len, nonce, key);
    }
    ok = is(dst, expected, c->len + 16) && (src == dst || is(src, plain, c->len));

    uint8_t *back = place(1, c->src_align, NULL, c->len);
    if (c->flags & FLAG_IN_PLACE) {
        back = dst;
    }
    if (c->op == OP_SEAL) {
        opened = wg_open(back, dst, c->len + 16, ad, c->ad_len, counter, key);
    } else {
        opened = wg_xopen(back, dst, c->len + 16, ad, c->ad_len, nonce, key);
    }
    ok &= opened && memcmp(back, plain, c->len) == 0 && filled(back - GUARD, GUARD);
    ok &= back == dst || (filled(back + c->len, GUARD) && is(dst, expected, c->len + 16));
    return ok && (c->op == OP_XSEAL || run_pieces(c, key, counter, ad, plain, expected));
}

// A message that must be refused, with nothing of it left in the destination.
static bool refused(const uint8_t *sealed, size_t len, const uint8_t *ad, size_t ad_len,
    uint64_t counter, const uint8_t *key) {
    uint8_t *dst = place(0, 0, NULL, len);
    return !wg_open(dst, sealed, len, ad, ad_len, counter, key) && filled(dst - GUARD, len + 2 * GUARD);
}

// Every bit of the tag, a bit of every other byte, every truncation, every counter bit.
static bool run_forge(const header_t *c, const uint8_t *p) {
    const uint8_t *key = take_key(&p, c);
    uint64_t counter;
    memcpy(&counter, take(&p, 8), 8);
    const uint8_t *ad = take(&p, c->ad_len);
    take(&p, c->len);
    size_t len = c->len + 16;
    uint8_t *sealed = place(1, c->src_align, p, len), *forged_ad = place(2, 0, ad, c->ad_len);
    bool ok = true;
    for (size_t bit = 0; bit < 8 * len; bit += bit < 8 * c->len ? 7 : 1) {
        sealed[bit / 8] ^= 1 << bit % 8;
        ok &= refused(sealed, len, ad, c->ad_len, counter, key);
        sealed[bit / 8] ^= 1 << bit % 8;
    }
    for (size_t i = 0; i < c->ad_len; i++) {
        forged_ad[i] ^= 1 << i % 8;
        ok &= refused(sealed, len, forged_ad, c->ad_len, counter, key);
        forged_ad[i] ^= 1 << i % 8;
    }
    for (size_t shorter = 0; shorter < len; shorter++) {
        ok &= refused(sealed, shorter, ad, c->ad_len, counter, key);
    }
    for (int bit = 0; bit < 64; bit++) {
        ok &= refused(sealed, len, ad, c->ad_len, counter ^ (uint64_t)1 << bit, key);
    }
    return ok && wg_open(place(0, 0, NULL, len), sealed, len, ad, c->ad_len, counter, key);
}

static bool run_blake2s(const header_t *c, const uint8_t *p) {
    const uint8_t *key = take_key(&p, c), *in = take(&p, c->len);
    const uint8_t *src = place(1, c->src_align, in, c->len);
    uint8_t *out = place(0, c->dst_align, NULL, c->out_len);
    wg_blake2s(out, c->out_len, key, c->key_len, src, c->len);
    if (!is(out, p, c->out_len)) {
        return false;
    }
    wg_blake2s_t s;
    wg_blake2s_init(&s, c->out_len, key, c->key_len);
    size_t piece = c->split;
    for (size_t done = 0; done < c->len; done += piece, piece = piece * 5 % 257) {
        piece = piece < c->len - done ? piece : c->len - done;
        wg_blake2s_update(&s, src + done, piece);
    }
    out = place(0, c->dst_align, NULL, c->out_len);
    wg_blake2s_final(&s, out);
    return is(out, p, c->out_len);
}

static bool run_hmac(const header_t *c, const uint8_t *p) {
    const uint8_t *key = take_key(&p, c), *in = take(&p, c->len);
    uint8_t *out = place(0, c->dst_align, NULL, 32);
    wg_hmac(out, key, c->key_len, place(1, c->src_align, in, c->len), c->len);
    return is(out, p, 32);
}

static bool run_kdf(const header_t *c, const uint8_t *p) {
    uint8_t *key = (uint8_t *)take_key(&p, c);
    const uint8_t *in = take(&p, c->len);
    uint8_t *out = place(0, c->dst_align, NULL, 96);
    uint8_t *outs[] = { out, out + 32, out + 64 };
    bool alias = c->flags & FLAG_ALIAS;
    if (alias) {
        outs[0] = key;
    }
    wg_kdf(outs, c->out_len, key, in, c->len);
    bool ok = memcmp(outs[0], p, 32) == 0 && filled(out + 32 * c->out_len, GUARD);
    for (int i = 1; i < c->out_len; i++) {
        ok &= memcmp(outs[i], p + 32 * i, 32) == 0;
    }
    return ok;
}

static bool run(const header_t *c) {
    switch (c->op) {
        case OP_X25519: return run_x25519(c, payload);
        case OP_BASE: return run_base(c, payload);
        case OP_SEAL: case OP_XSEAL: return run_seal(c, payload);
        case OP_FORGE: return run_forge(c, payload);
        case OP_BLAKE2S: return run_blake2s(c, payload);
        case OP_HMAC: return run_hmac(c, payload);
        case OP_KDF: return run_kdf(c, payload);
    }
    return false;
}

static void print_number(uint32_t n, const char *after) {
    char text[11], *p = text + sizeof(text);
    *--p = 0;
    do {
        *--p = '0' + n % 10;
    } while (n /= 10);
    machine_print(p);
    machine_print(after);
}

int main(void) {
    header_t c;
    uint32_t count = 0, wrong = 0;
    int file = machine_open("cases", MACHINE_READ);
    while (file >= 0 && machine_read(file, &c, sizeof(c)) == sizeof(c)) {
        if (c.payload_len > sizeof(payload) || c.len > MAX
            || machine_read(file, payload, c.payload_len) != c.payload_len) {
            machine_print("malformed case\n");
            machine_exit(2);
        }
        if (!run(&c) && wrong++ < MAX_SHOWN) {
            machine_print("wrong ");
            print_number(count, "\n");
        }
        count++;
    }
    machine_print("ran ");
    print_number(count, "\n");
    machine_exit(wrong != 0);
}
