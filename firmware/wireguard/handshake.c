// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors

// In: handshake and cookie messages, on their way to Python. Whatever arrives, Python is handed so
// few of them that the rest of the program goes on, and those that matter come before the others:
//
//  - without a valid mac1 nothing passes;
//  - a response or a cookie reply passes only if it names a handshake message of ours. The first one
//    to an initiation always does: as many as we ask may answer at once;
//  - more initiations than a chip can answer are load. It lingers for a second, as in the kernel. Under
//    load an initiation must prove its source with a mac2; one that does not is answered with a
//    cookie, here, which costs Python nothing;
//  - those that do have a budget for each source and one for all.

#include <string.h>

#include "crypto/memory.h"
#include "device.h"

// What one costs, and how many there may be at once. A handshake is two to five X25519.
#define ANSWERS_COST_MS 50
#define ANSWERS_BURST 10
#define STRANGERS_COST_MS 200
#define STRANGERS_BURST 6
#define PROVEN_COST_MS 50
#define PROVEN_BURST 10
#define SOURCE_COST_MS 50
#define SOURCE_BURST 5
#define REPLIES_COST_MS 2
#define REPLIES_BURST 50
#define LOAD_LINGER_MS 1000

static void source_of(const wg_endpoint_t *from, uint8_t source[WG_COOKIE_SOURCE_LEN]) {
    memset(source, 0, WG_COOKIE_SOURCE_LEN);
    memcpy(source, &from->addr, IP_IS_V6(&from->addr) ? 16 : 4);
    source[16] = (uint8_t)(from->port >> 8);
    source[17] = (uint8_t)from->port;
}

static bool is_loaded(wg_device_t *dev, uint32_t now) {
    if (dev->loaded && now - dev->loaded_ms >= LOAD_LINGER_MS) {
        dev->loaded = false;
    }
    return dev->loaded;
}

static void send_cookie(wg_device_t *dev, const uint8_t *message, const wg_endpoint_t *from,
    const uint8_t *source, uint32_t now) {
    if (!wg_bucket_take(&dev->replies, REPLIES_COST_MS, REPLIES_BURST, now)) {
        return;
    }
    struct pbuf *p = pbuf_alloc(PBUF_TRANSPORT, WG_COOKIE_REPLY_LEN, PBUF_RAM);
    if (p == NULL) {
        wg_drop(dev, WG_DROP_NO_MEMORY);
    } else if (wg_cookie_reply(&dev->cookies, p->payload, message, WG_INITIATION_LEN, source, now)) {
        wg_send_datagram(dev, p, from);
    } else {
        pbuf_free(p);
    }
}

static bool admit_initiation(wg_device_t *dev, const uint8_t *message, const wg_endpoint_t *from) {
    uint32_t now = wg_now();
    uint8_t source[WG_COOKIE_SOURCE_LEN];
    source_of(from, source);
    if (wg_mac2_is_valid(&dev->cookies, message, WG_INITIATION_LEN, source, now)) {
        // An IPv6 host has a /64 to itself.
        bool allowed = wg_sources_take(&dev->sources, wg_load_le64(source), SOURCE_COST_MS, SOURCE_BURST, now)
            && wg_bucket_take(&dev->proven, PROVEN_COST_MS, PROVEN_BURST, now);
        if (!allowed) {
            wg_drop(dev, WG_DROP_MESSAGES_LIMIT);
        }
        return allowed;
    }
    if (!wg_bucket_take(&dev->strangers, STRANGERS_COST_MS, STRANGERS_BURST, now)) {
        dev->loaded = true;
        dev->loaded_ms = now;
    }
    if (is_loaded(dev, now)) {
        wg_drop(dev, WG_DROP_NO_COOKIE);
        send_cookie(dev, message, from, source, now);
        return false;
    }
    return true;
}

// The peer to which we have sent the message that this one answers: a response names our initiation,
// a cookie reply that or our response. NULL: there is none.
static wg_peer_t *peer_answered(const wg_device_t *dev, uint32_t type, uint32_t receiver) {
    for (int slot = 0; slot < WG_PEERS_MAX; slot++) {
        wg_peer_t *peer = dev->peers[slot];
        if (peer == NULL) {
            continue;
        }
        bool initiation = peer->initiation_open && peer->initiation_index == receiver;
        bool response = peer->response_sent && peer->response_index == receiver;
        if (initiation || (response && type == WG_MESSAGE_COOKIE_REPLY)) {
            return peer;
        }
    }
    return NULL;
}

void wg_handshake_sent(wg_peer_t *peer, const uint8_t *message) {
    uint32_t index = wg_load_le32(message + 4);
    if (message[0] == WG_MESSAGE_INITIATION) {
        peer->initiation_open = true;
        peer->initiation_answered = false;
        peer->initiation_index = index;
    } else if (message[0] == WG_MESSAGE_RESPONSE) {
        peer->response_sent = true;
        peer->response_index = index;
    }
}

void wg_handshake_receive(wg_device_t *dev, struct pbuf *p, uint32_t type,
    const wg_endpoint_t *from) {
    const uint8_t *message = p->payload;
    size_t len = p->len;
    wg_peer_t *peer = NULL;
    if (type != WG_MESSAGE_INITIATION) {
        size_t at = type == WG_MESSAGE_RESPONSE ? 8 : 4;
        peer = peer_answered(dev, type, wg_load_le32(message + at));
        if (peer == NULL) {
            wg_drop(dev, WG_DROP_UNKNOWN_INDEX);
            return;
        }
    }
    if (type != WG_MESSAGE_COOKIE_REPLY && !wg_mac1_is_valid(&dev->cookies, message, len)) {
        wg_drop(dev, WG_DROP_MAC1);
        return;
    }
    if (peer == NULL) {
        if (admit_initiation(dev, message, from)) {
            wg_message_event(dev, p, from, false);
        }
        return;
    }
    bool is_first = peer->initiation_open && !peer->initiation_answered;
    if (!is_first && !wg_bucket_take(&dev->answers, ANSWERS_COST_MS, ANSWERS_BURST, wg_now())) {
        wg_drop(dev, WG_DROP_MESSAGES_LIMIT);
        return;
    }
    if (wg_message_event(dev, p, from, is_first)) {
        peer->initiation_answered = true;
    }
}
