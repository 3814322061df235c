// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors
//
// A device of one tunnel and one underlay for the targets that need lwIP, compiled natively and
// without threads. What leaves by the underlay must be a WireGuard message, or have come from a peer
// and be on its way to the underlay's own network.
#pragma once

#include "lwip/init.h"
#include "lwip/ip.h"
#include "lwip/timeouts.h"
#include "lwip/udp.h"

#include "crypto/chacha20poly1305.h"
#include "device.h"
#include "input.h"

#define PEERS 2
// Receiver indices: those of the device and those of the peers.
#define OUR_INDEX 200
#define THEIR_INDEX 100

static uint32_t clock_ms;
static struct netif underlay;
static wg_device_t *dev;
static wg_allowedips_t *table;
static uint8_t our_keys[PEERS][WG_KEY_LEN] = { { 3 }, { 4 } };
static uint8_t their_keys[PEERS][WG_KEY_LEN] = { { 1 }, { 2 } };
static unsigned left_the_underlay, notified;

// What the tunnel lets in; a target may look at it. False: lwIP is to have it.
static bool (*on_inner)(struct pbuf *p);
// What it sends to `host` of the underlay's network; a target may look at it, or refuse it.
static err_t (*on_outer)(const uint8_t *message, size_t len, unsigned host);

u32_t sys_now(void) {
    return clock_ms;
}

unsigned fuzz_random(void) {
    static unsigned state = 1;
    return state = state * 1103515245 + 12345;
}

void wg_notify_python(void) {
    notified++;
}

int fuzz_ip_input(struct pbuf *p, struct netif *netif) {
    if (netif != &dev->netif || on_inner == NULL || !on_inner(p)) {
        return 0;
    }
    pbuf_free(p);
    return 1;
}

static err_t underlay_output(struct netif *netif, struct pbuf *p, const ip4_addr_t *dest) {
    (void)netif;
    uint8_t packet[2048];
    size_t len = pbuf_copy_partial(p, packet, sizeof(packet), 0);
    CHECK(len == p->tot_len && len >= 20);
    if (memcmp(packet + 12, (uint8_t[]) { 192, 0, 2, 1 }, 4) != 0) {
        CHECK(packet[12] == 10 && packet[13] >= 1 && packet[13] <= PEERS);
        return ERR_OK;
    }
    const uint8_t *message = packet + 28;
    CHECK(len >= 32 && packet[9] == IP_PROTO_UDP && message[0] >= 1 && message[0] <= 4 && message[1] == 0);
    left_the_underlay++;
    return on_outer == NULL ? ERR_OK : on_outer(message, len - 28, ip4_addr4(dest));
}

static err_t underlay_init(struct netif *netif) {
    netif->output = underlay_output;
    netif->mtu = 1500;
    netif->flags = NETIF_FLAG_BROADCAST | NETIF_FLAG_LINK_UP;
    return ERR_OK;
}

// A chain of pbufs with these bytes; `cut` says how long the next of them is, 0 for all the rest.
static struct pbuf *chain_cut(const uint8_t *data, size_t len, size_t (*cut)(void)) {
    struct pbuf *whole = NULL;
    do {
        size_t part = cut();
        part = part == 0 || part > len ? len : part;
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

static inline size_t cut_by_input(void) {
    uint8_t cut = byte();
    return cut < 128 ? cut : 0;
}

// Peer i has all of 10.(1+i).0.0/16 and fd(1+i)::/16; the device is 10.9.0.1 and fd09::1.
static void open_tunnel(void) {
    static const uint8_t public_key[WG_KEY_LEN] = { 9 };
    if (underlay.output == NULL) {
        lwip_init();
        ip4_addr_t addr = { PP_HTONL(0xc0000201) }, mask = { PP_HTONL(0xffffff00) };
        netif_add(&underlay, &addr, &mask, NULL, NULL, underlay_init, ip_input);
        netif_set_up(&underlay);
    }
    dev = wg_device_new(public_key);
    wg_prefix_t prefixes[2 * PEERS];
    for (uint8_t i = 0; i < PEERS; i++) {
        prefixes[2 * i] = (wg_prefix_t) { .addr = { 10, 1 + i }, .len = 16, .slot = i };
        prefixes[2 * i + 1] = (wg_prefix_t) { .addr = { 0xfd, 1 + i }, .len = 16, .slot = i, .v6 = true };
        wg_endpoint_t *endpoint = &wg_peer_add(dev, calloc(1, sizeof(wg_peer_t)))->endpoint;
        endpoint->port = 9;
        IP_ADDR4(&endpoint->addr, 192, 0, 2, 10 + i);
    }
    table = wg_allowedips_build(prefixes, 2 * PEERS);
    dev->allowedips = table;
    wg_address_t addresses[] = {
        { .addr = IPADDR4_INIT_BYTES(10, 9, 0, 1), .prefix_len = 24 },
        { .addr = IPADDR6_INIT_HOST(0xfd090000, 0, 0, 1), .prefix_len = 64 },
    };
    CHECK(wg_netif_open(dev, addresses, 2, 1420, 58120) == ERR_OK);
    CHECK(dev->netif.state == NULL);  // ESP-IDF takes any for an esp_netif of its own
}

static void close_tunnel(void) {
    wg_netif_close(dev);
    wg_device_free(dev);
    wg_allowedips_free(table);
}

// Python has taken all messages.
static inline void drain(void) {
    wg_message_t message;
    while (wg_message_take(dev, &message)) {
    }
}

// The same keys again: no two of them at once.
static inline void install_keypair(unsigned peer, bool initiator) {
    wg_keypair_t *k = malloc(sizeof(*k));
    wg_keypair_init(k, OUR_INDEX + peer, THEIR_INDEX + peer, our_keys[peer], their_keys[peer], initiator,
        clock_ms);
    wg_peer_wipe_keys(dev, dev->peers[peer]);
    wg_peer_install_keypair(dev, dev->peers[peer], k);
}

static inline void receive(struct pbuf *p, uint8_t host, uint16_t port) {
    ip_addr_t from = IPADDR4_INIT_BYTES(192, 0, 2, 0);
    ip4_addr_set_u32(ip_2_ip4(&from), PP_HTONL(0xc0000200u | host));
    ip_data.current_input_netif = &underlay;
    wg_receive(dev, dev->pcb, p, &from, port);
}

// A sealed packet as the peer would send it, its length.
static inline size_t seal_message(uint8_t *message, unsigned peer, const uint8_t *packet, size_t len,
    uint64_t counter) {
    wg_store_le32(message, WG_MESSAGE_TRANSPORT);
    wg_store_le32(message + 4, OUR_INDEX + peer);
    wg_store_le64(message + 8, counter);
    wg_seal(message + WG_TRANSPORT_HEADER_LEN, packet, len, NULL, 0, counter, their_keys[peer]);
    return len + WG_TRANSPORT_OVERHEAD;
}
