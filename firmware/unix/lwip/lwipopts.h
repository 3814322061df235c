// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors
//
// lwIP as the ESP32 runs it. Sizes are ESP-IDF 5's Kconfig defaults (components/lwip/Kconfig),
// switches those of its lwipopts.h; each departure says why.
#pragma once

// Threads: a tcpip thread of its own, no core locking. The chip does not check who calls; here a
// wrong caller aborts (see arch/cc.h).
#define NO_SYS 0
#define SYS_LIGHTWEIGHT_PROT 1
#define LWIP_TCPIP_CORE_LOCKING 0
#define LWIP_TCPIP_CORE_LOCKING_INPUT 0
#define TCPIP_THREAD_NAME "lwip"
void sys_check_core_locking(void);
void sys_mark_tcpip_thread(void);
#define LWIP_ASSERT_CORE_LOCKED() sys_check_core_locking()
#define LWIP_MARK_TCPIP_THREAD() sys_mark_tcpip_thread()

// Memory: everything from malloc, as on the chip (and so under AddressSanitizer's eyes).
#define MEM_LIBC_MALLOC 1
#define MEMP_MEM_MALLOC 1
#define MEM_ALIGNMENT 8 // 64-bit host; 4 on the chip
#ifndef MEMP_NUM_NETCONN
#define MEMP_NUM_NETCONN 10 // LWIP_MAX_SOCKETS; make bench has more
#endif
#define MEMP_NUM_RAW_PCB 16
#define MEMP_NUM_UDP_PCB 16
#define MEMP_NUM_TCP_PCB 16
#define MEMP_NUM_TCP_PCB_LISTEN 16

// IPv4
#define LWIP_IPV4 1
#define LWIP_ICMP 1
#define LWIP_RAW 1
#define LWIP_IGMP 1
#define ARP_QUEUEING 1
#define IP_FORWARD 1 // off by default on the chip; off here until a test asks: see below
#define IP_FRAG 1
#define IP_REASSEMBLY 1 // off by default on the chip; off here until a test asks: see below
#define LWIP_DHCP 1
#define LWIP_DHCP_DOES_ACD_CHECK 0 // on on the chip: seconds of probing, and slirp has one guest
#define LWIP_DNS 1
#define DNS_MAX_SERVERS 3

// IPv6
#define LWIP_IPV6 1
#define LWIP_IPV6_NUM_ADDRESSES 3
#define LWIP_IPV6_FORWARD 0 // has no hook: between peers only, see below
#define LWIP_IPV6_FRAG 1
#define LWIP_IPV6_REASS 1 // likewise
#define IPV6_FRAG_COPYHEADER 1 // 64-bit host
#define LWIP_IPV6_AUTOCONFIG 1 // off by default on the chip; a global address to test with
#define LWIP_IPV6_DHCP6 0
#define LWIP_ND6_RDNSS_MAX_DNS_SERVERS 0
#define MEMP_NUM_ND6_QUEUE 3
#define LWIP_ND6_NUM_NEIGHBORS 5

// TCP and UDP
#define LWIP_CHKSUM_ALGORITHM 3 // as on the chip (../../esp32/micropython.cmake)
#define TCP_MSS 1440
#ifdef FIRMWARE_SIZES // make bench: those of our firmware (../../esp32/sdkconfig.wireguard)
#define TCP_WND 23040
#define TCP_SND_BUF 23040
#define DEFAULT_TCP_RECVMBOX_SIZE 20
#define DEFAULT_UDP_RECVMBOX_SIZE 12
#define TCPIP_MBOX_SIZE 64
#else
#define TCP_WND 5760
#define TCP_SND_BUF 5760
#define DEFAULT_TCP_RECVMBOX_SIZE 6
#define DEFAULT_UDP_RECVMBOX_SIZE 6
#define TCPIP_MBOX_SIZE 32
#endif
#define TCP_QUEUE_OOSEQ 1
#define TCP_OVERSIZE TCP_MSS
#define TCP_LISTEN_BACKLOG 1
#define TCP_MAXRTX 12
#define TCP_SYNMAXRTX 12
#define TCP_MSL 60000
#define TCP_FIN_WAIT_TIMEOUT 20000
#define LWIP_TCP_RTO_TIME 1500
#define LWIP_TCP_KEEPALIVE 1
#define DEFAULT_RAW_RECVMBOX_SIZE 6
#define DEFAULT_ACCEPTMBOX_SIZE 6

// Interfaces
#define LWIP_NETIF_API 1
#define LWIP_NETIF_HOSTNAME 1
#define LWIP_NETIF_EXT_STATUS_CALLBACK 1
#define LWIP_NETIF_TX_SINGLE_PBUF 1
#define LWIP_HAVE_LOOPIF 1
#define LWIP_NETIF_LOOPBACK 1
#define LWIP_LOOPBACK_MAX_PBUFS 8
#define LWIP_SUPPORT_CUSTOM_PBUF 1

// Sockets
#define LWIP_NETCONN 1
#define LWIP_NETCONN_SEM_PER_THREAD 1
#define LWIP_NETCONN_FULLDUPLEX 1
#define LWIP_SOCKET 1
#define LWIP_COMPAT_SOCKETS 0
#define LWIP_POSIX_SOCKETS_IO_NAMES 0
#define LWIP_SOCKET_OFFSET (FD_SETSIZE - MEMP_NUM_NETCONN)
#define LWIP_SO_SNDTIMEO 1
#define LWIP_SO_RCVTIMEO 1
#define SO_REUSE 1
#define SO_REUSE_RXTOALL 1

// Statistics are off on the chip; tests read them here to prove that nothing leaks.
#define LWIP_STATS 1
#define MEM_STATS 1
#define MEMP_STATS 1
#define LWIP_STATS_DISPLAY 1

// Routing asks the tunnel first.
#define LWIP_HOOK_FILENAME "route_hooks.h"
#define LWIP_HOOK_IP4_ROUTE_SRC(src, dest) wg_ip4_route_hook(src, dest)
#define LWIP_HOOK_IP6_ROUTE(src, dest) wg_ip6_route_hook(src, dest)

// Nothing is forwarded before _host.forwarding(True).
int uplink_may_forward(void);
#define LWIP_HOOK_IP4_CANFORWARD(source, dest) (uplink_may_forward() ? -1 : 0)
#define LWIP_HOOK_IP6_CANFORWARD(source, dest) (uplink_may_forward() ? -1 : 0)

// Whole IP packets of interfaces that are not Ethernet can be captured (capture_netif.c). Fragments
// are lost before _host.reassembly(True).
struct pbuf;
struct netif;
int capture_ip_input(struct pbuf *p, struct netif *netif);
int fragments_lost(struct pbuf *p);
#define LWIP_HOOK_IP4_INPUT(p, netif) (capture_ip_input(p, netif) || fragments_lost(p))
#define LWIP_HOOK_IP6_INPUT(p, netif) (capture_ip_input(p, netif) || fragments_lost(p))
