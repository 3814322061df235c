// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors

// From one peer to another, where lwIP is built to forward (IP_FORWARD, LWIP_IPV6_FORWARD) and may.
//
// lwIP never forwards out of the netif that a packet came in on, and all peers are behind one. So
// what lwIP's ip4_forward() and ip6_forward() would do is done here. What is not forwarded goes lwIP's
// way, which drops it if it is not for the device.

#include <string.h>

#include "lwip/icmp.h"
#include "lwip/inet_chksum.h"
#include "lwip/ip.h"
#include "lwip/ip4_frag.h"
#include "lwip/ip6.h"
#include "lwip/prot/icmp6.h"

#include "device.h"

#if WG_FORWARD

#ifdef LWIP_HOOK_FILENAME
#include LWIP_HOOK_FILENAME
#endif

#define ICMP_HEADER_LEN 8

// The beginning of an ICMP message, of either family, about a packet that goes no further: the checksum
// is still to be written. NULL: no memory.
static struct pbuf *report(wg_device_t *dev, const struct pbuf *p, u16_t quote, uint8_t type,
    uint8_t code, u16_t mtu) {
    quote = LWIP_MIN(quote, p->tot_len);
    struct pbuf *q = pbuf_alloc(PBUF_IP, ICMP_HEADER_LEN + quote, PBUF_RAM);
    if (q == NULL) {
        wg_drop(dev, WG_DROP_NO_MEMORY);
        return NULL;
    }
    uint8_t *message = q->payload;
    const uint8_t header[ICMP_HEADER_LEN] = { type, code, [6] = mtu >> 8, [7] = mtu & 0xff };
    memcpy(message, header, sizeof(header));
    pbuf_copy_partial(p, message + ICMP_HEADER_LEN, quote, 0);
    return q;
}

#if IP_FORWARD

// An address of one host, somewhere else.
static bool is_elsewhere4(const ip4_addr_t *addr) {
    uint32_t host = lwip_ntohl(addr->addr);
    if (host >> 24 == 0 || host >> 24 == IP_LOOPBACKNET || IP_MULTICAST(host) || IP_EXPERIMENTAL(host)
        || ip4_addr_islinklocal(addr)) {
        return false;
    }
    struct netif *netif;
    NETIF_FOREACH(netif) {
        if (ip4_addr_eq(addr, netif_ip4_addr(netif))) {
            return false;
        }
    }
    return true;
}

// Not icmp_dest_unreach(), which does not say what would fit (RFC 1191). Never about an error, nor
// about each of a packet's fragments.
static void report4(wg_device_t *dev, const struct pbuf *p, const ip4_addr_t *to, uint8_t type,
    uint8_t code) {
    const uint8_t *packet = p->payload;
    u16_t header_len = (packet[0] & 15) * 4;
    bool is_echo = p->len > header_len
        && (packet[header_len] == ICMP_ECHO || packet[header_len] == ICMP_ER);
    bool is_first = ((packet[6] << 8 | packet[7]) & IP_OFFMASK) == 0;
    bool is_error = packet[9] == IP_PROTO_ICMP && !is_echo;
    if (!is_first || is_error || ip4_addr_isany(netif_ip4_addr(&dev->netif))) {
        return;
    }
    u16_t mtu = type == ICMP_DUR ? dev->netif.mtu : 0;
    struct pbuf *q = report(dev, p, header_len + ICMP_HEADER_LEN, type, code, mtu);
    if (q != NULL) {
        u16_t sum = inet_chksum(q->payload, q->len);
        memcpy((uint8_t *)q->payload + 2, &sum, sizeof(sum));
        ip4_output_if(q, NULL, to, ICMP_TTL, 0, IP_PROTO_ICMP, &dev->netif);
        pbuf_free(q);
    }
}

// One hop less, in the checksum too (RFC 1624).
static void age4(uint8_t *packet) {
    packet[8]--;
    uint32_t sum = ((uint32_t)packet[10] << 8 | packet[11]) + 0x100;
    sum = (sum & 0xffff) + (sum >> 16);
    packet[10] = (uint8_t)(sum >> 8);
    packet[11] = (uint8_t)sum;
}

