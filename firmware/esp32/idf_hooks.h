// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors

// For ESP_IDF_LWIP_HOOK_FILENAME: AllowedIPs route first, ESP-IDF's rules come after.
#ifndef WG_ESP32_IDF_HOOKS_H
#define WG_ESP32_IDF_HOOKS_H

#include "../wireguard/lwip_hooks.h"

struct netif *wg_esp32_ip4_route(const ip4_addr_t *src, const ip4_addr_t *dest);

#undef LWIP_HOOK_IP4_ROUTE_SRC
#define LWIP_HOOK_IP4_ROUTE_SRC(src, dest) wg_esp32_ip4_route(src, dest)

// ESP-IDF defines it behind this file: lwip_hook_ip6_input() in idf_hooks.c, which asks ours.
#undef LWIP_HOOK_IP6_INPUT

#endif // WG_ESP32_IDF_HOOKS_H
