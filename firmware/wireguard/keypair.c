// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors

#include <string.h>

#include "crypto/memory.h"
#include "keypair.h"

void wg_keypair_init(wg_keypair_t *k, uint32_t local_index, uint32_t remote_index,
    const uint8_t send_key[WG_KEY_LEN], const uint8_t recv_key[WG_KEY_LEN], bool initiator,
    uint32_t now_ms) {
    memset(k, 0, sizeof(*k));
    k->local_index = local_index;
    k->remote_index = remote_index;
    k->created_ms = now_ms;
    k->initiator = initiator;
    memcpy(k->send_key, send_key, WG_KEY_LEN);
    memcpy(k->recv_key, recv_key, WG_KEY_LEN);
}

void wg_keypair_wipe(wg_keypair_t *k) {
    wg_wipe(k, sizeof(*k));
}

static uint32_t age_ms(const wg_keypair_t *k, uint32_t now_ms) {
    return now_ms - k->created_ms;
}

static bool alive(wg_keypair_t *k, uint32_t now_ms) {
    if (!k->expired && age_ms(k, now_ms) >= WG_REJECT_AFTER_TIME) {
        k->expired = true;
    }
    return !k->expired;
}

bool wg_keypair_can_send(wg_keypair_t *k, uint32_t now_ms) {
    return alive(k, now_ms) && k->send_counter < WG_REJECT_AFTER_MESSAGES;
}

bool wg_keypair_can_receive(wg_keypair_t *k, uint32_t now_ms) {
    return alive(k, now_ms) && k->replay.next < WG_REJECT_AFTER_MESSAGES;
}

bool wg_keypair_stale_for_sending(const wg_keypair_t *k, uint32_t now_ms) {
    return k->send_counter > WG_REKEY_AFTER_MESSAGES
           || (k->initiator && age_ms(k, now_ms) >= WG_REKEY_AFTER_TIME);
}

bool wg_keypair_stale_for_receiving(const wg_keypair_t *k, uint32_t now_ms) {
    return k->initiator
           && age_ms(k, now_ms) >= WG_REJECT_AFTER_TIME - WG_KEEPALIVE_TIMEOUT - WG_REKEY_TIMEOUT;
}

uint64_t wg_keypair_next_header(wg_keypair_t *k, uint8_t header[WG_TRANSPORT_HEADER_LEN]) {
    uint64_t counter = k->send_counter++;
    wg_store_le32(header, WG_MESSAGE_TRANSPORT);
    wg_store_le32(header + 4, k->remote_index);
    wg_store_le64(header + 8, counter);
    return counter;
}

size_t wg_padded_len(size_t len, size_t mtu) {
    size_t padded = (len + WG_PADDING - 1) & ~(size_t)(WG_PADDING - 1);
    if (padded > mtu) {
        padded = mtu;
    }
    return padded < len ? len : padded;
}
