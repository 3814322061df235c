// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors

// The tunnel's netif, its UDP pcb, and which packets lwIP routes to it.

#include <string.h>

#include "lwip/ip.h"
#include "lwip/ip6_addr.h"
#include "lwip/nd6.h"
#include "lwip/prot/udp.h"

#include "device.h"
#include "dns.h"
#include "lwip_hooks.h"

// The open devices; lwIP's thread only.
static wg_device_t *devices;

static err_t netif_init_tunnel(struct netif *netif) {
    netif->name[0] = 'w';
    netif->name[1] = 'g';
    netif->output = wg_send_ip4;
    netif->output_ip6 = wg_send_ip6;
    return ERR_OK;
}

static err_t add_addresses(struct netif *netif, const wg_address_t *addresses, size_t count) {
    bool have_ip4 = false;
    for (size_t i = 0; i < count; i++) {
        const ip_addr_t *addr = &addresses[i].addr;
        if (IP_IS_V6(addr)) {
            s8_t index;
            if (netif_add_ip6_address(netif, ip_2_ip6(addr), &index) != ERR_OK) {
                return ERR_BUF;  // lwIP holds LWIP_IPV6_NUM_ADDRESSES a netif
            }
            netif_ip6_addr_set_state(netif, index, IP6_ADDR_PREFERRED);
            continue;
        }
        if (have_ip4) {
            return ERR_BUF;  // lwIP holds one IPv4 address a netif
        }
        have_ip4 = true;
        uint8_t len = addresses[i].prefix_len;
        ip4_addr_t mask = { .addr = len == 0 ? 0 : PP_HTONL(0xffffffffUL << (32 - len)) };
        netif_set_addr(netif, ip_2_ip4(addr), &mask, NULL);
    }
    return ERR_OK;
}

static void close_netif(wg_device_t *dev) {
    udp_remove(dev->pcb);
    dev->pcb = NULL;
    // Before the routes go, so that what lwIP sends while it resets connections stays inside.
    netif_remove(&dev->netif);
    for (wg_device_t **d = &devices; *d != NULL; d = &(*d)->next) {
        if (*d == dev) {
            *d = dev->next;
            break;
        }
    }
    #if ENABLE_LOOPBACK
    // What the device sent to its own address, those resets among it, and lwIP's poll has not fetched
    // yet. The poll may be under way: see close() in py_netif.c.
    if (dev->netif.loop_first != NULL) {
        pbuf_free(dev->netif.loop_first);
        dev->netif.loop_first = dev->netif.loop_last = NULL;
    }
    #endif
}

// As wg-quick: what the narrowest underlay carries, less the longest outer headers (IPv6, UDP, ours).
static uint16_t default_mtu(void) {
    uint16_t underlay = 1500;
    struct netif *netif;
    NETIF_FOREACH(netif) {
        bool carries = netif_is_up(netif) && netif_is_link_up(netif) && !wg_netif_is_tunnel(netif)
            && !ip4_addr_isloopback(netif_ip4_addr(netif));
        if (carries && netif->mtu != 0 && netif->mtu < underlay) {
            underlay = netif->mtu;
        }
    }
    return LWIP_MAX(underlay - (IP6_HLEN + UDP_HLEN + WG_TRANSPORT_OVERHEAD), IP6_MIN_MTU_LENGTH);
}

err_t wg_netif_open(wg_device_t *dev, const wg_address_t *addresses, size_t count, uint16_t mtu,
    uint16_t listen_port) {
    dev->pcb = udp_new_ip_type(IPADDR_TYPE_ANY);
    if (dev->pcb == NULL) {
        return ERR_MEM;
    }
    err_t err = udp_bind(dev->pcb, IP_ANY_TYPE, listen_port);
    if (err != ERR_OK) {
        udp_remove(dev->pcb);
        dev->pcb = NULL;
        return err;
    }
    udp_recv(dev->pcb, wg_receive, dev);

    if (mtu == 0) {
        mtu = default_mtu();
    }
    struct netif *netif = &dev->netif;
    netif_add(netif, NULL, NULL, NULL, NULL, netif_init_tunnel, ip_input);
    netif->mtu = mtu;
    #if LWIP_IPV6 && LWIP_ND6_ALLOW_RA_UPDATES
    netif->mtu6 = mtu;
    #endif
    dev->next = devices;
    devices = dev;
    err = add_addresses(netif, addresses, count);
    if (err != ERR_OK) {
        close_netif(dev);
        return err;
    }
    netif_set_link_up(netif);
    netif_set_up(netif);
    #if LWIP_IPV6_AUTOCONFIG
    netif->ip6_autoconfig_enabled = 0;  // no addresses but those configured, whatever a peer announces
    #endif
    wg_timeout_update(dev);
    return ERR_OK;
}

