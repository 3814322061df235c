// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors

// In: handshake and cookie messages, on their way to Python. Whatever arrives, Python is handed so
// few of them that the rest of the program goes on, and those that matter come before the others:
//
//  - without a valid mac1 nothing passes;
//  - a response or a cookie reply passes only if it names a handshake message of ours;
//  - these, and initiations that prove their source with a valid mac2, have a budget of their own,
//    which a flood from invented addresses cannot use up.

#include <string.h>


#include "crypto/blake2s.h"
#include "crypto/memory.h"
#include "device.h"

// Messages a second in the long run, and at once. A handshake is two to four X25519.
#define EXPECTED_COST_MS 50
#define EXPECTED_BURST 10
#define STRANGERS_COST_MS 40
#define STRANGERS_BURST 10

// A bucket fills with the clock and holds milliseconds, as in the kernel's ratelimiter.
static bool take(wg_bucket_t *bucket, uint32_t cost, uint32_t burst, uint32_t now) {
    uint32_t full = cost * burst;
    uint32_t since = now - bucket->updated_ms;
    bucket->spent_ms = since < bucket->spent_ms ? bucket->spent_ms - since : 0;
    bucket->updated_ms = now;
    if (bucket->spent_ms + cost > full) {
        return false;
    }
    bucket->spent_ms += cost;
    return true;
}

// Whitepaper 5.4.4.
static bool mac1_is_valid(const wg_device_t *dev, const uint8_t *message, size_t len) {
    uint8_t mac[WG_MAC_LEN];
    size_t covered = len - WG_MACS_LEN;
    wg_blake2s(mac, sizeof(mac), dev->mac1_key, sizeof(dev->mac1_key), message, covered);
    return wg_equal(mac, message + covered, sizeof(mac));
}

// Whitepaper 5.4.7. The cookie is Python's: a MAC of the source's text and port.
static bool mac2_is_valid(const wg_device_t *dev, const uint8_t *message, size_t len,
    const wg_endpoint_t *from) {
    if (!dev->has_cookie_secret) {
        return false;
    }
    uint8_t source[IPADDR_STRLEN_MAX + 2], cookie[WG_MAC_LEN], mac[WG_MAC_LEN];
    ipaddr_ntoa_r(&from->addr, (char *)source, IPADDR_STRLEN_MAX);
    size_t source_len = strlen((char *)source);
    source[source_len++] = (uint8_t)(from->port >> 8);
    source[source_len++] = (uint8_t)from->port;
    wg_blake2s(cookie, sizeof(cookie), dev->cookie_secret, sizeof(dev->cookie_secret), source,
        source_len);
    size_t covered = len - WG_MAC_LEN;
    wg_blake2s(mac, sizeof(mac), cookie, sizeof(cookie), message, covered);
    return wg_equal(mac, message + covered, sizeof(mac));
}

// A response answers our initiation; a cookie reply that or our response.
static bool names_message_of_ours(const wg_device_t *dev, uint32_t type, uint32_t receiver) {
    for (int slot = 0; slot < WG_PEERS_MAX; slot++) {
        const wg_peer_t *peer = dev->peers[slot];
        if (peer == NULL) {
            continue;
        }
        if (peer->initiation_open && peer->initiation_index == receiver) {
            return true;
        }
        if (type == WG_MESSAGE_COOKIE_REPLY && peer->response_sent
            && peer->response_index == receiver) {
            return true;
        }
    }
    return false;
}

void wg_handshake_sent(wg_peer_t *peer, const uint8_t *message) {
    uint32_t index = wg_load_le32(message + 4);
    if (message[0] == WG_MESSAGE_INITIATION) {
        peer->initiation_open = true;
        peer->initiation_index = index;
    } else if (message[0] == WG_MESSAGE_RESPONSE) {
        peer->response_sent = true;
        peer->response_index = index;
    }
}

void wg_handshake_receive(wg_device_t *dev, struct pbuf *p, uint32_t type,
    const wg_endpoint_t *from) {
    uint8_t copy[WG_INITIATION_LEN];
    size_t len = p->tot_len;
    const uint8_t *message = pbuf_get_contiguous(p, copy, sizeof(copy), p->tot_len, 0);
    if (message == NULL) {
        wg_drop(dev, WG_DROP_MALFORMED);
        return;
    }
    if (type != WG_MESSAGE_INITIATION) {
        size_t at = type == WG_MESSAGE_RESPONSE ? 8 : 4;
        if (!names_message_of_ours(dev, type, wg_load_le32(message + at))) {
            wg_drop(dev, WG_DROP_UNKNOWN_INDEX);
            return;
        }
    }
    if (type != WG_MESSAGE_COOKIE_REPLY && !mac1_is_valid(dev, message, len)) {
        wg_drop(dev, WG_DROP_MAC1);
        return;
    }
    uint32_t now = wg_now();
    bool expected = type != WG_MESSAGE_INITIATION || mac2_is_valid(dev, message, len, from);
    bool allowed = expected
        ? take(&dev->expected, EXPECTED_COST_MS, EXPECTED_BURST, now)
        : take(&dev->strangers, STRANGERS_COST_MS, STRANGERS_BURST, now);
    if (!allowed) {
        wg_drop(dev, WG_DROP_MESSAGES_LIMIT);
        return;
    }
    wg_message_event(dev, p, from);
}
