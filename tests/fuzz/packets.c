// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors

// The packet path under random datagrams, in pbufs cut anywhere, with its promises checked:
//  - what comes out of the tunnel was sealed by a peer, is unchanged, and its source is that peer's;
//  - a counter is taken once; a message that is not authentic and fresh moves no endpoint;
//  - what goes out opens to what went in, in order, under a counter used once, and never leaves in the
//    clear;
//  - a packet leaves to the peer whose AllowedIPs hold its destination;
//  - nothing leaks, whatever the order (AddressSanitizer).
//
// An input is a list of actions, so that random bytes already do something. Without -DLIBFUZZER:
// packets RUNS [SEED].

#include "lwip/inet_chksum.h"

#include "crypto/memory.h"
#include "tunnel.h"

#define COUNTERS 4096
#define PACKET_MAX 1500

// What is on its way in, for look() to compare with.
static struct {
    bool expected;
    unsigned peer;
    uint8_t packet[PACKET_MAX];
    size_t len;
    unsigned delivered;
} inner;

// What lwIP has given the tunnel for a peer and the underlay has not yet seen, in order.
static struct {
    struct pbuf *packets[WG_STAGED_MAX + 1];
    unsigned count;
    uint64_t next_counter;
} outer[PEERS];

static unsigned long total_delivered, total_sent, total_authentic, total_forwarded;
static bool counter_used[PEERS][COUNTERS];

// Between wg_receive() and lwIP: everything the tunnel lets in.
static bool look(struct pbuf *p) {
    CHECK(inner.expected);
    inner.delivered++;
    total_delivered++;
    uint8_t packet[PACKET_MAX];
    size_t len = pbuf_copy_partial(p, packet, sizeof(packet), 0);
    CHECK(len == p->tot_len && len <= inner.len && memcmp(packet, inner.packet, len) == 0);
    if (packet[0] >> 4 == 4) {
        CHECK(len == ((unsigned)packet[2] << 8 | packet[3]));
        CHECK(packet[12] == 10 && packet[13] == 1 + inner.peer);
    } else {
        CHECK(packet[0] >> 4 == 6 && len == 40u + ((unsigned)packet[4] << 8 | packet[5]));
        CHECK(packet[8] == 0xfd && packet[9] == 1 + inner.peer);
    }
    return !(packet[len - 1] & 1);
}

static void forget_oldest(unsigned peer) {
    pbuf_free(outer[peer].packets[0]);
    outer[peer].count--;
    memmove(&outer[peer].packets[0], &outer[peer].packets[1],
        outer[peer].count * sizeof(outer[peer].packets[0]));
}

static void forget_all(void) {
    for (unsigned peer = 0; peer < PEERS; peer++) {
        while (outer[peer].count > 0) {
            forget_oldest(peer);
        }
    }
}

// Between lwIP and the tunnel: each packet leaves once, in order, or makes room for newer ones while there
// is no session.
static void note(const struct pbuf *p, wg_route_t route) {
    if (route.slot == WG_NO_PEER) {
        return;
    }
    wg_peer_t *peer = dev->peers[route.slot];
    if (peer->staged_count == WG_STAGED_MAX && !wg_peer_can_send(peer, clock_ms)) {
        forget_oldest(route.slot);
    }
    outer[route.slot].packets[outer[route.slot].count++] = pbuf_clone(PBUF_RAW, PBUF_RAM, (struct pbuf *)p);
}

static err_t tunnel_output(struct netif *netif, struct pbuf *p, const ip4_addr_t *dest) {
    note(p, wg_allowedips_lookup4(dev->allowedips, (const uint8_t *)&dest->addr));
    return wg_send_ip4(netif, p, dest);
}

static err_t tunnel_output_ip6(struct netif *netif, struct pbuf *p, const ip6_addr_t *dest) {
    note(p, wg_allowedips_lookup6(dev->allowedips, (const uint8_t *)dest->addr));
    return wg_send_ip6(netif, p, dest);
}

static bool is_for(const uint8_t *packet, unsigned peer) {
    return packet[0] >> 4 == 4 ? packet[16] == 10 && packet[17] == 1 + peer
        : packet[0] >> 4 == 6 && packet[24] == 0xfd && packet[25] == 1 + peer;
}

static bool is_from_the_other(const uint8_t *packet, unsigned peer) {
    return packet[0] >> 4 == 4 ? packet[12] == 10 && packet[13] == 2 - peer
        : packet[8] == 0xfd && packet[9] == 2 - peer;
}

