// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors
//
// A device of one tunnel and one underlay for the targets that need lwIP, compiled natively and
// without threads. What leaves by the underlay must be a WireGuard message.
#pragma once

#include "lwip/init.h"
#include "lwip/ip.h"
#include "lwip/timeouts.h"
#include "lwip/udp.h"

#include "crypto/chacha20poly1305.h"
#include "device.h"
#include "input.h"

static uint32_t clock_ms;
static struct netif underlay;
static wg_device_t *dev;
static wg_allowedips_t *table;
static uint8_t our_key[WG_KEY_LEN] = { 3 }, their_key[WG_KEY_LEN] = { 1 };
static unsigned left_the_underlay, notified;

// What the tunnel lets in; a target may look at it. False: lwIP is to have it.
static bool (*on_inner)(struct pbuf *p);

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
    (void)netif, (void)dest;
    uint8_t header[32];
    CHECK(pbuf_copy_partial(p, header, sizeof(header), 0) == sizeof(header));
    CHECK(header[9] == IP_PROTO_UDP && header[28] >= 1 && header[28] <= 4 && header[29] == 0);
    left_the_underlay++;
    return ERR_OK;
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

// One peer with all of 10.1.0.0/16 and fd01::/16; the device is 10.9.0.1 and fd09::1.
static void open_tunnel(void) {
    static const uint8_t public_key[WG_KEY_LEN] = { 9 };
    if (underlay.output == NULL) {
        lwip_init();
        ip4_addr_t addr = { PP_HTONL(0xc0000201) }, mask = { PP_HTONL(0xffffff00) };
        netif_add(&underlay, &addr, &mask, NULL, NULL, underlay_init, ip_input);
        netif_set_up(&underlay);
    }
    dev = wg_device_new(public_key);
    wg_prefix_t prefixes[] = {
        { .addr = { 10, 1 }, .len = 16 },
        { .addr = { 0xfd, 1 }, .len = 16, .v6 = true },
    };
    wg_peer_add(dev, calloc(1, sizeof(wg_peer_t)));
    dev->peers[0]->endpoint.port = 9;
    IP_ADDR4(&dev->peers[0]->endpoint.addr, 192, 0, 2, 10);
    table = wg_allowedips_build(prefixes, 2);
    dev->allowedips = table;
    wg_address_t addresses[] = {
        { .addr = IPADDR4_INIT_BYTES(10, 9, 0, 1), .prefix_len = 24 },
        { .addr = IPADDR6_INIT_HOST(0xfd090000, 0, 0, 1), .prefix_len = 64 },
    };
    CHECK(wg_netif_open(dev, addresses, 2, 1420, 58120) == ERR_OK);
}

static void close_tunnel(void) {
    wg_netif_close(dev);
    wg_device_free(dev);
    wg_allowedips_free(table);
}

static inline void install_keypair(void) {
    wg_keypair_t *k = malloc(sizeof(*k));
    wg_keypair_init(k, 200, 100, our_key, their_key, true, clock_ms);
    wg_peer_install_keypair(dev, dev->peers[0], k);
}

static inline void receive(struct pbuf *p, uint8_t host, uint16_t port) {
    ip_addr_t from = IPADDR4_INIT_BYTES(192, 0, 2, 0);
    ip4_addr_set_u32(ip_2_ip4(&from), PP_HTONL(0xc0000200u | host));
    ip_data.current_input_netif = &underlay;
    wg_receive(dev, dev->pcb, p, &from, port);
}

// A sealed packet as the peer would send it, its length.
static inline size_t seal_message(uint8_t *message, const uint8_t *packet, size_t len, uint64_t counter) {
    wg_store_le32(message, WG_MESSAGE_TRANSPORT);
    wg_store_le32(message + 4, 200);
    wg_store_le64(message + 8, counter);
    wg_seal(message + WG_TRANSPORT_HEADER_LEN, packet, len, NULL, 0, counter, their_key);
    return len + WG_TRANSPORT_OVERHEAD;
}
