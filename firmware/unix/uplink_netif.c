// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors

#include <stdatomic.h>
#include <string.h>

#include "lwip/dhcp.h"
#include "lwip/etharp.h"
#include "lwip/ethip6.h"
#include "lwip/netifapi.h"
#include "lwip/tcpip.h"

#include "capture_netif.h"
#include "uplink.h"
#include "uplink_netif.h"

// One of them; the netif's state.
typedef struct {
    uplink_t *uplink;
    bool joined, out_of_range, fixed_address;
    atomic_bool linked; // as lwIP's thread says in the netif's flags, for the uplink's
} station_t;

static station_t wifi, lan;
struct netif wifi_netif = {.state = &wifi}, lan_netif = {.state = &lan};
char uplink_hostname[33] = "mpy-host";

// ---- frames

static err_t link_output(struct netif *netif, struct pbuf *p) {
    static uint8_t frame[UPLINK_FRAME_MAX]; // lwIP's thread only
    if (p->tot_len > sizeof(frame)) {
        return ERR_IF;
    }
    capture_pbuf(CAPTURE_UPLINK, p);
    pbuf_copy_partial(p, frame, p->tot_len, 0);
    const station_t *station = netif->state;
    return uplink_send(station->uplink, frame, p->tot_len) ? ERR_OK : ERR_MEM;
}

static _Atomic u32_t chain; // the first pbuf's length and that of the others, in one

// A frame in one pbuf, as the chip's driver hands over, or in a chain, as other drivers and IP's
// reassembly do.
static struct pbuf *frame_alloc(const uint8_t *frame, u16_t len) {
    u32_t lengths = chain;
    u16_t first = lengths >> 16, rest = lengths & 0xffff;
    u16_t size = first == 0 ? len : LWIP_MIN(first, len);
    struct pbuf *p = pbuf_alloc(PBUF_RAW, size, PBUF_RAM);
    for (u16_t done = size; p != NULL && done < len; done += size) {
        size = LWIP_MIN(rest, len - done);
        struct pbuf *q = pbuf_alloc(PBUF_RAW, size, PBUF_RAM);
        if (q == NULL) {
            pbuf_free(p);
            return NULL;
        }
        pbuf_cat(p, q);
    }
    if (p != NULL) {
        pbuf_take(p, frame, len);
    }
    return p;
}

// On the uplink's thread, or Python's.
static void frame_received(void *arg, const uint8_t *frame, size_t len) {
    struct netif *netif = arg;
    if (!((const station_t *)netif->state)->linked) {
        return;
    }
    struct pbuf *p = frame_alloc(frame, (u16_t)len);
    if (p == NULL) {
        return;
    }
    capture_pbuf(CAPTURE_UPLINK, p);
    if (netif->input(p, netif) != ERR_OK) {
        pbuf_free(p); // lwIP's mailbox is full: dropped, as on the chip
    }
}

void uplink_netif_receive(struct netif *netif, const uint8_t *frame, size_t len) {
    frame_received(netif, frame, len);
}

static err_t netif_start(struct netif *netif) {
    static const u8_t mac[6] = {0x02, 0x57, 0x47, 0x00, 0x02, 0x0f};
    bool is_wifi = netif == &wifi_netif;
    netif->name[0] = is_wifi ? 's' : 'e';
    netif->name[1] = is_wifi ? 't' : 'n'; // as in ESP-IDF
    netif->hostname = uplink_hostname;
    netif->mtu = 1500;
    netif->state = is_wifi ? &wifi : &lan;
    netif->hwaddr_len = sizeof(mac);
    memcpy(netif->hwaddr, mac, sizeof(mac));
    netif->hwaddr[4] += !is_wifi;
    netif->flags = NETIF_FLAG_BROADCAST | NETIF_FLAG_ETHARP | NETIF_FLAG_ETHERNET
        | NETIF_FLAG_IGMP | NETIF_FLAG_MLD6;
    netif->output = etharp_output;
    netif->output_ip6 = ethip6_output;
    netif->linkoutput = link_output;
    return ERR_OK;
}

// ---- state, on lwIP's thread

static bool is_usable(const struct netif *netif) {
    return netif_is_up(netif) && netif_is_link_up(netif)
        && !ip4_addr_isany_val(*netif_ip4_addr(netif));
}

// ESP-IDF makes the netif with the highest priority the default, among those that have an address:
// Wi-Fi comes before Ethernet.
static void choose_default(struct netif *netif, netif_nsc_reason_t reason,
    const netif_ext_callback_args_t *args) {
    (void)args;
    if ((netif != &wifi_netif && netif != &lan_netif)
        || !(reason & (LWIP_NSC_IPV4_ADDRESS_CHANGED | LWIP_NSC_LINK_CHANGED))) {
        return;
    }
    if (is_usable(&wifi_netif)) {
        netif_set_default(&wifi_netif);
    } else if (is_usable(&lan_netif)) {
        netif_set_default(&lan_netif);
    }
}

