// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors
//
// The device's side of the uplinks: Ethernet netifs in lwIP, as ESP-IDF's Wi-Fi station and its
// Ethernet are. Every function may be called from Python's thread; each hops onto lwIP's.
#pragma once

#include <stdbool.h>
#include "lwip/netif.h"

extern struct netif wifi_netif, lan_netif;
extern char uplink_hostname[33]; // told to the DHCP server

// Adds the netif and starts the host's side, the first time.
void uplink_netif_init(struct netif *netif);

// The device joins the network and asks for an address, or leaves it.
void uplink_netif_join(struct netif *netif);
void uplink_netif_leave(struct netif *netif);

// True from the moment there is an IPv4 address.
bool uplink_netif_has_address(const struct netif *netif);

// DHCP (the default) or a fixed address.
void uplink_netif_dhcp(struct netif *netif, bool on);
bool uplink_netif_uses_dhcp(const struct netif *netif);
void uplink_netif_address(struct netif *netif, const ip4_addr_t *address, const ip4_addr_t *mask,
    const ip4_addr_t *gateway);

// The lease is renewed, and the uplink becomes lwIP's default netif again, as ESP-IDF makes it.
// another: the server gives another address, because it sees another client.
void uplink_netif_renew(struct netif *netif, bool another);

// The access point goes out of reach, or the cable out of its socket: the link goes down and frames
// are lost.
void uplink_netif_in_range(struct netif *netif, bool in_range);

// A frame arrives that the host has not sent.
void uplink_netif_receive(struct netif *netif, const uint8_t *frame, size_t len);

// Of both.
void uplink_netif_mtu(uint16_t mtu);
void uplink_netif_chain(uint16_t first, uint16_t rest); // 0: one pbuf a frame
void uplink_set_forwarding(bool on);
