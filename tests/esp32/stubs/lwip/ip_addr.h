// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors

// lwIP 2.2's header with the names of ESP-IDF's lwIP, which is a 2.1: what uses newer ones fails here.
#pragma once

#include_next <lwip/ip_addr.h>

#undef ip4_addr_eq
#undef ip4_addr_net_eq
#undef ip4_addr_cmp
#undef ip4_addr_netcmp
#define ip4_addr_cmp(a, b) ((a)->addr == (b)->addr)
#define ip4_addr_netcmp(a, b, mask) (((a)->addr & (mask)->addr) == ((b)->addr & (mask)->addr))

#undef ip6_addr_eq
#undef ip6_addr_net_eq
#undef ip6_addr_cmp
#undef ip6_addr_netcmp
#undef ip6_addr_zoneless_eq
#undef ip6_addr_cmp_zoneless
#define zoneless_netcmp(a, b) ((a)->addr[0] == (b)->addr[0] && (a)->addr[1] == (b)->addr[1])
#define zoneless_cmp(a, b) \
    (zoneless_netcmp(a, b) && (a)->addr[2] == (b)->addr[2] && (a)->addr[3] == (b)->addr[3])
#define ip6_addr_cmp_zoneless(a, b) zoneless_cmp(a, b)
#define ip6_addr_cmp(a, b) (zoneless_cmp(a, b) && ip6_addr_zone_eq(a, b))
#define ip6_addr_netcmp(a, b) (zoneless_netcmp(a, b) && ip6_addr_zone_eq(a, b))

#undef ip_addr_eq
#undef ip_addr_cmp
#if LWIP_IPV6
#define ip_addr_cmp(a, b) \
    (IP_GET_TYPE(a) == IP_GET_TYPE(b) \
    && (IP_IS_V6(a) ? ip6_addr_cmp(ip_2_ip6(a), ip_2_ip6(b)) : ip4_addr_cmp(ip_2_ip4(a), ip_2_ip4(b))))
#else
#define ip_addr_cmp(a, b) ip4_addr_cmp(a, b)
#endif
