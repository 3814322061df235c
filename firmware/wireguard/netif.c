// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors

// The life of the tunnel's netif and of its UDP pcb.

#include <string.h>

#include "lwip/ip.h"
#include "lwip/ip6_addr.h"
#include "lwip/nd6.h"
#include "lwip/prot/ip6.h"
#include "lwip/prot/udp.h"

#include "device.h"
#include "dns.h"

wg_device_t *wg_devices;

static err_t netif_init_tunnel(struct netif *netif) {
    netif->name[0] = 'w';
    netif->name[1] = 'g';
    netif->output = wg_send_ip4;
    #if LWIP_IPV6
    netif->output_ip6 = wg_send_ip6;
    #endif
    return ERR_OK;
}

static err_t add_addresses(struct netif *netif, const wg_address_t *addresses, size_t count) {
    bool have_ip4 = false;
    for (size_t i = 0; i < count; i++) {
        const ip_addr_t *addr = &addresses[i].addr;
        #if LWIP_IPV6
        if (IP_IS_V6(addr)) {
            s8_t index;
            if (netif_add_ip6_address(netif, ip_2_ip6(addr), &index) != ERR_OK) {
                return ERR_BUF;  // lwIP holds LWIP_IPV6_NUM_ADDRESSES a netif
            }
            netif_ip6_addr_set_state(netif, index, IP6_ADDR_PREFERRED);
            continue;
        }
        #endif
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

#if LWIP_NETIF_EXT_STATUS_CALLBACK

// May the way to endpoints of a family have changed?
static bool is_move(const struct netif *netif, netif_nsc_reason_t reason,
    const netif_ext_callback_args_t *args, bool v6) {
    if (reason & LWIP_NSC_LINK_CHANGED) {
        return true;
    }
    #if LWIP_IPV6
    if (v6) {
        if (!(reason & LWIP_NSC_IPV6_ADDR_STATE_CHANGED)) {
            return false;
        }
        int i = args->ipv6_addr_state_changed.addr_index;
        return ip6_addr_ispreferred(netif_ip6_addr_state(netif, i))
            && !ip6_addr_ispreferred(args->ipv6_addr_state_changed.old_state)
            && !ip6_addr_islinklocal(netif_ip6_addr(netif, i));
    }
    #endif
    (void)v6, (void)args;
    return (reason & LWIP_NSC_IPV4_ADDRESS_CHANGED) && !ip4_addr_isany(netif_ip4_addr(netif));
}

static void underlay_changed(struct netif *netif, netif_nsc_reason_t reason,
    const netif_ext_callback_args_t *args) {
    if (wg_netif_is_tunnel(netif) || !netif_is_link_up(netif)) {
        return;
    }
    for (wg_device_t *dev = wg_devices; dev != NULL; dev = dev->next) {
        for (int slot = 0; slot < WG_PEERS_MAX; slot++) {
            wg_peer_t *peer = dev->peers[slot];
            if (peer != NULL && is_move(netif, reason, args, IP_IS_V6(&peer->endpoint.addr))) {
                wg_timers_moved(&peer->timers, wg_now());
            }
        }
        wg_timeout_update(dev);
    }
}

static netif_ext_callback_t underlay_callback;

static void watch_underlays(bool on) {
    netif_remove_ext_callback(&underlay_callback);
    if (on) {
        netif_add_ext_callback(&underlay_callback, underlay_changed);
    }
}

#else

static void watch_underlays(bool on) {
    (void)on;
}

#endif

static void close_netif(wg_device_t *dev) {
    udp_remove(dev->pcb);
    dev->pcb = NULL;
    // Before the routes go, so that what lwIP sends while it resets connections stays inside.
    netif_remove(&dev->netif);
    for (wg_device_t **d = &wg_devices; *d != NULL; d = &(*d)->next) {
        if (*d == dev) {
            *d = dev->next;
            break;
        }
    }
    watch_underlays(wg_devices != NULL);
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
    dev->next = wg_devices;
    wg_devices = dev;
    watch_underlays(true);
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
        if (dev->peers[slot] != NULL && wg_peer_can_send(dev->peers[slot], wg_now())) {
            wg_send_keepalive(dev, dev->peers[slot]);  // its endpoint for us moves with this
        }
    }
    return ERR_OK;
}

void wg_netif_close(wg_device_t *dev) {
    wg_timeout_stop(dev);
    wg_dns_restore(dev);
    wg_question_end(dev);
    if (wg_netif_is_open(dev)) {
        close_netif(dev);
    }
    for (int slot = 0; slot < WG_PEERS_MAX; slot++) {
        if (dev->peers[slot] != NULL) {
            wg_peer_remove(dev, dev->peers[slot]);
        }
    }
    dev->allowedips = NULL;  // the binding's, which made it
    wg_message_t message;
    while (wg_message_take(dev, &message)) {
    }
}
