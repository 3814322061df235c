// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors

#include "lwip/dns.h"
#include "py/runtime.h"

#include "dns.h"
#include "modwireguard.h"
#include "py_netif.h"

typedef struct {
    ip_addr_t servers[DNS_MAX_SERVERS];
    size_t count;
} servers_t;

static err_t do_dns(wg_device_t *dev, void *arg) {
    const servers_t *ours = arg;
    if (ours->count == 0) {
        wg_dns_restore(dev);
    } else {
        wg_dns_set(dev, ours->servers, ours->count);
    }
    return ERR_OK;
}

// dns(servers): the resolver asks these alone, [ip, ...]; an empty list gives back what the network
// has set, and so does close(). Those that lwIP has no room for are not used. ValueError.
static mp_obj_t netif_dns(mp_obj_t self_in, mp_obj_t servers_in) {
    servers_t ours = { .count = 0 };
    size_t count;
    mp_obj_t *items;
    mp_obj_get_array(servers_in, &count, &items);
    for (; ours.count < count && ours.count < DNS_MAX_SERVERS; ours.count++) {
        wg_arg_ip(items[ours.count], &ours.servers[ours.count]);
    }
    wg_on_device(self_in, do_dns, &ours);
    return mp_const_none;
}
MP_DEFINE_CONST_FUN_OBJ_2(wg_netif_dns_obj, netif_dns);
