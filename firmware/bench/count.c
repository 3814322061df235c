// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors

// Counts the instructions of one call for each of the host's inputs (the file "inputs", written by
// tests/rv32/test_traces.py) and answers with one 32-bit count an input (the file
// "counts"). Stores to `mark` frame each call for the tracing plug-in.
#include <string.h>

#include "blake2s.h"
#include "chacha20poly1305.h"
#include "kernels.h"
#include "machine.h"
#include "memory.h"
#include "x25519.h"

enum {
    OP_X25519, OP_BASE, OP_SEAL, OP_OPEN, OP_XSEAL, OP_XOPEN, OP_BLAKE2S, OP_HMAC, OP_KDF, OP_EQUAL,
    OP_POLY1305,
};
enum { MAX = 2048 };

typedef struct input {
    uint32_t op, len, ad_len, data_len;
    uint8_t key[32], nonce[32];
} input_t;

volatile uint32_t mark = 2;      // initialised, so that start-up's clearing is not a store to it
static input_t in;
static uint8_t __attribute__((aligned(16))) data[MAX], out[MAX];

static uint32_t run(void) {
    uint64_t counter = 0;
    for (int i = 7; i >= 0; i--) {
        counter = counter << 8 | in.nonce[i];
    }
    uint8_t *const outs[] = { out, out + 32, out + 64 };
    const uint8_t *ad = data, *text = data + in.ad_len;
    // Any clamped key and any accumulator: carries that messages hardly ever reach.
    wg_poly1305_t poly;
    memcpy(poly.r, in.key, 16);
    memcpy(poly.h, in.nonce, 20);
    for (int i = 0; i < 4; i++) {
        poly.r[i] &= i == 0 ? 0x0fffffff : 0x0ffffffc;
        poly.s[i] = 0;
    }
    poly.h[4] &= 3;
    machine_settle();
    mark = 1;
    uint32_t before = machine_count();
    switch (in.op) {
        case OP_X25519: wg_x25519(out, in.key, in.nonce); break;
        case OP_BASE: wg_x25519_base(out, in.key); break;
        case OP_SEAL: wg_seal(out, text, in.len, ad, in.ad_len, counter, in.key); break;
        case OP_OPEN: wg_open(out, text, in.len, ad, in.ad_len, counter, in.key); break;
        case OP_XSEAL: wg_xseal(out, text, in.len, ad, in.ad_len, in.nonce, in.key); break;
        case OP_XOPEN: wg_xopen(out, text, in.len, ad, in.ad_len, in.nonce, in.key); break;
        case OP_BLAKE2S: wg_blake2s(out, 32, in.key, 32, data, in.len); break;
        case OP_HMAC: wg_hmac(out, in.key, 32, data, in.len); break;
        case OP_KDF: wg_kdf(outs, 3, in.key, data, in.len); break;
        case OP_POLY1305: wg_poly1305_blocks(&poly, data, in.len / 16); break;
        case OP_EQUAL: out[0] = wg_equal(in.key, in.nonce, 32); break;
    }
    uint32_t after = machine_count();
    mark = 0;
    return after - before;
}

int main(void) {
    int from = machine_open("inputs", MACHINE_READ), to = machine_open("counts", MACHINE_WRITE);
    if (from < 0 || to < 0) {
        machine_exit(2);
    }
    while (machine_read(from, &in, sizeof(in)) == sizeof(in)) {
        if (in.data_len > MAX || machine_read(from, data, in.data_len) != in.data_len) {
            machine_exit(3);
        }
        uint32_t count = run();
        machine_write(to, &count, sizeof(count));
    }
    machine_exit(0);
}
