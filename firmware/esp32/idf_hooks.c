// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors

// What ESP-IDF's lwIP asks, on lwIP's thread.

#include "lwip/netif.h"
#include "lwip/pbuf.h"
#include "lwip_default_hooks.h"
#include "sdkconfig.h"

#include "device.h"
#include "idf_hooks.h"

#if !CONFIG_LWIP_PPP_SUPPORT && !CONFIG_ESP_NETIF_BRIDGE_EN
#error "CONFIG_LWIP_PPP_SUPPORT=y: else ESP-IDF takes the state of every netif for an esp_netif"
#endif
#if !CONFIG_LWIP_HOOK_IP6_INPUT_CUSTOM
#error "CONFIG_LWIP_HOOK_IP6_INPUT_CUSTOM=y: ESP-IDF's own hook drops all IPv6 of the tunnel"
#endif

// A tunnel's packets by AllowedIPs, the others as ESP-IDF routes them: by their source address.
struct netif *wg_esp32_ip4_route(const ip4_addr_t *src, const ip4_addr_t *dest) {
    struct netif *netif = wg_ip4_route_hook(src, dest);
    return netif != NULL ? netif : ip4_route_src_hook(src, dest);
}

// ESP-IDF's rule since 5.4: a netif without a link-local address, which is a netif on which nobody has
// asked for IPv6, hears none of it. A tunnel has no link-local address and is meant to hear. The rest is
// for the tunnels' filter to judge.
int lwip_hook_ip6_input(struct pbuf *p, struct netif *netif) {
    if (!ip6_addr_isany(netif_ip6_addr(netif, 0)) || wg_netif_is_tunnel(netif)) {
        return wg_ip6_input_hook(p, netif);
    }
    pbuf_free(p);
    return 1;
}
