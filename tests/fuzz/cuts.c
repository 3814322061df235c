// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors

// Not random: datagrams of the lengths that matter, cut once at every offset and twice at every pair
// of offsets, do what the whole one does. Prints how many there were.

#include "tunnel.h"

static size_t cuts[3];
static unsigned next_cut, delivered;
static uint8_t packet[1500];
static size_t packet_len;

static size_t next(void) {
    return next_cut < 3 ? cuts[next_cut++] : 0;
}

static bool look(struct pbuf *p) {
    uint8_t got[1500];
    CHECK(p->len >= packet_len || p->len >= 120);  // all headers in one piece
    CHECK(p->tot_len == packet_len && pbuf_copy_partial(p, got, packet_len, 0) == packet_len);
    CHECK(memcmp(got, packet, packet_len) == 0);
    delivered++;
    return true;
}

static unsigned long total;

// One datagram with `len` bytes inside; `flip` a byte of it that is wrong, or -1.
static void run(size_t len, size_t first, size_t second, int flip) {
    static uint64_t counter;
    uint8_t message[1600];
    packet_len = len;
    for (size_t i = 0; i < len; i++) {
        packet[i] = (uint8_t)(i * 7);
    }
    if (len >= 20) {
        memcpy(packet, (uint8_t[20]) { 0x45, 0, (uint8_t)(len >> 8), (uint8_t)len, [12] = 10, 1, 0, 1, 10, 9, 0, 1 }, 20);
    }
    size_t sealed = seal_message(message, 0, packet, len, counter++);
    if (flip >= 0) {
        message[(size_t)flip % (sealed - 8) + 8] ^= 0x10;
    }
    cuts[0] = first;
    cuts[1] = second;
    cuts[2] = next_cut = 0;
    struct pbuf *p = chain_cut(message, sealed, next);
    bool good = flip < 0;
    wg_peer_t *peer = dev->peers[0];
    uint32_t packets = peer->rx_packets;
    delivered = 0;
    receive(p, 10, 9);
    CHECK(peer->rx_packets == packets + good);
    CHECK(delivered == (good && len >= 20));
    total++;
}

static void fuzz(void) {
}

int main(void) {
    static const size_t lengths[] = { 0, 1, 15, 16, 19, 20, 21, 40, 63, 64, 65, 128, 500, 1420 };
    (void)LLVMFuzzerTestOneInput;
    on_inner = look;
    open_tunnel();
    install_keypair(0, true);
    for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
        size_t len = lengths[i], sealed = len + WG_TRANSPORT_OVERHEAD;
        for (size_t first = 0; first <= sealed; first++) {
            run(len, first, 0, -1);
            run(len, first, 0, (int)(first * 5));
            if (len <= 65) {
                for (size_t second = 1; second < sealed - first + 1 && first > 0; second++) {
                    run(len, first, second, -1);
                }
            }
        }
    }
    close_tunnel();
    printf("%lu\n", total);
    return 0;
}