static err_t sent(const uint8_t *message, size_t len, unsigned host) {
    CHECK(len >= WG_TRANSPORT_OVERHEAD && message[0] == WG_MESSAGE_TRANSPORT);
    unsigned peer = wg_load_le32(message + 4) - THEIR_INDEX;
    CHECK(peer < PEERS && host == ip4_addr4(ip_2_ip4(&dev->peers[peer]->endpoint.addr)));
    uint64_t counter = wg_load_le64(message + 8);
    CHECK(counter >= outer[peer].next_counter);
    outer[peer].next_counter = counter + 1;
    uint8_t packet[2048];
    CHECK(wg_open(packet, message + WG_TRANSPORT_HEADER_LEN, len - WG_TRANSPORT_HEADER_LEN, NULL, 0,
        counter, our_keys[peer]));
    size_t sealed = len - WG_TRANSPORT_OVERHEAD;
    CHECK(sealed == 0 || (sealed >= 20 && is_for(packet, peer)));
    if (sealed > 0) {
        struct pbuf *p = outer[peer].packets[0];
        CHECK(outer[peer].count > 0 && sealed >= p->tot_len && sealed - p->tot_len < WG_PADDING);
        CHECK(pbuf_memcmp(p, 0, packet, p->tot_len) == 0);
        for (size_t i = p->tot_len; i < sealed; i++) {
            CHECK(packet[i] == 0);
        }
        forget_oldest(peer);
        total_sent++;
    }
    total_forwarded += sealed > 0 && is_from_the_other(packet, peer);
    return byte() == 255 ? ERR_MEM : ERR_OK;
}

static void install(unsigned peer, bool initiator) {
    outer[peer].next_counter = 0;
    memset(counter_used[peer], 0, sizeof(counter_used[peer]));
    install_keypair(peer, initiator);
}

static void receive_garbage(void) {
    uint8_t message[1600];
    uint8_t kind = byte();
    size_t len = (kind & 128 ? word() % sizeof(message) : byte()) + 1;
    for (size_t i = 0; i < len; i++) {
        message[i] = i < 64 ? byte() : kind;
    }
    if (kind & 1 && len >= 8) {
        wg_store_le32(message, 1 + (kind >> 1) % 4);
        wg_store_le32(message + 4, OUR_INDEX + (kind >> 3) % 3);
    }
    inner.expected = false;
    wg_endpoint_t before[PEERS] = { dev->peers[0]->endpoint, dev->peers[1]->endpoint };
    receive(chain_cut(message, len, cut_by_input), 10, 4000);
    for (unsigned i = 0; i < PEERS; i++) {
        CHECK(dev->peers[i]->endpoint.port == before[i].port);
    }
}

// An IP packet of this peer, or nearly: for the device, for a peer, or for anybody.
static void write_addresses(unsigned what, size_t len) {
    uint8_t *packet = inner.packet, whose = byte();
    bool v4 = what & 4;
    packet[0] = v4 ? 0x45 : 0x60;
    unsigned ip_len = (unsigned)(len - byte() % 20) - (v4 ? 0 : 40);
    packet[v4 ? 2 : 4] = (uint8_t)(ip_len >> 8);
    packet[v4 ? 3 : 5] = (uint8_t)ip_len;
    uint8_t *source = packet + (v4 ? 12 : 8), *dest = packet + (v4 ? 16 : 24);
    source[0] = v4 ? 10 : 0xfd;
    source[1] = (uint8_t)(1 + (whose & 1));
    if (whose & 2) {
        dest[0] = source[0];
        dest[1] = whose & 4 ? 9 : (uint8_t)(2 - (whose & 1));
    }
    if (v4 && !(whose & 64)) {
        memset(packet + 10, 0, 2);
        uint16_t sum = inet_chksum(packet, IP_HLEN);
        memcpy(packet + 10, &sum, 2);
    }
}

