// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors

// The crypto of one WireGuard handshake, both sides (whitepaper section 5.4), without messages.
#ifndef BENCH_HANDSHAKE_H
#define BENCH_HANDSHAKE_H

#include <stdbool.h>
#include <stdint.h>

// What a device computes once and keeps: its keys, a peer's public key and what follows from them.
typedef struct handshake_peer {
    uint8_t private_key[32], public_key[32];
    uint8_t remote_key[32], preshared_key[32];
    uint8_t static_static[32], mac1_key[32], remote_mac1_key[32];
    uint8_t chain[32], hash[32];        // after the responder's public key
} handshake_peer_t;

typedef struct handshake {
    uint8_t chain[32], hash[32], ephemeral_private[32];
    uint8_t send_key[32], recv_key[32];
} handshake_t;

void handshake_peer_init(handshake_peer_t *p, const uint8_t private_key[32],
    const uint8_t remote_key[32], bool initiator);

// An initiator calls begin, a responder answer, the initiator finish. The messages are laid out
// as on the wire: 148 and 92 bytes, mac2 left zero. ephemeral is 32 random bytes.
void handshake_begin(handshake_t *h, const handshake_peer_t *p, const uint8_t ephemeral[32],
    uint8_t message[148]);
bool handshake_answer(handshake_t *h, const handshake_peer_t *p, const uint8_t ephemeral[32],
    const uint8_t initiation[148], uint8_t message[92]);
bool handshake_finish(handshake_t *h, const handshake_peer_t *p, const uint8_t response[92]);

#endif
