// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors

// What lwIP may not take from the networks beside the tunnel, where everybody can write any address
// into a packet:
//
//  - a source that is in the tunnel: the answer would go there, so the question must come from there
//    (Linux's rp_filter);
//  - a destination that is the tunnel's own address, from whatever source (wg-quick's nft rule).
//
// A full tunnel has nearly all sources inside. So what makes it work, and what is the link's own
// business, passes: datagrams for the tunnel's UDP ports (see question.c) and what routers report about them, DHCP,
// neighbour discovery. (The networks that the device is attached to are not inside, see route.c.)

#include <string.h>

#include "lwip/dhcp.h"
#include "lwip/ip.h"
#include "lwip/prot/dhcp.h"
#include "lwip/prot/iana.h"
#include "lwip/prot/icmp6.h"
#include "lwip/prot/udp.h"

#include "device.h"
#include "lwip_hooks.h"

static uint16_t load_be16(const uint8_t *p) {
    return (uint16_t)(p[0] << 8 | p[1]);
}

static bool is_tunnels_port(uint16_t port) {
    for (const wg_device_t *dev = wg_devices; dev != NULL; dev = dev->next) {
        if (dev->pcb->local_port == port
            || (dev->question != NULL && dev->question->pcb->local_port == port)) {
            return true;
        }
    }
    return false;
}

// Nothing is open, or `inp` is all that is: then AllowedIPs have been asked.
static bool nothing_to_tell_apart(const struct netif *inp) {
    return wg_devices == NULL || (inp == &wg_devices->netif && wg_devices->next == NULL);
}

// Drop and count a packet that is not allowed because of this device.
static int refuse(wg_device_t *dev, struct pbuf *p) {
    wg_drop(dev, WG_DROP_SPOOFED);
    pbuf_free(p);
    return 1;
}

static wg_device_t *device_with_address4(const ip4_addr_t *addr) {
    for (wg_device_t *dev = wg_devices; dev != NULL; dev = dev->next) {
        if (ip4_addr_eq(addr, netif_ip4_addr(&dev->netif))) {
            return dev;
        }
    }
    return NULL;
}

// The first fragment has the ports: without it, the others come to nothing.
static bool is_outer4(const struct pbuf *p, const struct netif *inp) {
    const uint8_t *packet = p->payload;
    uint16_t header_len = (packet[0] & 15) * 4;
    if (packet[9] != IP_PROTO_UDP) {
        return false;
    }
    if (load_be16(packet + 6) & IP_OFFMASK) {
        return true;
    }
    if (p->len < header_len + UDP_HLEN) {
        return false;  // lwIP would drop it
    }
    uint16_t port = load_be16(packet + header_len + 2);
    #if LWIP_DHCP
    if (port == LWIP_IANA_PORT_DHCP_CLIENT) {
        return netif_dhcp_data(inp) != NULL;
    }
    #endif
    (void)inp;
    return is_tunnels_port(port);
}

int wg_ip4_input_hook(struct pbuf *p, struct netif *inp) {
    if (nothing_to_tell_apart(inp) || p->len < IP_HLEN || is_outer4(p, inp)) {
        return 0;
    }
    ip4_addr_t src, dest;
    memcpy(&src, (uint8_t *)p->payload + 12, sizeof(src));
    memcpy(&dest, (uint8_t *)p->payload + 16, sizeof(dest));
    if (ip4_addr_isany_val(src)) {
        return 0;  // of who has no address yet: nobody can answer it
    }
    wg_device_t *dev = wg_route4(&src);
    if (dev == NULL && !wg_netif_is_tunnel(inp) && !ip4_addr_eq(&dest, netif_ip4_addr(inp))) {
        dev = device_with_address4(&dest);
    }
    return dev == NULL || inp == &dev->netif ? 0 : refuse(dev, p);
}

#if LWIP_IPV6

static bool has_address6(const struct netif *netif, const ip6_addr_t *addr) {
    for (int i = 0; i < LWIP_IPV6_NUM_ADDRESSES; i++) {
        if (ip6_addr_isvalid(netif_ip6_addr_state(netif, i))
            && ip6_addr_zoneless_eq(addr, netif_ip6_addr(netif, i))) {
            return true;
        }
    }
    return false;
}

static wg_device_t *device_with_address6(const ip6_addr_t *addr) {
    for (wg_device_t *dev = wg_devices; dev != NULL; dev = dev->next) {
        if (has_address6(&dev->netif, addr)) {
            return dev;
        }
    }
    return NULL;
}

// UDP from (`side` 0) or to (`side` 2) a tunnel's port, perhaps in fragments? `len` bytes of a packet
// are there.
static bool is_tunnels_udp6(const uint8_t *packet, uint16_t len, unsigned side) {
    uint16_t at = IP6_HLEN;
    uint8_t next = packet[6];
    if (next == IP6_NEXTH_FRAGMENT && len >= at + 8) {
        next = packet[at];
        if (load_be16(packet + at + 2) & 0xfff8) {
            return next == IP6_NEXTH_UDP;
        }
        at += 8;
    }
    return next == IP6_NEXTH_UDP && len >= at + UDP_HLEN
           && is_tunnels_port(load_be16(packet + at + side));
}

// Neighbour discovery has not passed a router, RFC 4861. Of what routers report only "packet too big"
// does anything in lwIP: it must be about a datagram of the tunnel.
static bool is_of_the_link6(const uint8_t *packet, uint16_t len) {
    if (packet[6] != IP6_NEXTH_ICMP6 || len < IP6_HLEN + 8) {
        return false;
    }
    uint8_t type = packet[IP6_HLEN];
    if (type >= ICMP6_TYPE_RS && type <= ICMP6_TYPE_RD) {
        return packet[7] == 255;
    }
    uint16_t quoted = IP6_HLEN + 8;
    return type == ICMP6_TYPE_PTB && len >= quoted + IP6_HLEN
           && is_tunnels_udp6(packet + quoted, len - quoted, 0);
}

int wg_ip6_input_hook(struct pbuf *p, struct netif *inp) {
    const uint8_t *packet = p->payload;
    if (nothing_to_tell_apart(inp) || p->len < IP6_HLEN
        || is_tunnels_udp6(packet, p->len, 2) || is_of_the_link6(packet, p->len)) {
        return 0;
    }
    ip6_addr_t src = { 0 }, dest = { 0 };
    memcpy(src.addr, packet + 8, sizeof(src.addr));
    memcpy(dest.addr, packet + 24, sizeof(dest.addr));
    if (ip6_addr_isany(&src)) {
        return 0;
    }
    wg_device_t *dev = wg_route6(&src);
    if (dev == NULL && !wg_netif_is_tunnel(inp) && !ip6_addr_islinklocal(&dest)
        && !has_address6(inp, &dest)) {
        dev = device_with_address6(&dest);
    }
    return dev == NULL || inp == &dev->netif ? 0 : refuse(dev, p);
}

#endif // LWIP_IPV6
