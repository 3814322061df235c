// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors
//
// lwIP's route hooks are the tunnel's (firmware/wireguard/lwip_hooks.h). Without that module in
// the build, route_default.c answers that it has no opinion.
#pragma once

#include "lwip/ip_addr.h"

#if __has_include("wireguard/lwip_hooks.h")
#include "wireguard/lwip_hooks.h"
#endif

struct netif;
struct netif *wg_ip4_route_hook(const ip4_addr_t *src, const ip4_addr_t *dest);
struct netif *wg_ip6_route_hook(const ip6_addr_t *src, const ip6_addr_t *dest);
