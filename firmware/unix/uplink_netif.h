// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors
//
// The device's side of the uplink: an Ethernet netif in lwIP, as ESP-IDF's Wi-Fi station is.
// Every function may be called from Python's thread; each hops onto lwIP's.
#pragma once

#include <stdbool.h>
#include "lwip/netif.h"

extern struct netif uplink_netif;
extern char uplink_hostname[33]; // told to the DHCP server

// Adds the netif and starts the host's side, the first time.
void uplink_netif_init(void);

// The station joins the network and asks for an address, or leaves it.
void uplink_netif_join(void);
void uplink_netif_leave(void);

// True from the moment there is an IPv4 address.
bool uplink_netif_has_address(void);

// DHCP (the default) or a fixed address.
void uplink_netif_dhcp(bool on);
bool uplink_netif_uses_dhcp(void);
void uplink_netif_address(const ip4_addr_t *address, const ip4_addr_t *mask, const ip4_addr_t *gateway);

// The lease is renewed, and the uplink becomes lwIP's default netif again, as ESP-IDF makes it.
void uplink_netif_renew(void);
void uplink_netif_mtu(uint16_t mtu);
void uplink_set_forwarding(bool on);
void uplink_netif_chain(uint16_t first, uint16_t rest); // 0: one pbuf a frame

// The access point goes out of reach, or returns: the link goes down and frames are lost.
void uplink_netif_in_range(bool in_range);
