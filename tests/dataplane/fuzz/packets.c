// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors

// The packet path under random datagrams, in pbufs cut anywhere, with its promises checked:
//  - what comes out of the tunnel was sealed by a peer, is unchanged, and its source is that peer's;
//  - a counter is taken once; a message that is not authentic and fresh moves no endpoint;
//  - what goes out opens to what went in, under a counter used once, and never leaves in the clear;
//  - nothing leaks, whatever the order (AddressSanitizer).
//
// An input is a list of actions, so that random bytes already do something. With clang:
// -fsanitize=fuzzer,address,undefined -DLIBFUZZER. Without: packets RUNS [SEED].

#include <string.h>

#include "lwip/inet_chksum.h"
#include "lwip/init.h"
#include "lwip/ip.h"
#include "lwip/timeouts.h"

#include "crypto/chacha20poly1305.h"
#include "crypto/memory.h"
#include "device.h"

#define CHECK(condition) \
    do { \
        if (!(condition)) { \
            fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition); \
            abort(); \
        } \
    } while (0)

#define PEERS 2
#define COUNTERS 4096

static uint32_t clock_ms;
static struct netif underlay;
static wg_device_t *dev;
static uint8_t their_keys[PEERS][WG_KEY_LEN] = { { 1 }, { 2 } };
static uint8_t our_keys[PEERS][WG_KEY_LEN] = { { 3 }, { 4 } };

static struct {
    const uint8_t *at, *end;
} input;

// What is on its way in, for fuzz_ip_input() to compare with.
static struct {
    bool expected;
    unsigned peer;
    uint8_t packet[2048];
    size_t len;
    unsigned delivered;
} inner;

// What lwIP has given the tunnel for a peer and the underlay has not yet seen, in order.
static struct {
    struct pbuf *packets[WG_STAGED_MAX + 1];
    unsigned count;
    uint64_t next_counter;
} outer[PEERS];

static unsigned long total_delivered, total_sent, total_authentic;
static bool counter_used[PEERS][COUNTERS];

u32_t sys_now(void) {
    return clock_ms;
}

unsigned fuzz_random(void) {
    static unsigned state = 1;
    return state = state * 1103515245 + 12345;
}

void wg_notify_python(void) {
}

static uint8_t byte(void) {
    return input.at < input.end ? *input.at++ : 0;
}

static unsigned word(void) {
    unsigned high = byte();
    return high << 8 | byte();
}

// A chain of pbufs with these bytes, cut where the input says.
static struct pbuf *chain(const uint8_t *data, size_t len) {
    struct pbuf *whole = NULL;
    do {
        unsigned cut = byte();
        size_t part = cut < 128 ? cut : len;
        part = part == 0 ? 1 : part;
        part = part > len ? len : part;
        struct pbuf *p = pbuf_alloc(PBUF_RAW, (u16_t)part, PBUF_RAM);
        CHECK(p != NULL);
        memcpy(p->payload, data, part);
        data += part;
        len -= part;
        if (whole == NULL) {
            whole = p;
        } else {
            pbuf_cat(whole, p);
        }
    } while (len > 0);
    return whole;
}

