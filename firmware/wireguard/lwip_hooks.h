// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors

// For lwIP's LWIP_HOOK_FILENAME (ESP-IDF: ESP_IDF_LWIP_HOOK_FILENAME): AllowedIPs route.
#ifndef WG_LWIP_HOOKS_H
#define WG_LWIP_HOOKS_H

#include "lwip/ip4_addr.h"
#include "lwip/ip6_addr.h"

struct netif *wg_ip4_route_hook(const ip4_addr_t *src, const ip4_addr_t *dest);
struct netif *wg_ip6_route_hook(const ip6_addr_t *src, const ip6_addr_t *dest);

// ESP-IDF has hooks of its own, which know nothing but the source address.
#undef LWIP_HOOK_IP4_ROUTE_SRC
#undef LWIP_HOOK_IP6_ROUTE
#define LWIP_HOOK_IP4_ROUTE_SRC(src, dest) wg_ip4_route_hook(src, dest)
#define LWIP_HOOK_IP6_ROUTE(src, dest) wg_ip6_route_hook(src, dest)

#endif // WG_LWIP_HOOKS_H
