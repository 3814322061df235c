// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors

// Datagrams of every type and length on their way to Python: only those of the right length with a
// valid mac1, or that name a message of ours, unchanged, in order, and not too many of them. What is
// answered, with a cookie, is an initiation that Python does not get.

#include "crypto/blake2s.h"
#include "tunnel.h"

// What handshake.c grants: messages at once, and one per so many ms.
#define BURST 10  // at most
#define ANSWERS_MS 50
#define PROVEN_MS 50
#define STRANGERS_MS 200
#define SECRET_MS 120000

static struct {
    uint8_t data[WG_INITIATION_LEN];
    size_t len;
} queue[WG_MESSAGES_MAX + WG_PEERS_MAX];
static unsigned queued;
static uint32_t strangers_passed, proven_passed, answers_passed, initiations, opened_ms;

static size_t length_of(unsigned type) {
    static const size_t lengths[] = { 0, WG_INITIATION_LEN, WG_RESPONSE_LEN, WG_COOKIE_REPLY_LEN };
    return type < 4 ? lengths[type] : 0;
}

static void add_mac2(uint8_t *message, size_t len, uint8_t host, uint16_t port) {
    uint8_t source[WG_COOKIE_SOURCE_LEN] = { 192, 0, 2, host, [16] = (uint8_t)(port >> 8), (uint8_t)port };
    uint8_t cookie[WG_MAC_LEN];
    wg_blake2s(cookie, sizeof(cookie), dev->cookies.secret, WG_KEY_LEN, source, sizeof(source));
    wg_blake2s(message + len - 16, 16, cookie, sizeof(cookie), message, len - 16);
}

static void datagram(void) {
    uint8_t message[256], flags = byte();
    unsigned type = flags % 6;
    size_t len = length_of(type);
    if (len == 0 || flags & 64) {
        len = byte() % sizeof(message);
    }
    bool whole = len != 0 && len == length_of(type);
    fill(message, len < 48 ? len : 48);
    for (size_t i = 48; i < len; i++) {
        message[i] = (uint8_t)(i + flags);
    }
    if (len >= 4) {
        wg_store_le32(message, type);
    }
    bool ours = false, mac1 = false, mac2 = false;
    wg_peer_t *peer = dev->peers[0];
    uint8_t kind = byte(), host = 10 + (kind & 1);
    uint16_t port = 4000 + (kind >> 1 & 1);
    if (whole && (type == 2 || type == 3)) {
        size_t at = type == 2 ? 8 : 4;
        if (kind & 4) {
            wg_store_le32(message + at, kind & 8 ? peer->initiation_index : peer->response_index);
        }
        uint32_t receiver = wg_load_le32(message + at);
        ours = (peer->initiation_open && receiver == peer->initiation_index)
            || (type == 3 && peer->response_sent && receiver == peer->response_index);
    }
    if (whole && type < 3) {
        if (kind & 16) {
            wg_blake2s(message + len - 32, 16, dev->cookies.mac1_key, 32, message, len - 32);
            mac1 = true;
            if (kind & 32) {
                add_mac2(message, len, host, port);
                mac2 = dev->cookies.has_secret && clock_ms - dev->cookies.secret_ms < SECRET_MS;
            }
        }
        if (kind & 64) {
            // One bit wrong. In mac2 it still is a valid mac1.
            size_t at = byte() % len;
            at = at < 12 ? len - 17 : at;
            message[at] ^= (uint8_t)(1 << (kind >> 5));
            mac1 &= at >= len - 16;
            mac2 = false;
        }
    }
    bool valid = whole && (type == 1 ? mac1 : type == 2 ? mac1 && ours : type == 3 && ours);
    unsigned left = left_the_underlay;

    uint8_t before = dev->message_count;
    wg_endpoint_t endpoint = peer->endpoint;
    struct pbuf *p = chain_cut(message, len == 0 ? 1 : len, cut_by_input);
    receive(p, host, port);
    CHECK(dev->message_count - before <= valid);
    CHECK(peer->endpoint.port == endpoint.port && ip_addr_eq(&peer->endpoint.addr, &endpoint.addr));
    if (dev->message_count > before) {
        CHECK(queued < WG_MESSAGES_MAX + WG_PEERS_MAX && notified > 0);
        memcpy(queue[queued].data, message, len);
        queue[queued++].len = len;
        (*(type != 1 ? &answers_passed : mac2 ? &proven_passed : &strangers_passed))++;
    }
    bool cookie_due = valid && type == 1 && !mac2 && dev->message_count == before;
    CHECK(left_the_underlay - left <= (cookie_due && dev->cookies.seeded));
    // No more than the budgets, whatever the clock did; without a wrap it can be told.
    uint32_t passed_ms = clock_ms - opened_ms;
    CHECK(strangers_passed <= BURST + passed_ms / STRANGERS_MS + 1);
    CHECK(proven_passed <= BURST + passed_ms / PROVEN_MS + 1);
    CHECK(answers_passed <= BURST + passed_ms / ANSWERS_MS + 1 + initiations);
}

// As do_event() in py_events.c.
static void take_message(void) {
    CHECK(dev->message_count == queued);
    if (queued == 0) {
        return;
    }
    wg_message_t m;
    CHECK(wg_message_take(dev, &m));
    CHECK(m.len == queue[0].len && memcmp(m.data, queue[0].data, m.len) == 0);
    CHECK(m.source.port == 4000 || m.source.port == 4001);
    dev->notified = dev->message_count > 0;
    memmove(&queue[0], &queue[1], --queued * sizeof(queue[0]));
}

static void send_message(void) {
    uint8_t message[WG_INITIATION_LEN] = { 0 };
    unsigned type = 1 + (byte() & 1);
    initiations += type == WG_MESSAGE_INITIATION;
    wg_store_le32(message, type);
    wg_store_le32(message + 4, (uint32_t)number(4));
    struct pbuf *p = pbuf_alloc(PBUF_TRANSPORT, sizeof(message), PBUF_RAM);
    memcpy(p->payload, message, sizeof(message));
    wg_send_handshake(dev, dev->peers[0], p);
}

static void fuzz(void) {
    clock_ms = (uint32_t)byte() << 24;
    open_tunnel();
    opened_ms = clock_ms;
    queued = strangers_passed = proven_passed = answers_passed = initiations = notified = 0;
    static const uint8_t seed[WG_KEY_LEN] = { 7 };
    while (more()) {
        switch (byte() % 8) {
            case 0:
                take_message();
                break;
            case 1:
                send_message();
                break;
            case 2:
                clock_ms += word();
                sys_check_timeouts();
                break;
            case 3:
                wg_cookies_seed(&dev->cookies, seed);
                break;
            default:
                datagram();
                break;
        }
        if (clock_ms - opened_ms > UINT32_C(0x7fffffff)) {
            break;
        }
    }
    close_tunnel();
}
