// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors

// lwIP for the RV32 emulator: sizes and switches as the ESP32 has them, but no thread of its own.
#ifndef RV32_LWIPOPTS_H
#define RV32_LWIPOPTS_H

#include <stdint.h>

// One thread and no interrupts: nothing to protect.
#define NO_SYS 1
#define SYS_LIGHTWEIGHT_PROT 0

uint32_t board_millis(void);
#define sys_now board_millis
uint32_t board_random(void);
#define LWIP_RAND() board_random()

// Memory: everything from one heap, as on the chip; lwIP's own, for picolibc's malloc() clears all it
// gives. It tells how much is in use.
#define MEM_LIBC_MALLOC 0
#define MEM_SIZE (128 * 1024)
#define MEMP_MEM_MALLOC 1
#define MEM_STATS 1
#define MEM_ALIGNMENT 4
#define MEMP_NUM_RAW_PCB 16
#define MEMP_NUM_UDP_PCB 16
#define MEMP_NUM_TCP_PCB 16
#define MEMP_NUM_TCP_PCB_LISTEN 16

#define LWIP_IPV4 1
#define LWIP_IPV6 1
#define LWIP_IPV6_NUM_ADDRESSES 3
#define IP_FORWARD 0
#define IP_FRAG 1
#define IP_REASSEMBLY 0
#define LWIP_IPV6_FORWARD 0
#define LWIP_IPV6_REASS 0
#define LWIP_RAW 1
#define LWIP_ICMP 1
#define LWIP_IGMP 1
#define LWIP_DNS 1
#define DNS_MAX_SERVERS 3
#define LWIP_ARP 1
#define LWIP_ETHERNET 1

// Eight bytes a turn, as on the chip (../esp32/micropython.cmake).
#define LWIP_CHKSUM_ALGORITHM 3

#define TCP_MSS 1440
#define TCP_WND 5760
#define TCP_SND_BUF 5760
#define TCP_QUEUE_OOSEQ 1
#define TCP_OVERSIZE TCP_MSS
#define TCP_LISTEN_BACKLOG 1
#define SO_REUSE 1

#define LWIP_NETIF_TX_SINGLE_PBUF 1
#define LWIP_NETIF_EXT_STATUS_CALLBACK 1
#define LWIP_HAVE_LOOPIF 1
#define LWIP_LOOPBACK_MAX_PBUFS 8
#define LWIP_SUPPORT_CUSTOM_PBUF 1
#define LWIP_NETCONN 0
#define LWIP_SOCKET 0

#define LWIP_STATS 1
#define LINK_STATS 0
#define ETHARP_STATS 0
#define IP_STATS 0
#define IPFRAG_STATS 0
#define ICMP_STATS 0
#define IGMP_STATS 0
#define UDP_STATS 0
#define TCP_STATS 0
#define MEMP_STATS 0
#define SYS_STATS 0
#define IP6_STATS 0
#define ICMP6_STATS 0
#define IP6_FRAG_STATS 0
#define MLD6_STATS 0
#define ND6_STATS 0

// Routing asks the tunnel first.
#define LWIP_HOOK_FILENAME "wireguard/lwip_hooks.h"
#define LWIP_HOOK_IP4_ROUTE_SRC(src, dest) wg_ip4_route_hook(src, dest)
#define LWIP_HOOK_IP6_ROUTE(src, dest) wg_ip6_route_hook(src, dest)

#endif // RV32_LWIPOPTS_H