static void link_update(struct netif *netif) {
    station_t *station = netif->state;
    station->linked = station->joined && !station->out_of_range;
    if (!station->linked) {
        netif_set_link_down(netif);
        if (!station->fixed_address) {
            dhcp_release_and_stop(netif);
        }
        return;
    }
    netif_set_link_up(netif);
    if (!station->fixed_address) {
        dhcp_start(netif);
    }
    if (ip6_addr_isinvalid(netif_ip6_addr_state(netif, 0))) {
        netif_create_ip6_linklocal_address(netif, 1);
    }
}

static err_t add_locked(struct netif *netif) {
    NETIF_DECLARE_EXT_CALLBACK(callback)
    static bool watching;
    capture_watch_netifs();
    netif_add_noaddr(netif, netif->state, netif_start, tcpip_input);
    netif_set_ip6_autoconfig_enabled(netif, 1);
    if (!watching) {
        watching = true;
        netif_add_ext_callback(&callback, choose_default);
        netif_set_default(netif);
    }
    netif_set_up(netif);
    return ERR_OK;
}

static void join_locked(struct netif *netif) {
    ((station_t *)netif->state)->joined = true;
    link_update(netif);
}

static void leave_locked(struct netif *netif) {
    ((station_t *)netif->state)->joined = false;
    link_update(netif);
}

static void in_range_locked(struct netif *netif) {
    ((station_t *)netif->state)->out_of_range = false;
    link_update(netif);
}

static void out_of_range_locked(struct netif *netif) {
    ((station_t *)netif->state)->out_of_range = true;
    link_update(netif);
}

static void dhcp_on_locked(struct netif *netif) {
    station_t *station = netif->state;
    if (station->fixed_address) {
        station->fixed_address = false;
        netif_set_addr(netif, IP4_ADDR_ANY4, IP4_ADDR_ANY4, IP4_ADDR_ANY4);
    }
    link_update(netif);
}

static void dhcp_off_locked(struct netif *netif) {
    ((station_t *)netif->state)->fixed_address = true;
    dhcp_release_and_stop(netif);
}

static void renew_locked(struct netif *netif) {
    dhcp_renew(netif);
    netif_set_default(netif);
}

// slirp remembers addresses by MAC.
static void renew_another_locked(struct netif *netif) {
    netif->hwaddr[5]++;
    renew_locked(netif);
}

// ---- from Python's thread

void uplink_netif_init(struct netif *netif) {
    station_t *station = netif == &wifi_netif ? &wifi : &lan;
    if (station->uplink == NULL) {
        netifapi_netif_common(netif, NULL, add_locked);
        uplink_number_t number = netif == &wifi_netif ? UPLINK_WIFI : UPLINK_LAN;
        station->uplink = uplink_start(number, frame_received, netif);
    }
}

void uplink_netif_join(struct netif *netif) {
    netifapi_netif_common(netif, join_locked, NULL);
}

void uplink_netif_leave(struct netif *netif) {
    netifapi_netif_common(netif, leave_locked, NULL);
}

void uplink_netif_renew(struct netif *netif, bool another) {
    netifapi_netif_common(netif, another ? renew_another_locked : renew_locked, NULL);
}

void uplink_netif_mtu(uint16_t mtu) {
    wifi_netif.mtu = lan_netif.mtu = mtu; // a test sets it before there is any traffic
}

static atomic_bool forwarding;

void uplink_set_forwarding(bool on) {
    forwarding = on;
}

int uplink_may_forward(void) {
    return forwarding;
}

void uplink_netif_chain(uint16_t first, uint16_t rest) {
    chain = (u32_t)first << 16 | rest;
}

void uplink_netif_in_range(struct netif *netif, bool in_range) {
    netifapi_netif_common(netif, in_range ? in_range_locked : out_of_range_locked, NULL);
}

bool uplink_netif_has_address(const struct netif *netif) {
    return is_usable(netif);
}

void uplink_netif_dhcp(struct netif *netif, bool on) {
    netifapi_netif_common(netif, on ? dhcp_on_locked : dhcp_off_locked, NULL);
}

bool uplink_netif_uses_dhcp(const struct netif *netif) {
    return !((const station_t *)netif->state)->fixed_address;
}

void uplink_netif_address(struct netif *netif, const ip4_addr_t *address, const ip4_addr_t *mask,
    const ip4_addr_t *gateway) {
    uplink_netif_dhcp(netif, false);
    netifapi_netif_set_addr(netif, address, mask, gateway);
}
