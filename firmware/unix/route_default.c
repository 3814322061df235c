// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors
//
// Stand-ins for the tunnel's route hooks, used only by a build without it.

#include "lwip/netif.h"
#include "route_hooks.h"

__attribute__((weak)) struct netif *wg_ip4_route_hook(const ip4_addr_t *src, const ip4_addr_t *dest) {
    (void)src;
    (void)dest;
    return NULL;
}

__attribute__((weak)) struct netif *wg_ip6_route_hook(const ip6_addr_t *src, const ip6_addr_t *dest) {
    (void)src;
    (void)dest;
    return NULL;
}
