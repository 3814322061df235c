// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors
//
// lwIP without threads, with all memory from malloc and so under AddressSanitizer's eyes.
#pragma once

#define NO_SYS 1
#define LWIP_NETCONN 0
#define LWIP_SOCKET 0
#define SYS_LIGHTWEIGHT_PROT 0
#define MEM_LIBC_MALLOC 1
#define MEMP_MEM_MALLOC 1
#define MEM_ALIGNMENT 8
#define LWIP_IPV4 1
#define LWIP_IPV6 1
#define LWIP_RAW 1
#define IP_FORWARD 1 // between peers, and to the underlay's own network
#define LWIP_IPV6_FORWARD 1
#define LWIP_DHCP 0
#define LWIP_DNS 1
#define IPV6_FRAG_COPYHEADER 1
#define LWIP_STATS 0
#define TCP_MSS 1440
#define TCP_WND 5760
#define TCP_SND_BUF 5760

struct pbuf;
struct netif;
int fuzz_ip_input(struct pbuf *p, struct netif *netif);
#define LWIP_HOOK_IP4_INPUT(p, netif) fuzz_ip_input(p, netif)
#define LWIP_HOOK_IP6_INPUT(p, netif) fuzz_ip_input(p, netif)
#define LWIP_HOOK_FILENAME "lwip_hooks.h"
// Here as well: lwIP reads the file of hooks after it has asked whether there is this one.
#define LWIP_HOOK_IP4_ROUTE_SRC(src, dest) wg_ip4_route_hook(src, dest)
