// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors

// For valgrind's memcheck: secrets are declared undefined, so that every branch and every address
// that depends on one is an error. Prints a line a function: its name and the errors it raised.
#include <stdio.h>
#include <string.h>
#include <valgrind/memcheck.h>

#include "blake2s.h"
#include "chacha20poly1305.h"
#include "memory.h"
#include "x25519.h"

enum { LEN = 1420, AD = 32 };

static uint8_t key[32], other[32], nonce[24], ad[AD], plain[LEN], sealed[LEN + 16], opened[LEN];
static uint8_t out[64], a[32], b[32], c[32];
static unsigned before;

static void secret(void *p, size_t n) {
    (void)VALGRIND_MAKE_MEM_UNDEFINED(p, n);
}

static void begin(void) {
    secret(key, sizeof(key));
    secret(other, sizeof(other));
    secret(plain, sizeof(plain));
    before = VALGRIND_COUNT_ERRORS;
}

static void end(const char *name) {
    unsigned errors = VALGRIND_COUNT_ERRORS - before;
    void *all[] = { key, other, nonce, plain, sealed, opened, out, a, b, c };
    size_t sizes[] = { 32, 32, 24, LEN, LEN + 16, LEN, 64, 32, 32, 32 };
    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
        (void)VALGRIND_MAKE_MEM_DEFINED(all[i], sizes[i]);
    }
    printf("%s %u\n", name, errors);
}

// The answer is public, but to memcheck it is as undefined as what it was made of.
static volatile bool sink;

static void keep(bool answer) {
    (void)VALGRIND_MAKE_MEM_DEFINED(&answer, sizeof(answer));
    sink = answer;
}

static void pieces(void (*crypt)(wg_aead_t *, uint8_t *, const uint8_t *, size_t)) {
    wg_aead_t s;
    wg_aead_init(&s, key, 1, ad, AD);
    crypt(&s, opened, plain, 100);
    crypt(&s, opened + 100, plain + 100, LEN - 100);
    wg_aead_tag(&s, out);
    keep(wg_equal(out, sealed, 16));
}

int main(void) {
    if (!RUNNING_ON_VALGRIND) {
        puts("not under valgrind");
        return 1;
    }
    begin();
    keep(wg_x25519(out, key, other));
    end("x25519");
    begin();
    wg_x25519_base(out, key);
    end("x25519_base");
    begin();
    wg_seal(sealed, plain, LEN, ad, AD, 1, key);
    end("seal");
    begin();
    wg_seal_padded(sealed, plain, LEN - 5, 5, 1, key);
    end("seal_padded");
    wg_seal(sealed, plain, LEN, ad, AD, 1, key);
    begin();
    keep(wg_open(opened, sealed, LEN + 16, ad, AD, 1, key));
    end("open");
    sealed[LEN] ^= 1;
    begin();
    keep(wg_open(opened, sealed, LEN + 16, ad, AD, 1, key));
    end("open_refused");
    begin();
    wg_xseal(sealed, plain, LEN, ad, AD, nonce, key);
    end("xseal");
    begin();
    keep(wg_xopen(opened, sealed, LEN + 16, ad, AD, nonce, key));
    end("xopen");
    begin();
    pieces(wg_aead_encrypt);
    end("encrypt");
    begin();
    pieces(wg_aead_decrypt);
    end("decrypt");
    begin();
    wg_blake2s(out, 32, key, 32, plain, LEN);
    end("blake2s");
    begin();
    wg_hmac(out, key, 32, plain, LEN);
    end("hmac");
    begin();
    wg_kdf((uint8_t *const[]) { a, b, c }, 3, key, other, 32);
    end("kdf");
    begin();
    keep(wg_equal(key, other, 32));
    end("equal");
    begin();
    wg_wipe(key, 32);
    end("wipe");
    // What must be noticed: a branch and an index.
    begin();
    if (((volatile uint8_t *)key)[3] & 1) {
        sink = true;
    }
    end("control_branch");
    begin();
    sink = ((volatile uint8_t *)sealed)[((volatile uint8_t *)key)[3]];
    end("control_index");
    return 0;
}
