// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors

// For lwIP's LWIP_HOOK_FILENAME (ESP-IDF: ../esp32/idf_hooks.h): AllowedIPs route, what comes in
// beside the tunnel is filtered, and TCP segments past the window are refused.
#ifndef WG_LWIP_HOOKS_H
#define WG_LWIP_HOOKS_H

#include "lwip/err.h"
#include "lwip/ip4_addr.h"
#include "lwip/ip6_addr.h"

struct netif;
struct pbuf;
struct tcp_hdr;
struct tcp_pcb;

struct netif *wg_ip4_route_hook(const ip4_addr_t *src, const ip4_addr_t *dest);
int wg_ip4_input_hook(struct pbuf *p, struct netif *inp);

#undef LWIP_HOOK_IP4_ROUTE_SRC
#define LWIP_HOOK_IP4_ROUTE_SRC(src, dest) wg_ip4_route_hook(src, dest)

err_t wg_tcp_input_hook(const struct tcp_pcb *pcb, const struct tcp_hdr *segment, const struct pbuf *data);

// Whoever has an input hook keeps it, behind ours.
#ifdef LWIP_HOOK_TCP_INPACKET_PCB
static inline err_t wg_next_tcp_input_hook(struct tcp_pcb *pcb, struct tcp_hdr *header, u16_t opt_len,
    u16_t opt1_len, u8_t *opt2, struct pbuf *p) {
    return LWIP_HOOK_TCP_INPACKET_PCB(pcb, header, opt_len, opt1_len, opt2, p);
}
#undef LWIP_HOOK_TCP_INPACKET_PCB
#define LWIP_HOOK_TCP_INPACKET_PCB(pcb, header, opt_len, opt1_len, opt2, p) \
    (wg_tcp_input_hook(pcb, header, p) != ERR_OK ? ERR_ABRT \
        : wg_next_tcp_input_hook(pcb, header, opt_len, opt1_len, opt2, p))
#else
#define LWIP_HOOK_TCP_INPACKET_PCB(pcb, header, opt_len, opt1_len, opt2, p) \
    wg_tcp_input_hook(pcb, header, p)
#endif

#ifdef LWIP_HOOK_IP4_INPUT
static inline int wg_next_ip4_input_hook(struct pbuf *p, struct netif *inp) {
    return LWIP_HOOK_IP4_INPUT(p, inp);
}
#undef LWIP_HOOK_IP4_INPUT
#define LWIP_HOOK_IP4_INPUT(p, inp) \
    (wg_ip4_input_hook(p, inp) || wg_next_ip4_input_hook(p, inp))
#else
#define LWIP_HOOK_IP4_INPUT(p, inp) wg_ip4_input_hook(p, inp)
#endif

#if LWIP_IPV6

struct netif *wg_ip6_route_hook(const ip6_addr_t *src, const ip6_addr_t *dest);
int wg_ip6_input_hook(struct pbuf *p, struct netif *inp);

#undef LWIP_HOOK_IP6_ROUTE
#define LWIP_HOOK_IP6_ROUTE(src, dest) wg_ip6_route_hook(src, dest)

#ifdef LWIP_HOOK_IP6_INPUT
static inline int wg_next_ip6_input_hook(struct pbuf *p, struct netif *inp) {
    return LWIP_HOOK_IP6_INPUT(p, inp);
}
#undef LWIP_HOOK_IP6_INPUT
#define LWIP_HOOK_IP6_INPUT(p, inp) \
    (wg_ip6_input_hook(p, inp) || wg_next_ip6_input_hook(p, inp))
#else
#define LWIP_HOOK_IP6_INPUT(p, inp) wg_ip6_input_hook(p, inp)
#endif

#endif // LWIP_IPV6

#endif // WG_LWIP_HOOKS_H
