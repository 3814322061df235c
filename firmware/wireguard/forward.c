// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors

// From one peer to another, where lwIP is built to forward (IP_FORWARD) and may.
//
// lwIP never forwards out of the netif that a packet came in on, and all peers are behind one. So
// what lwIP's ip4_forward() would do is done here, IPv4 only.

#include <string.h>

#include "lwip/icmp.h"
#include "lwip/inet_chksum.h"
#include "lwip/ip4.h"

#include "device.h"
#include "lwip_hooks.h"

#if IP_FORWARD

#ifdef LWIP_HOOK_FILENAME
#include LWIP_HOOK_FILENAME
#endif

static bool may_forward(const uint8_t *packet, const ip4_addr_t *dest) {
    #ifdef LWIP_HOOK_IP4_CANFORWARD
    ip4_addr_t source;
    memcpy(&source, packet + 12, sizeof(source));
    if (LWIP_HOOK_IP4_CANFORWARD(source.addr, dest->addr) == 0) {
        return false;
    }
    #endif
    (void)packet;
    if (ip4_addr_ismulticast(dest) || ip4_addr_isloopback(dest)) {
        return false;
    }
    struct netif *netif;
    NETIF_FOREACH(netif) {
        if (ip4_addr_eq(dest, netif_ip4_addr(netif))) {
            return false;
        }
    }
    return true;
}

bool wg_forward(wg_device_t *dev, struct pbuf *p) {
    uint8_t *packet = p->payload;
    ip4_addr_t dest;
    u16_t header_len = (packet[0] & 15) * 4;
    if (packet[0] >> 4 != 4 || header_len < IP_HLEN || header_len > p->len
        || inet_chksum(packet, header_len) != 0) {
        return false;  // lwIP drops what is wrong
    }
    memcpy(&dest, packet + 16, sizeof(dest));
    if (!may_forward(packet, &dest) || wg_route4(&dest) != dev) {
        return false;
    }
    if (packet[8] <= 1) {
        icmp_time_exceeded(p, ICMP_TE_TTL);
    } else if (p->tot_len > dev->netif.mtu) {
        icmp_dest_unreach(p, ICMP_DUR_FRAG);
    } else {
        packet[8]--;
        // The checksum of what is one less, RFC 1624.
        uint32_t sum = ((uint32_t)packet[10] << 8 | packet[11]) + 0x100;
        sum = (sum & 0xffff) + (sum >> 16);
        packet[10] = (uint8_t)(sum >> 8);
        packet[11] = (uint8_t)sum;
        wg_send_ip4(&dev->netif, p, &dest);
    }
    pbuf_free(p);
    return true;
}

#endif
