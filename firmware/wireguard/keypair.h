// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors

// A session's transport keys: whitepaper section 5.4.5 and 5.4.6.
//
// Neither lwIP nor MicroPython in here: bytes and a millisecond clock come in, bytes go out.
// Keys go in and never come out again.
#ifndef WG_KEYPAIR_H
#define WG_KEYPAIR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "crypto/cold.h"
#include "protocol.h"
#include "replay.h"

typedef struct wg_keypair {
    struct wg_keypair *bucket_next;  // chain in the device's index table
    uint64_t send_counter;
    wg_replay_t replay;
    uint32_t local_index;            // what the other side writes into its messages
    uint32_t remote_index;
    uint32_t created_ms;
    uint8_t send_key[WG_KEY_LEN];
    uint8_t recv_key[WG_KEY_LEN];
    uint8_t slot;                    // the peer it belongs to
    bool initiator;
    bool expired;                    // sticky: an age is not comparable after the clock has wrapped
} wg_keypair_t;

WG_COLD void wg_keypair_init(wg_keypair_t *k, uint32_t local_index, uint32_t remote_index,
    const uint8_t send_key[WG_KEY_LEN], const uint8_t recv_key[WG_KEY_LEN], bool initiator,
    uint32_t now_ms);
WG_COLD void wg_keypair_wipe(wg_keypair_t *k);

// Younger than REJECT_AFTER_TIME and below REJECT_AFTER_MESSAGES?
bool wg_keypair_can_send(wg_keypair_t *k, uint32_t now_ms);
bool wg_keypair_can_receive(wg_keypair_t *k, uint32_t now_ms);

// Due for a new handshake because of what was sent (120 s as initiator, 2^60 messages) ...
bool wg_keypair_stale_for_sending(const wg_keypair_t *k, uint32_t now_ms);
// ... or because of its age on reception (165 s as initiator).
bool wg_keypair_stale_for_receiving(const wg_keypair_t *k, uint32_t now_ms);

// Write the transport header and take the counter it holds. The caller seals with that counter.
uint64_t wg_keypair_next_header(wg_keypair_t *k, uint8_t header[WG_TRANSPORT_HEADER_LEN]);

// Length of a packet after padding to 16 bytes, never past the MTU.
size_t wg_padded_len(size_t len, size_t mtu);

#endif // WG_KEYPAIR_H
