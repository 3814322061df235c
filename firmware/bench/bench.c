// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors

// Counts the instructions and the stack of each row of docs/performance.md. One line a row:
// name, instructions, bytes of stack; a wrong result is named and ends the run.
#include <string.h>

#include "blake2s.h"
#include "chacha20poly1305.h"
#include "machine.h"
#include "x25519.h"
#ifndef BENCH_NO_HANDSHAKE
#include "handshake.h"
#endif

enum { MTU = 1420, PAINT = 0xa5c35a3c, SPILL = 32 };

static uint8_t __attribute__((aligned(4))) key[32], point[32], scalar[32], out[64];
static uint8_t __attribute__((aligned(4))) plain[MTU], sealed[MTU + 16], opened[MTU];

static void nothing(void) {
}

static void x25519(void) {
    wg_x25519(out, scalar, point);
}

static void x25519_base(void) {
    wg_x25519_base(out, scalar);
}

static void seal32(void) {
    wg_seal(sealed, plain, 32, NULL, 0, 7, key);
}

static void seal1420(void) {
    wg_seal(sealed, plain, MTU, NULL, 0, 7, key);
}

static bool opened_ok;
static void open1420(void) {
    opened_ok = wg_open(opened, sealed, MTU + 16, NULL, 0, 7, key);
}

#ifndef BENCH_NO_BLAKE2S
static void blake2s64(void) {
    wg_blake2s(out, 32, NULL, 0, plain, 64);
}

#endif

#ifndef BENCH_NO_HANDSHAKE
static uint8_t k1[32], k2[32], k3[32];
static void kdf3(void) {
    uint8_t *outs[] = { k1, k2, k3 };
    wg_kdf(outs, 3, key, plain, 32);
}

static handshake_peer_t left, right;
static handshake_t initiator, responder;
static uint8_t initiation[148], response[92];
static bool finished;

static void initiate(void) {
    handshake_begin(&initiator, &left, scalar, initiation);
}

static void finish(void) {
    finished = handshake_finish(&initiator, &left, response);
}
#endif

typedef struct cost {
    uint32_t instructions, stack;
} cost_t;

// Runs f once between two readings of the counter, over painted stack.
static __attribute__((noinline)) cost_t measure(void (*f)(void)) {
    machine_settle();
    uint32_t *sp = machine_sp();
    uint32_t *top = sp - SPILL / 4;
    for (uint32_t *p = stack_end; p < top; p++) {
        *(volatile uint32_t *)p = PAINT;
    }
    uint32_t before = machine_count();
    f();
    uint32_t after = machine_count();
    uint32_t *deepest = stack_end;
    while (deepest < top && *(volatile uint32_t *)deepest == PAINT) {
        deepest++;
    }
    return (cost_t) { after - before, (uint8_t *)sp - (uint8_t *)deepest };
}

static void put_number(uint32_t n) {
    char text[11], *p = text + sizeof(text);
    *--p = 0;
    do {
        *--p = '0' + n % 10;
    } while (n /= 10);
    machine_print(p);
}

static void put_row(const char *name, cost_t cost) {
    machine_print(name);
    machine_print(" ");
    put_number(cost.instructions);
    machine_print(" ");
    put_number(cost.stack);
    machine_print("\n");
}

static cost_t overhead;

static cost_t cost(void (*f)(void)) {
    cost_t c = measure(f);
    c.instructions -= overhead.instructions;
    c.stack -= overhead.stack;
    return c;
}

static void check(const char *what, bool ok) {
    if (!ok) {
        machine_print("wrong result: ");
        machine_print(what);
        machine_print("\n");
        machine_exit(1);
    }
}

static void fill(uint8_t *p, size_t len, uint32_t seed) {
    while (len-- > 0) {
        seed = seed * 1664525u + 1013904223u;
        *p++ = seed >> 24;
    }
}

// Every library must give the same answers; the host compares.
static uint32_t fnv(const uint8_t *p, size_t len) {
    uint32_t h = 0;
    while (len-- > 0) {
        h = (h ^ *p++) * 16777619u;
    }
    return h;
}

int main(void) {
    fill(key, sizeof(key), 1);
    fill(scalar, sizeof(scalar), 2);
    fill(plain, sizeof(plain), 3);
    wg_x25519_base(point, key);

    measure(nothing);
    overhead = measure(nothing);
    put_row("x25519", cost(x25519));
    uint8_t shared[32];
    memcpy(shared, out, 32);
    put_row("x25519_base", cost(x25519_base));
    memcpy(point, out, 32);
    check("x25519", wg_x25519(out, key, point) && memcmp(out, shared, 32) == 0);
    put_row("digest_x25519", (cost_t) { fnv(shared, 32), 0 });

    put_row("seal32", cost(seal32));
    check("seal32", wg_open(opened, sealed, 32 + 16, NULL, 0, 7, key) && memcmp(opened, plain, 32) == 0);
    put_row("seal1420", cost(seal1420));
    put_row("open1420", cost(open1420));
    check("open1420", opened_ok && memcmp(opened, plain, MTU) == 0);
    put_row("digest_aead", (cost_t) { fnv(sealed, MTU + 16), 0 });

#ifndef BENCH_NO_BLAKE2S
    put_row("blake2s64", cost(blake2s64));
#endif
#ifndef BENCH_NO_HANDSHAKE
    put_row("kdf3", cost(kdf3));

    uint8_t left_public[32], right_public[32];
    wg_x25519_base(left_public, plain);
    wg_x25519_base(right_public, plain + 32);
    handshake_peer_init(&left, plain, right_public, true);
    handshake_peer_init(&right, plain + 32, left_public, false);
    cost_t first = cost(initiate);
    check("initiation", handshake_answer(&responder, &right, plain + 64, initiation, response));
    cost_t second = cost(finish);
    check("response", finished && memcmp(initiator.send_key, responder.recv_key, 32) == 0
        && memcmp(initiator.recv_key, responder.send_key, 32) == 0);
    first.instructions += second.instructions;
    if (first.stack < second.stack) {
        first.stack = second.stack;
    }
    put_row("handshake", first);
#endif
    machine_exit(0);
}