err_t wg_netif_rebind(wg_device_t *dev, uint16_t port) {
    struct udp_pcb *pcb = udp_new_ip_type(IPADDR_TYPE_ANY);
    if (pcb == NULL) {
        return ERR_MEM;
    }
    err_t err = udp_bind(pcb, IP_ANY_TYPE, port);
    if (err != ERR_OK) {
        udp_remove(pcb);
        return err;
    }
    udp_recv(pcb, wg_receive, dev);
    udp_remove(dev->pcb);  // only now, so that the new port is another one
    dev->pcb = pcb;
    for (int slot = 0; slot < WG_PEERS_MAX; slot++) {
        if (dev->peers[slot] != NULL && wg_peer_can_send(dev->peers[slot])) {
            wg_send_keepalive(dev, dev->peers[slot]);  // its endpoint for us moves with this
        }
    }
    return ERR_OK;
}

void wg_netif_close(wg_device_t *dev) {
    wg_timeout_stop(dev);
    wg_dns_restore(dev);
    if (wg_netif_is_open(dev)) {
        close_netif(dev);
    }
    for (int slot = 0; slot < WG_PEERS_MAX; slot++) {
        if (dev->peers[slot] != NULL) {
            wg_peer_remove(dev, dev->peers[slot]);
        }
    }
    dev->allowedips = NULL;  // the binding's, which made it
    dev->message_count = 0;
}

bool wg_netif_is_tunnel(const struct netif *netif) {
    for (const wg_device_t *dev = devices; dev != NULL; dev = dev->next) {
        if (netif == &dev->netif) {
            return true;
        }
    }
    return false;
}

// More than any prefix: an address of the device itself.
#define OWN_ADDRESS 129

// Length of the longest prefix that an underlay netif has on its own link for `dest`, or -1.
static int on_link_len4(const ip4_addr_t *dest) {
    int longest = -1;
    struct netif *netif;
    NETIF_FOREACH(netif) {
        if (!netif_is_up(netif) || !netif_is_link_up(netif) || wg_netif_is_tunnel(netif)
            || ip4_addr_isany_val(*netif_ip4_addr(netif))
            || !ip4_addr_net_eq(dest, netif_ip4_addr(netif), netif_ip4_netmask(netif))) {
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
struct netif *wg_ip4_route_hook(const ip4_addr_t *src, const ip4_addr_t *dest) {
    (void)src;
    wg_dns_keep();
    wg_device_t *best = NULL;
    int best_len = -1;
    if (devices == NULL || ip4_addr_ismulticast(dest) || ip4_addr_isloopback(dest)
        || ip4_addr_eq(dest, IP4_ADDR_BROADCAST)) {
        return NULL;
    }
    for (wg_device_t *dev = devices; dev != NULL; dev = dev->next) {
        wg_route_t route = wg_allowedips_lookup4(dev->allowedips, (const uint8_t *)&dest->addr);
        if (route.slot != WG_NO_PEER && route.len > best_len) {
            best = dev;
            best_len = route.len;
        }
    }
    if (best == NULL || on_link_len4(dest) > best_len) {
        return NULL;
    }
    return &best->netif;
}

// Statically configured IPv6 addresses have a /64 on their link, by lwIP's policy.
static int on_link_len6(const ip6_addr_t *dest) {
    int longest = -1;
    struct netif *netif;
    NETIF_FOREACH(netif) {
        if (!netif_is_up(netif) || !netif_is_link_up(netif) || wg_netif_is_tunnel(netif)) {
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

struct netif *wg_ip6_route_hook(const ip6_addr_t *src, const ip6_addr_t *dest) {
    (void)src;
    wg_dns_keep();
    wg_device_t *best = NULL;
    int best_len = -1;
    if (devices == NULL || ip6_addr_ismulticast(dest) || ip6_addr_isloopback(dest)
        || ip6_addr_islinklocal(dest)) {
        return NULL;
    }
    for (wg_device_t *dev = devices; dev != NULL; dev = dev->next) {
        wg_route_t route = wg_allowedips_lookup6(dev->allowedips, (const uint8_t *)dest->addr);
        if (route.slot != WG_NO_PEER && route.len > best_len) {
            best = dev;
            best_len = route.len;
        }
    }
    if (best == NULL || on_link_len6(dest) > best_len) {
        return NULL;
    }
    return &best->netif;
}