// Between wg_receive() and lwIP: everything the tunnel lets in.
int fuzz_ip_input(struct pbuf *p, struct netif *netif) {
    if (netif != &dev->netif) {
        return 0;
    }
    CHECK(inner.expected);
    inner.delivered++;
    total_delivered++;
    uint8_t packet[2048];
    size_t len = pbuf_copy_partial(p, packet, sizeof(packet), 0);
    CHECK(len == p->tot_len && len <= inner.len && memcmp(packet, inner.packet, len) == 0);
    if (packet[0] >> 4 == 4) {
        CHECK(len == ((unsigned)packet[2] << 8 | packet[3]));
        CHECK(packet[12] == 10 && packet[13] == inner.peer);
    } else {
        CHECK(packet[0] >> 4 == 6 && len == 40u + ((unsigned)packet[4] << 8 | packet[5]));
        CHECK(packet[8] == 0xfd && packet[9] == inner.peer);
    }
    if (packet[len - 1] & 1) {
        return 0;  // let lwIP have it
    }
    pbuf_free(p);
    return 1;
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

// Behind udp_sendto_if(): an IPv4 header, a UDP header, and what must be a sealed packet.
static err_t underlay_output(struct netif *netif, struct pbuf *p, const ip4_addr_t *dest) {
    (void)netif;
    uint8_t message[4096];
    size_t len = pbuf_copy_partial(p, message, sizeof(message), 0);
    CHECK(len >= 28 + WG_TRANSPORT_OVERHEAD && message[28] == WG_MESSAGE_TRANSPORT);
    const uint8_t *transport = message + 28;
    len -= 28;
    unsigned peer = wg_load_le32(transport + 4) - 100;
    CHECK(peer < PEERS && ip4_addr_eq(dest, ip_2_ip4(&dev->peers[peer]->endpoint.addr)));
    uint64_t counter = wg_load_le64(transport + 8);
    CHECK(counter >= outer[peer].next_counter);
    outer[peer].next_counter = counter + 1;
    uint8_t packet[4096];
    CHECK(wg_open(packet, transport + WG_TRANSPORT_HEADER_LEN, len - WG_TRANSPORT_HEADER_LEN, NULL, 0,
        counter, our_keys[peer]));
    size_t sealed = len - WG_TRANSPORT_OVERHEAD;
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
    return byte() == 255 ? ERR_MEM : ERR_OK;
}

static err_t underlay_init(struct netif *netif) {
    netif->output = underlay_output;
    netif->mtu = 1500;
    netif->flags = NETIF_FLAG_BROADCAST | NETIF_FLAG_LINK_UP;
    return ERR_OK;
}

static void install(unsigned peer, bool initiator) {
    wg_keypair_t *k = malloc(sizeof(*k));
    wg_keypair_init(k, 200 + peer, 100 + peer, our_keys[peer], their_keys[peer], initiator, clock_ms);
    outer[peer].next_counter = 0;
    wg_peer_wipe_keys(dev, dev->peers[peer]);  // the same keys again: no two of them at once
    memset(counter_used[peer], 0, sizeof(counter_used[peer]));
    wg_peer_install_keypair(dev, dev->peers[peer], k);
}

static void receive(struct pbuf *p, unsigned port) {
    ip_addr_t from = IPADDR4_INIT_BYTES(192, 0, 2, 10 + (port & 1));
    ip_data.current_input_netif = &underlay;
    wg_receive(dev, dev->pcb, p, &from, (u16_t)port);
}

static void receive_garbage(void) {
    uint8_t message[2048];
    size_t len = word() % 1600 + 1;
    for (size_t i = 0; i < len; i++) {
        message[i] = byte();
    }
    if (byte() & 1 && len >= 8) {
        wg_store_le32(message, 1 + byte() % 4);
        wg_store_le32(message + 4, 200 + byte() % 3);
    }
    inner.expected = false;
    wg_endpoint_t before[PEERS] = { dev->peers[0]->endpoint, dev->peers[1]->endpoint };
    receive(chain(message, len), 4000);
    for (unsigned i = 0; i < PEERS; i++) {
        CHECK(dev->peers[i]->endpoint.port == before[i].port);
    }
}

// To be forwarded.
static void address_to_a_peer(uint8_t *packet, unsigned to) {
    if (packet[0] >> 4 == 6) {
        packet[24] = 0xfd;
        packet[25] = to & 1;
        return;
    }
    packet[16] = 10;
    packet[17] = to & 1;
    memset(packet + 10, 0, 2);
    uint16_t sum = inet_chksum(packet, IP_HLEN);
    memcpy(packet + 10, &sum, 2);
}

// A message as a peer would send it, sometimes again, sometimes with one bit wrong.
static void receive_sealed(void) {
    unsigned what = byte(), peer = what & 1;
    wg_keypair_t *k = wg_device_find_keypair(dev, 200 + peer);
    size_t len = word() % 1500;
    for (size_t i = 0; i < len; i++) {
        inner.packet[i] = i < 48 ? byte() : (uint8_t)(i * 7);
    }
    if (what & 2 && len >= 48) {  // an IP packet of this peer, or nearly
        inner.packet[0] = what & 4 ? 0x45 : 0x60;
        unsigned ip_len = (unsigned)(len - byte() % 20) - (what & 4 ? 0 : 40);
        inner.packet[what & 4 ? 2 : 4] = (uint8_t)(ip_len >> 8);
        inner.packet[what & 4 ? 3 : 5] = (uint8_t)ip_len;
        inner.packet[what & 4 ? 12 : 8] = what & 4 ? 10 : 0xfd;
        inner.packet[what & 4 ? 13 : 9] = (uint8_t)(byte() & 1);
        if (what & 128) {
            address_to_a_peer(inner.packet, byte());
        }
    }
    inner.len = len;
    inner.peer = peer;
    unsigned counter = byte() & 3 ? byte() % 32 : word() % COUNTERS;  // often one seen before
    uint8_t message[2048];
    wg_store_le32(message, WG_MESSAGE_TRANSPORT);
    wg_store_le32(message + 4, 200 + peer);
    wg_store_le64(message + 8, counter);
    wg_seal(message + WG_TRANSPORT_HEADER_LEN, inner.packet, len, NULL, 0, counter, their_keys[peer]);
    len += WG_TRANSPORT_OVERHEAD;
    bool forged = what & 8;
    if (forged) {
        // Anywhere but in the type: another index or counter is as wrong as another tag.
        message[4 + word() % (len - 4)] ^= (uint8_t)(1 << (what >> 4 & 7));
    }
    struct pbuf *p = chain(message, len);
    bool fits = k != NULL && wg_keypair_can_receive(k, clock_ms) && !counter_used[peer][counter]
        && !wg_replay_too_old(&k->replay, counter);
    bool counts = fits && !forged;
    inner.expected = counts;
    inner.delivered = 0;
    unsigned port = 5000 + byte();
    wg_endpoint_t before = dev->peers[peer]->endpoint;
    uint32_t packets = dev->peers[peer]->rx_packets;
    receive(p, port);
    CHECK(inner.delivered <= counts);
    CHECK(dev->peers[peer]->rx_packets == packets + counts);
    CHECK(dev->peers[peer]->endpoint.port == (counts ? port : before.port));
    counter_used[peer][counter] |= counts;
    total_authentic += counts;
}

static void send(void) {
    unsigned peer = byte() & 1;
    size_t len = word() % 1400 + 20;
    uint8_t packet[2048], after[2048];
    for (size_t i = 0; i < len; i++) {
        packet[i] = i < 20 ? byte() : (uint8_t)(i * 3);
    }
    struct pbuf *p = chain(packet, len);
    ip4_addr_t dest = { PP_HTONL(0x0a000001u | peer << 16) };
    dev->netif.output(&dev->netif, p, &dest);
    CHECK(pbuf_copy_partial(p, after, sizeof(after), 0) == len);
    CHECK(memcmp(after, packet, len) == 0);  // lwIP may have to send it again
    pbuf_free(p);
    for (peer = 0; peer < PEERS; peer++) {
        CHECK(outer[peer].count == dev->peers[peer]->staged_count);
    }
}

static wg_allowedips_t *open_device(void) {
    static const uint8_t public_key[WG_KEY_LEN];
    dev = wg_device_new(public_key);
    wg_prefix_t prefixes[2 * PEERS] = { 0 };
    for (uint8_t i = 0; i < PEERS; i++) {
        prefixes[2 * i] = (wg_prefix_t) { .addr = { 10, i }, .len = 16, .slot = i };
        prefixes[2 * i + 1] = (wg_prefix_t) { .addr = { 0xfd, i }, .len = 16, .slot = i, .v6 = true };
        wg_peer_add(dev, calloc(1, sizeof(wg_peer_t)));
        dev->peers[i]->endpoint.port = 9;
        IP_ADDR4(&dev->peers[i]->endpoint.addr, 192, 0, 2, 10 + i);
    }
    wg_allowedips_t *table = wg_allowedips_build(prefixes, 2 * PEERS);
    dev->allowedips = table;
    wg_address_t address = { .addr = IPADDR4_INIT_BYTES(10, 9, 0, 1), .prefix_len = 24 };
    CHECK(wg_netif_open(dev, &address, 1, 1420, 0) == ERR_OK);
    CHECK(dev->netif.state == NULL); // ESP-IDF takes any for an esp_netif of its own
    dev->netif.output = tunnel_output;
    dev->netif.output_ip6 = tunnel_output_ip6;
    memset(&outer, 0, sizeof(outer));
    memset(&inner, 0, sizeof(inner));
    memset(counter_used, 0, sizeof(counter_used));
    return table;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (underlay.output == NULL) {
        lwip_init();
        ip4_addr_t addr = { PP_HTONL(0xc0000201) }, mask = { PP_HTONL(0xffffff00) };
        netif_add(&underlay, &addr, &mask, NULL, NULL, underlay_init, ip_input);
        netif_set_up(&underlay);
    }
    input.at = data;
    input.end = data + size;
    wg_allowedips_t *table = open_device();
    while (input.at < input.end) {
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
                clock_ms += word() * 8;
                sys_check_timeouts();
                break;
            default:
                dev->message_count = 0;
                wg_timers_set_persistent_keepalive(&dev->peers[peer]->timers, byte(), clock_ms);
                wg_timeout_update(dev);
                break;
        }
    }
    wg_netif_close(dev);
    forget_all();
    wg_device_free(dev);
    wg_allowedips_free(table);
    return 0;
}

#ifndef LIBFUZZER
int main(int argc, char **argv) {
    static uint8_t data[8192];
    long runs = argc > 1 ? atol(argv[1]) : 1000;
    uint64_t state = argc > 2 ? strtoull(argv[2], NULL, 0) : 1;
    for (long run = 0; run < runs; run++) {
        for (size_t i = 0; i < sizeof(data); i++) {
            state = state * UINT64_C(6364136223846793005) + 1442695040888963407;
            data[i] = (uint8_t)(state >> 56);
        }
        LLVMFuzzerTestOneInput(data, (state >> 33) % sizeof(data));
    }
    printf("%lu %lu %lu\n", total_authentic, total_delivered, total_sent);
    return 0;
}
#endif
