// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors

// The resolver's servers while a tunnel brings its own. lwIP's thread only.
//
// A DHCP renewal sets the servers anew and tells nobody. So they are looked at whenever lwIP asks for
// a route, which it does before each question it sends: none leaves to a server that is not ours.

#include <string.h>

#include "lwip/dns.h"

#include "dns.h"
#include "lwip_compat.h"

static const void *owner;  // the device whose servers these are
static ip_addr_t ours[DNS_MAX_SERVERS];
static ip_addr_t others[DNS_MAX_SERVERS];  // what the network has set last

static void set_all(const ip_addr_t *servers) {
    for (uint8_t i = 0; i < DNS_MAX_SERVERS; i++) {
        dns_setserver(i, &servers[i]);
    }
}

void wg_dns_set(const void *dev, const ip_addr_t *servers, size_t count) {
    wg_dns_keep();
    if (owner == NULL) {
        for (uint8_t i = 0; i < DNS_MAX_SERVERS; i++) {
            others[i] = *dns_getserver(i);
        }
    }
    owner = dev;
    memset(ours, 0, sizeof(ours));
    memcpy(ours, servers, LWIP_MIN(count, DNS_MAX_SERVERS) * sizeof(ours[0]));
    set_all(ours);
}

void wg_dns_restore(const void *dev) {
    if (owner == dev) {
        wg_dns_keep();
        owner = NULL;
        set_all(others);
    }
}

ip_addr_t wg_dns_of_network(uint8_t number) {
    wg_dns_keep();
    return owner == NULL ? *dns_getserver(number) : others[number];
}

void wg_dns_keep(void) {
    if (owner == NULL) {
        return;
    }
    for (uint8_t i = 0; i < DNS_MAX_SERVERS; i++) {
        const ip_addr_t *server = dns_getserver(i);
        if (!ip_addr_eq(server, &ours[i])) {
            others[i] = *server;
            dns_setserver(i, &ours[i]);
        }
    }
}
