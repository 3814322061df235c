// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors

// What idf_hooks.c asks, with answers of the test's: the tunnels' hooks, ESP-IDF's own, and lwIP.

#include <stdbool.h>
#include <string.h>

#include "lwip/netif.h"
#include "lwip/pbuf.h"
#include "lwip_default_hooks.h"
#include "device.h"

static wg_device_t device;
wg_device_t *wg_devices = &device;
struct netif underlay;
struct netif *tunnels_answer, *idfs_answer;
int idf_asked, filtered, filters_answer, freed;

struct netif *wg_ip4_route_hook(const ip4_addr_t *src, const ip4_addr_t *dest) {
    (void)src, (void)dest;
    return tunnels_answer;
}

struct netif *ip4_route_src_hook(const ip4_addr_t *src, const ip4_addr_t *dest) {
    (void)src, (void)dest;
    idf_asked++;
    return idfs_answer;
}

struct netif *tunnel(void) {
    return &device.netif;
}

int wg_ip6_input_hook(struct pbuf *p, struct netif *netif) {
    (void)p, (void)netif;
    filtered++;
    return filters_answer;
}

u8_t pbuf_free(struct pbuf *p) {
    (void)p;
    freed++;
    return 1;
}

struct netif *route(void) {
    ip4_addr_t address = { 0 };
    return wg_esp32_ip4_route(&address, &address);
}

// 1: the packet was eaten
int input6(struct netif *netif, bool has_link_local) {
    static struct pbuf p;
    memset(netif->ip6_addr, 0, sizeof(netif->ip6_addr));
    if (has_link_local) {
        ip6_addr_t *address = ip_2_ip6(&netif->ip6_addr[0]);
        address->addr[0] = PP_HTONL(0xfe800000);
        address->addr[3] = 1;
    }
    filtered = freed = 0;
    return lwip_hook_ip6_input(&p, netif);
}
