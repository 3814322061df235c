// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors

// Which packets lwIP routes into a tunnel, and by which netif the tunnel's own datagrams leave.

#include "lwip/ip.h"

#include "device.h"
#include "dns.h"
#include "lwip_hooks.h"

// More than any prefix: an address of the device itself.
#define OWN_ADDRESS 129

static bool is_underlay(const struct netif *netif) {
    return netif_is_up(netif) && netif_is_link_up(netif) && !wg_netif_is_tunnel(netif);
}

// Length of the longest prefix that an underlay netif has on its own link for `dest`, or -1.
static int on_link_len4(const ip4_addr_t *dest) {
    int longest = -1;
    struct netif *netif;
    NETIF_FOREACH(netif) {
        if (!ip4_addr_net_eq(dest, netif_ip4_addr(netif), netif_ip4_netmask(netif))
            || ip4_addr_isany_val(*netif_ip4_addr(netif)) || !is_underlay(netif)) {
            continue;
        }
        if (ip4_addr_eq(dest, netif_ip4_addr(netif))) {
            return OWN_ADDRESS;
        }
        uint32_t mask = lwip_ntohl(ip4_addr_get_u32(netif_ip4_netmask(netif)));
        int len = 0;
        for (; mask & 0x80000000u; mask <<= 1) {
            len++;
        }
        longest = len > longest ? len : longest;
    }
    return longest;
}

// As wg-quick's routes do: the longest prefix wins among AllowedIPs and the networks the device is
// attached to (so that a full tunnel leaves the local network reachable), AllowedIPs win a draw. The
// state of the session or of the link plays no part: what belongs in the tunnel never leaves beside it.
wg_device_t *wg_route4(const ip4_addr_t *dest) {
    wg_device_t *best = NULL;
    int best_len = -1;
    if (wg_devices == NULL || ip4_addr_ismulticast(dest) || ip4_addr_isloopback(dest)
        || ip4_addr_eq(dest, IP4_ADDR_BROADCAST)) {
        return NULL;
    }
    for (wg_device_t *dev = wg_devices; dev != NULL; dev = dev->next) {
        wg_route_t route = wg_allowedips_lookup4(dev->allowedips, (const uint8_t *)&dest->addr);
        if (route.slot != WG_NO_PEER && route.len > best_len) {
            best = dev;
            best_len = route.len;
        }
    }
    return best == NULL || on_link_len4(dest) > best_len ? NULL : best;
}

struct netif *wg_ip4_route_hook(const ip4_addr_t *src, const ip4_addr_t *dest) {
    (void)src;
    wg_dns_keep();
    wg_device_t *dev = wg_route4(dest);
    return dev == NULL ? NULL : &dev->netif;
}

// Not ip_route(): that would ask our own hook, and a tunnel must not carry itself. Not only
// netif_default either: a DHCP renewal may have changed it.
static struct netif *underlay_for4(const ip4_addr_t *dest) {
    struct netif *fallback = NULL;
    struct netif *netif;
    NETIF_FOREACH(netif) {
        bool on_link = ip4_addr_net_eq(dest, netif_ip4_addr(netif), netif_ip4_netmask(netif));
        bool is_way_out = !(netif->flags & NETIF_FLAG_BROADCAST)  // point to point, or with a gateway
            || !ip4_addr_isany_val(*netif_ip4_gw(netif));
        bool is_better = fallback == NULL || netif == netif_default;
        if ((!on_link && (!is_way_out || !is_better || ip4_addr_isloopback(netif_ip4_addr(netif))))
            || ip4_addr_isany_val(*netif_ip4_addr(netif)) || !is_underlay(netif)) {
            continue;
        }
        if (on_link) {
            return netif;
        }
        fallback = netif;
    }
    return fallback;
}

#if LWIP_IPV6

// Statically configured IPv6 addresses have a /64 on their link, by lwIP's policy.
static int on_link_len6(const ip6_addr_t *dest) {
    int longest = -1;
    struct netif *netif;
    NETIF_FOREACH(netif) {
        if (!is_underlay(netif)) {
            continue;
        }
        for (int i = 0; i < LWIP_IPV6_NUM_ADDRESSES; i++) {
            const ip6_addr_t *own = netif_ip6_addr(netif, i);
            if (!ip6_addr_isvalid(netif_ip6_addr_state(netif, i))) {
                continue;
            }
            if (ip6_addr_eq(dest, own)) {
                return OWN_ADDRESS;
            }
            if (ip6_addr_net_eq(dest, own)) {
                longest = 64;
            }
        }
    }
    return longest;
}

wg_device_t *wg_route6(const ip6_addr_t *dest) {
    wg_device_t *best = NULL;
    int best_len = -1;
    if (wg_devices == NULL || ip6_addr_ismulticast(dest) || ip6_addr_isloopback(dest)
        || ip6_addr_islinklocal(dest)) {
        return NULL;
    }
    for (wg_device_t *dev = wg_devices; dev != NULL; dev = dev->next) {
        wg_route_t route = wg_allowedips_lookup6(dev->allowedips, (const uint8_t *)dest->addr);
        if (route.slot != WG_NO_PEER && route.len > best_len) {
            best = dev;
            best_len = route.len;
        }
    }
    return best == NULL || on_link_len6(dest) > best_len ? NULL : best;
}

struct netif *wg_ip6_route_hook(const ip6_addr_t *src, const ip6_addr_t *dest) {
    (void)src;
    wg_dns_keep();
    wg_device_t *dev = wg_route6(dest);
    return dev == NULL ? NULL : &dev->netif;
}

static struct netif *underlay_for6(const ip6_addr_t *dest) {
    struct netif *fallback = NULL;
    struct netif *netif;
    NETIF_FOREACH(netif) {
        if (!is_underlay(netif)) {
            continue;
        }
        if (ip6_addr_has_zone(dest)) {
            if (ip6_addr_test_zone(dest, netif)) {
                return netif;
            }
            continue;
        }
        for (int i = 0; i < LWIP_IPV6_NUM_ADDRESSES; i++) {
            const ip6_addr_t *own = netif_ip6_addr(netif, i);
            if (!ip6_addr_isvalid(netif_ip6_addr_state(netif, i)) || ip6_addr_isloopback(own)) {
                continue;
            }
            if (ip6_addr_net_eq(dest, own)) {
                return netif;
            }
            if (!ip6_addr_islinklocal(own) && (fallback == NULL || netif == netif_default)) {
                fallback = netif;
            }
        }
    }
    return fallback;
}

#endif // LWIP_IPV6

struct netif *wg_underlay_for(const ip_addr_t *endpoint) {
    #if LWIP_IPV6
    if (IP_IS_V6(endpoint)) {
        return underlay_for6(ip_2_ip6(endpoint));
    }
    #endif
    return underlay_for4(ip_2_ip4(endpoint));
}
