// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors

#include <string.h>

#include "blake2s.h"
#include "chacha20poly1305.h"
#include "handshake.h"
#include "memory.h"
#include "x25519.h"

// Offsets in the two messages, the same up to and including the ephemeral key.
enum { EPHEMERAL = 8, STATIC = 40, TIMESTAMP = 88, MAC1_OF_1 = 116 };
enum { NOTHING = 44, MAC1_OF_2 = 60 };

static void hash(uint8_t out[32], const void *a, size_t a_len, const void *b, size_t b_len) {
    wg_blake2s_t s;
    wg_blake2s_init(&s, 32, NULL, 0);
    wg_blake2s_update(&s, a, a_len);
    wg_blake2s_update(&s, b, b_len);
    wg_blake2s_final(&s, out);
}

static void mix_hash(handshake_t *h, const uint8_t *data, size_t len) {
    hash(h->hash, h->hash, 32, data, len);
}

static void mix_chain(handshake_t *h, const uint8_t *data) {
    uint8_t *outs[] = { h->chain };
    wg_kdf(outs, 1, h->chain, data, 32);
}

static void mix_key(handshake_t *h, uint8_t key[32], const uint8_t *data) {
    uint8_t *outs[] = { h->chain, key };
    wg_kdf(outs, 2, h->chain, data, 32);
}

static bool mix_dh(handshake_t *h, const uint8_t *private_key, const uint8_t *public_key) {
    uint8_t secret[32];
    bool ok = wg_x25519(secret, private_key, public_key);
    mix_chain(h, secret);
    return ok;
}

static void mix_preshared(handshake_t *h, uint8_t key[32], const uint8_t *preshared) {
    uint8_t temp[32];
    uint8_t *outs[] = { h->chain, temp, key };
    wg_kdf(outs, 3, h->chain, preshared, 32);
    mix_hash(h, temp, 32);
}

static void seal(handshake_t *h, uint8_t *dst, const uint8_t *src, size_t len, const uint8_t *key) {
    wg_seal(dst, src, len, h->hash, 32, 0, key);
    mix_hash(h, dst, len + 16);
}

static bool open(handshake_t *h, uint8_t *dst, const uint8_t *src, size_t len, const uint8_t *key) {
    bool ok = wg_open(dst, src, len, h->hash, 32, 0, key);
    mix_hash(h, src, len);
    return ok;
}

void handshake_peer_init(handshake_peer_t *p, const uint8_t private_key[32],
    const uint8_t remote_key[32], bool initiator) {
    static const char construction[] = "Noise_IKpsk2_25519_ChaChaPoly_BLAKE2s";
    static const char identifier[] = "WireGuard v1 zx2c4 Jason@zx2c4.com";
    memset(p, 0, sizeof(*p));
    memcpy(p->private_key, private_key, 32);
    memcpy(p->remote_key, remote_key, 32);
    wg_x25519_base(p->public_key, private_key);
    wg_x25519(p->static_static, private_key, remote_key);
    hash(p->mac1_key, "mac1----", 8, p->public_key, 32);
    hash(p->remote_mac1_key, "mac1----", 8, remote_key, 32);
    hash(p->chain, construction, sizeof(construction) - 1, NULL, 0);
    hash(p->hash, p->chain, 32, identifier, sizeof(identifier) - 1);
    hash(p->hash, p->hash, 32, initiator ? remote_key : p->public_key, 32);
}

static void start(handshake_t *h, const handshake_peer_t *p) {
    memcpy(h->chain, p->chain, 32);
    memcpy(h->hash, p->hash, 32);
}

static void ephemeral_public(handshake_t *h, const uint8_t ephemeral[32], uint8_t *out) {
    memcpy(h->ephemeral_private, ephemeral, 32);
    wg_x25519_base(out, ephemeral);
    mix_chain(h, out);
    mix_hash(h, out, 32);
}

void handshake_begin(handshake_t *h, const handshake_peer_t *p, const uint8_t ephemeral[32],
    uint8_t message[148]) {
    static const uint8_t timestamp[12] = { 0x40 };
    uint8_t key[32], secret[32];
    memset(message, 0, 148);
    message[0] = 1;
    start(h, p);
    ephemeral_public(h, ephemeral, message + EPHEMERAL);
    wg_x25519(secret, ephemeral, p->remote_key);
    mix_key(h, key, secret);
    seal(h, message + STATIC, p->public_key, 32, key);
    mix_key(h, key, p->static_static);
    seal(h, message + TIMESTAMP, timestamp, sizeof(timestamp), key);
    wg_blake2s(message + MAC1_OF_1, 16, p->remote_mac1_key, 32, message, MAC1_OF_1);
}

bool handshake_answer(handshake_t *h, const handshake_peer_t *p, const uint8_t ephemeral[32],
    const uint8_t initiation[148], uint8_t message[92]) {
    uint8_t key[32], secret[32], remote[32], timestamp[12], mac1[16];
    wg_blake2s(mac1, 16, p->mac1_key, 32, initiation, MAC1_OF_1);
    if (!wg_equal(mac1, initiation + MAC1_OF_1, 16)) {
        return false;
    }
    start(h, p);
    mix_chain(h, initiation + EPHEMERAL);
    mix_hash(h, initiation + EPHEMERAL, 32);
    wg_x25519(secret, p->private_key, initiation + EPHEMERAL);
    mix_key(h, key, secret);
    bool ok = open(h, remote, initiation + STATIC, 48, key);
    mix_key(h, key, p->static_static);
    ok &= open(h, timestamp, initiation + TIMESTAMP, 28, key);
    memset(message, 0, 92);
    message[0] = 2;
    ephemeral_public(h, ephemeral, message + EPHEMERAL + 4);
    ok &= mix_dh(h, ephemeral, initiation + EPHEMERAL);
    ok &= mix_dh(h, ephemeral, remote);
    mix_preshared(h, key, p->preshared_key);
    seal(h, message + NOTHING, NULL, 0, key);
    wg_blake2s(message + MAC1_OF_2, 16, p->remote_mac1_key, 32, message, MAC1_OF_2);
    uint8_t *outs[] = { h->recv_key, h->send_key };
    wg_kdf(outs, 2, h->chain, NULL, 0);
    return ok;
}

bool handshake_finish(handshake_t *h, const handshake_peer_t *p, const uint8_t response[92]) {
    const uint8_t *ephemeral = response + EPHEMERAL + 4;
    uint8_t key[32], mac1[16];
    wg_blake2s(mac1, 16, p->mac1_key, 32, response, MAC1_OF_2);
    if (!wg_equal(mac1, response + MAC1_OF_2, 16)) {
        return false;
    }
    mix_chain(h, ephemeral);
    mix_hash(h, ephemeral, 32);
    bool ok = mix_dh(h, h->ephemeral_private, ephemeral);
    ok &= mix_dh(h, p->private_key, ephemeral);
    mix_preshared(h, key, p->preshared_key);
    ok &= open(h, NULL, response + NOTHING, 16, key);
    uint8_t *outs[] = { h->send_key, h->recv_key };
    wg_kdf(outs, 2, h->chain, NULL, 0);
    return ok;
}
