// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors

// lwIP's options as ESP-IDF sets them, where they change what our code sees.
#pragma once

#include <stdint.h>

#define NO_SYS 0
#define SYS_LIGHTWEIGHT_PROT 1
#define LWIP_TCPIP_CORE_LOCKING 0
#define MEM_LIBC_MALLOC 1
#define MEMP_MEM_MALLOC 1
#define MEM_ALIGNMENT 4
#define LWIP_IPV4 1
#define LWIP_IPV6 1
#define LWIP_IPV6_NUM_ADDRESSES 3
#define LWIP_IPV6_AUTOCONFIG 1
#define LWIP_RAW 1
#define LWIP_DHCP 1
#define LWIP_DNS 1
#define DNS_MAX_SERVERS 3
#define LWIP_NETIF_API 1
#define LWIP_NETIF_LOOPBACK 1
#define LWIP_NUM_NETIF_CLIENT_DATA 1
#define LWIP_NETCONN_SEM_PER_THREAD 1
#define LWIP_SOCKET 0
#define LWIP_TIMEVAL_PRIVATE 0
#define LWIP_RAND esp_random
uint32_t esp_random(void);

#define LWIP_HOOK_FILENAME "lwip_default_hooks.h"
#define LWIP_HOOK_IP4_ROUTE_SRC ip4_route_src_hook
