// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors

// The resolver's servers while a tunnel brings its own. lwIP's thread only.
#ifndef WG_DNS_H
#define WG_DNS_H

#include <stddef.h>

#include "lwip/dns.h"
#include "lwip/ip_addr.h"

// These and no others from now on, as many as lwIP has room for; the last device to call wins.
void wg_dns_set(const void *dev, const ip_addr_t *servers, size_t count);
// Back to what the network has set, at any time since. Nothing if they are not this device's.
void wg_dns_restore(const void *dev);
// What the network has set, whoever else has since; the number is below DNS_MAX_SERVERS.
ip_addr_t wg_dns_of_network(uint8_t number);
// Put them back if the network has set others.
void wg_dns_keep(void);

#endif // WG_DNS_H
