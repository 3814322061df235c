// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors

// Two ends of a session without a network: sealed, lost, doubled, turned round, changed, aged.

#include "crypto/chacha20poly1305.h"
#include "input.h"
#include "keypair.h"

#define MESSAGES 16
#define PACKET_MAX 96

static struct {
    uint8_t data[PACKET_MAX + WG_TRANSPORT_OVERHEAD], packet[PACKET_MAX];
    size_t len;
    unsigned delivered;
} sent[MESSAGES];

static wg_keypair_t a, b;
static uint32_t now, born;
static bool was_dead;

static bool young(void) {
    was_dead |= now - born >= WG_REJECT_AFTER_TIME;
    return !was_dead;
}

// As receive.c does.
static bool open_message(uint8_t *packet, const uint8_t *message, size_t len) {
    if (!wg_keypair_can_receive(&b, now) || len < WG_TRANSPORT_OVERHEAD
        || wg_load_le32(message) != WG_MESSAGE_TRANSPORT || wg_load_le32(message + 4) != b.local_index) {
        return false;
    }
    uint64_t counter = wg_load_le64(message + 8);
    return !wg_replay_too_old(&b.replay, counter)
           && wg_open(packet, message + WG_TRANSPORT_HEADER_LEN, len - WG_TRANSPORT_HEADER_LEN, NULL, 0,
        counter, b.recv_key)
           && wg_replay_accept(&b.replay, counter);
}

static void seal(unsigned n) {
    CHECK(wg_keypair_can_send(&a, now) == (young() && a.send_counter < WG_REJECT_AFTER_MESSAGES));
    if (!wg_keypair_can_send(&a, now)) {
        return;
    }
    size_t len = byte() % (PACKET_MAX + 1);
    fill(sent[n].packet, len);
    uint64_t before = a.send_counter;
    uint64_t counter = wg_keypair_next_header(&a, sent[n].data);
    CHECK(counter == before && a.send_counter == before + 1);
    wg_seal(sent[n].data + WG_TRANSPORT_HEADER_LEN, sent[n].packet, len, NULL, 0, counter, a.send_key);
    sent[n].len = len + WG_TRANSPORT_OVERHEAD;
    sent[n].delivered = 0;
}

static void deliver(unsigned n) {
    if (sent[n].len == 0) {
        return;
    }
    uint8_t packet[PACKET_MAX];
    uint64_t counter = wg_load_le64(sent[n].data + 8);
    bool too_old = wg_replay_too_old(&b.replay, counter), full = b.replay.next >= WG_REJECT_AFTER_MESSAGES;
    bool opened = open_message(packet, sent[n].data, sent[n].len);
    CHECK(opened == (young() && !too_old && !full && sent[n].delivered == 0));
    sent[n].delivered += opened;
    CHECK(!opened || memcmp(packet, sent[n].packet, sent[n].len - WG_TRANSPORT_OVERHEAD) == 0);
}

static void deliver_changed(unsigned n) {
    if (sent[n].len == 0) {
        return;
    }
    uint8_t message[sizeof(sent[n].data)], packet[PACKET_MAX] = { 0 };
    memcpy(message, sent[n].data, sent[n].len);
    size_t len = sent[n].len;
    uint8_t kind = byte();
    if (kind & 1) {
        message[byte() % len] ^= (uint8_t)(1 << (kind >> 1 & 7));
    } else {
        len = byte() % len;
    }
    wg_replay_t before = b.replay;
    CHECK(!open_message(packet, message, len));
    CHECK(memcmp(&before, &b.replay, sizeof(before)) == 0);
}

static void fuzz(void) {
    uint8_t one[WG_KEY_LEN], two[WG_KEY_LEN];
    memset(one, byte(), sizeof(one));
    memset(two, byte(), sizeof(two));
    memset(sent, 0, sizeof(sent));
    now = born = (uint32_t)number(4);
    was_dead = false;
    wg_keypair_init(&a, 1, 2, one, two, true, born);
    wg_keypair_init(&b, 2, 1, two, one, false, born);
    if (byte() & 1) {
        a.send_counter = number(8);
    }
    while (more()) {
        uint8_t action = byte();
        unsigned n = action >> 4;
        switch (action % 8) {
            case 0: case 1: case 2:
                seal(n);
                break;
            case 3: case 4:
                deliver(n);
                break;
            case 5: case 6:
                deliver_changed(n);
                break;
            default:
                now += action & 8 ? word() : (uint32_t)word() << 8;
                // On the device lwIP's timeout looks at ages once an hour.
                CHECK(wg_keypair_can_send(&a, now) == (young() && a.send_counter < WG_REJECT_AFTER_MESSAGES));
                (void)wg_keypair_can_receive(&b, now);
                break;
        }
    }
    wg_keypair_wipe(&a);
    wg_keypair_wipe(&b);
}
