// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors

// ESP-IDF includes this as LWIP_HOOK_FILENAME: first our hooks, then its own.
#pragma once

#include "lwip/ip_addr.h"
#include "lwip/pbuf.h"
#include "sdkconfig.h"
#ifdef ESP_IDF_LWIP_HOOK_FILENAME
#include ESP_IDF_LWIP_HOOK_FILENAME
#endif
struct netif *ip4_route_src_hook(const ip4_addr_t *src, const ip4_addr_t *dest);
int lwip_hook_ip6_input(struct pbuf *p, struct netif *inp);
#ifdef CONFIG_LWIP_HOOK_IP6_INPUT_CUSTOM
#define LWIP_HOOK_IP6_INPUT lwip_hook_ip6_input
#endif