static bool forward4(wg_device_t *dev, const wg_peer_t *from, struct pbuf *p) {
    uint8_t *packet = p->payload;
    u16_t header_len = (packet[0] & 15) * 4;
    if (header_len < IP_HLEN || header_len > p->len || inet_chksum(packet, header_len) != 0) {
        return false;
    }
    ip4_addr_t src, dest;
    memcpy(&src, packet + 12, sizeof(src));
    memcpy(&dest, packet + 16, sizeof(dest));
    if (!is_elsewhere4(&src) || !is_elsewhere4(&dest) || wg_route4(&dest) != dev
        || wg_allowedips_lookup4(dev->allowedips, packet + 16).slot == from->slot) {
        return false;
    }
    #ifdef LWIP_HOOK_IP4_CANFORWARD
    if (LWIP_HOOK_IP4_CANFORWARD(p, lwip_ntohl(dest.addr)) == 0) {
        return false;
    }
    #endif
    #ifdef LWIP_HOOK_IP4_INPUT
    if (LWIP_HOOK_IP4_INPUT(p, &dev->netif)) {
        return true;
    }
    #endif
    if (packet[8] <= 1) {
        report4(dev, p, &src, ICMP_TE, ICMP_TE_TTL);
        pbuf_free(p);
        return true;
    }
    age4(packet);
    if (p->tot_len <= dev->netif.mtu) {
        dev->netif.output(&dev->netif, p, &dest);
    } else if (packet[6] & IP_DF >> 8) {
        report4(dev, p, &src, ICMP_DUR, ICMP_DUR_FRAG);
    } else {
        #if IP_FRAG
        ip4_frag(p, &dev->netif, &dest);
        #endif
    }
    pbuf_free(p);
    return true;
}

#endif // IP_FORWARD

#if WG_FORWARD_IP6

static bool is_elsewhere6(const ip6_addr_t *addr) {
    if (ip6_addr_isany(addr) || ip6_addr_isloopback(addr) || ip6_addr_ismulticast(addr)
        || ip6_addr_islinklocal(addr) || ip6_addr_isipv4mappedipv6(addr)) {
        return false;
    }
    struct netif *netif;
    NETIF_FOREACH(netif) {
        if (netif_get_ip6_addr_match(netif, addr) >= 0) {
            return false;
        }
    }
    return true;
}

// Not lwIP's functions, which answer what lwIP itself is reading: the datagram around this packet.
static void report6(wg_device_t *dev, const struct pbuf *p, const ip6_addr_t *to, uint8_t type,
    uint8_t code) {
    const uint8_t *packet = p->payload;
    bool is_error = packet[6] == IP6_NEXTH_ICMP6 && (p->len == IP6_HLEN || packet[IP6_HLEN] < 128);
    const ip_addr_t *own = ip6_select_source_address(&dev->netif, to);
    if (is_error || own == NULL) {
        return;
    }
    u16_t mtu = type == ICMP6_TYPE_PTB ? dev->netif.mtu : 0;
    u16_t quote = IP6_MIN_MTU_LENGTH - IP6_HLEN - ICMP_HEADER_LEN;
    struct pbuf *q = report(dev, p, quote, type, code, mtu);
    if (q != NULL) {
        u16_t sum = ip6_chksum_pseudo(q, IP6_NEXTH_ICMP6, q->tot_len, ip_2_ip6(own), to);
        memcpy((uint8_t *)q->payload + 2, &sum, sizeof(sum));
        ip6_output_if(q, ip_2_ip6(own), to, LWIP_ICMP6_HL, 0, IP6_NEXTH_ICMP6, &dev->netif);
        pbuf_free(q);
    }
}

static bool forward6(wg_device_t *dev, const wg_peer_t *from, struct pbuf *p) {
    uint8_t *packet = p->payload;
    ip6_addr_t src = { 0 }, dest = { 0 };
    memcpy(src.addr, packet + 8, sizeof(src.addr));
    memcpy(dest.addr, packet + 24, sizeof(dest.addr));
    if (!is_elsewhere6(&src) || !is_elsewhere6(&dest) || wg_route6(&dest) != dev
        || wg_allowedips_lookup6(dev->allowedips, packet + 24).slot == from->slot) {
        return false;
    }
    #ifdef LWIP_HOOK_IP6_CANFORWARD
    if (LWIP_HOOK_IP6_CANFORWARD(&src, &dest) == 0) {
        return false;
    }
    #endif
    #ifdef LWIP_HOOK_IP6_INPUT
    if (LWIP_HOOK_IP6_INPUT(p, &dev->netif)) {
        return true;
    }
    #endif
    if (packet[7] <= 1) {
        report6(dev, p, &src, ICMP6_TYPE_TE, ICMP6_TE_HL);
    } else if (p->tot_len > dev->netif.mtu) {
        report6(dev, p, &src, ICMP6_TYPE_PTB, 0);
    } else {
        packet[7]--;
        dev->netif.output_ip6(&dev->netif, p, &dest);
    }
    pbuf_free(p);
    return true;
}

#endif // WG_FORWARD_IP6

bool wg_forward(wg_device_t *dev, const wg_peer_t *from, struct pbuf *p) {
    switch (*(const uint8_t *)p->payload >> 4) {
        #if IP_FORWARD
        case 4:
            return forward4(dev, from, p);
        #endif
        #if WG_FORWARD_IP6
        case 6:
            return forward6(dev, from, p);
        #endif
        default:
            return false;
    }
}

#endif // WG_FORWARD