// A message as a peer would send it, sometimes again, sometimes with one bit wrong.
static void receive_sealed(void) {
    unsigned what = byte(), peer = what & 1;
    wg_keypair_t *k = wg_device_find_keypair(dev, OUR_INDEX + peer);
    size_t len = what & 128 ? word() % PACKET_MAX : byte();
    for (size_t i = 0; i < len; i++) {
        inner.packet[i] = i < 48 ? byte() : (uint8_t)(i * 7);
    }
    if (what & 2 && len >= 48) {
        write_addresses(what, len);
    }
    inner.len = len;
    inner.peer = peer;
    unsigned counter = byte() & 3 ? byte() % 32 : word() % COUNTERS;  // often one seen before
    uint8_t message[PACKET_MAX + WG_TRANSPORT_OVERHEAD];
    len = seal_message(message, peer, inner.packet, len, counter);
    bool forged = what & 8;
    if (forged) {
        // Anywhere but in the type: another index or counter is as wrong as another tag.
        message[4 + word() % (len - 4)] ^= (uint8_t)(1 << (what >> 4 & 7));
    }
    struct pbuf *p = chain_cut(message, len, cut_by_input);
    bool fits = k != NULL && wg_keypair_can_receive(k, clock_ms) && !counter_used[peer][counter]
        && !wg_replay_too_old(&k->replay, counter);
    bool counts = fits && !forged;
    inner.expected = counts;
    inner.delivered = 0;
    unsigned from = byte(), port = 5000 + from;
    wg_endpoint_t before = dev->peers[peer]->endpoint;
    uint32_t packets = dev->peers[peer]->rx_packets;
    receive(p, 10 + (from & 1), (uint16_t)port);
    CHECK(inner.delivered <= counts);
    CHECK(dev->peers[peer]->rx_packets == packets + counts);
    CHECK(dev->peers[peer]->endpoint.port == (counts ? port : before.port));
    counter_used[peer][counter] |= counts;
    total_authentic += counts;
}

static void send(void) {
    unsigned what = byte(), peer = what & 1;
    bool v4 = what & 2;
    size_t len = (what & 128 ? word() % 1360 : byte() % 128) + (v4 ? 20 : 40);
    uint8_t packet[PACKET_MAX], after[PACKET_MAX];
    for (size_t i = 0; i < len; i++) {
        packet[i] = i < 20 ? byte() : (uint8_t)(i * 3);
    }
    ip6_addr_t dest6 = { .addr = { PP_HTONL(0xfd010000u + (peer << 16)), 0, 0, PP_HTONL(1) } };
    ip4_addr_t dest4 = { PP_HTONL(0x0a010001u + (peer << 16)) };
    packet[0] = v4 ? 0x45 : 0x60;
    memcpy(packet + (v4 ? 16 : 24), v4 ? (void *)&dest4 : (void *)&dest6, v4 ? 4 : 16);
    struct pbuf *p = chain_cut(packet, len, cut_by_input);
    if (v4) {
        dev->netif.output(&dev->netif, p, &dest4);
    } else {
        dev->netif.output_ip6(&dev->netif, p, &dest6);
    }
    CHECK(pbuf_copy_partial(p, after, sizeof(after), 0) == len);
    CHECK(memcmp(after, packet, len) == 0);  // lwIP may have to send it again
    pbuf_free(p);
    for (peer = 0; peer < PEERS; peer++) {
        CHECK(outer[peer].count == dev->peers[peer]->staged_count);
    }
}

static void pass_time(uint32_t ms) {
    clock_ms += ms;
    sys_check_timeouts();
}

static void fuzz(void) {
    on_inner = look;
    on_outer = sent;
    open_tunnel();
    dev->netif.output = tunnel_output;
    dev->netif.output_ip6 = tunnel_output_ip6;
    memset(&outer, 0, sizeof(outer));
    memset(&inner, 0, sizeof(inner));
    memset(counter_used, 0, sizeof(counter_used));
    while (more()) {
        unsigned action = byte(), peer = action >> 7;
        switch (action % 8) {
            case 0:
                receive_garbage();
                break;
            case 1: case 2: case 3:
                receive_sealed();
                break;
            case 4:
                send();
                break;
            case 5:
                install(peer, action & 64);
                break;
            case 6:
                pass_time(word() * 8u);
                break;
            default:
                drain();
                wg_timers_set_persistent_keepalive(&dev->peers[peer]->timers, byte(), clock_ms);
                wg_timeout_update(dev);
                break;
        }
    }
    close_tunnel();
    forget_all();
}

#ifndef LIBFUZZER
int main(int argc, char **argv) {
    static uint8_t data[2048];
    long runs = argc > 1 ? atol(argv[1]) : 1000;
    uint64_t state = argc > 2 ? strtoull(argv[2], NULL, 0) : 1;
    for (long run = 0; run < runs; run++) {
        for (size_t i = 0; i < sizeof(data); i++) {
            state = state * UINT64_C(6364136223846793005) + 1442695040888963407;
            data[i] = (uint8_t)(state >> 56);
        }
        LLVMFuzzerTestOneInput(data, (state >> 33) % sizeof(data));
    }
    printf("%lu %lu %lu %lu\n", total_authentic, total_delivered, total_sent, total_forwarded);
    return 0;
}
#endif
