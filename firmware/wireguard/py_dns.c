// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors

#include "lwip/dns.h"
#include "py/runtime.h"

#include "dns.h"
#include "modwireguard.h"
#include "py_netif.h"

typedef struct {
    struct tcpip_api_call_data base;
    const wg_device_t *dev;
    ip_addr_t servers[DNS_MAX_SERVERS];
    size_t count;
} dns_call_t;

static err_t do_dns(struct tcpip_api_call_data *base) {
    dns_call_t *call = (dns_call_t *)base;
    if (call->count == 0) {
        wg_dns_restore(call->dev);
    } else {
        wg_dns_set(call->dev, call->servers, call->count);
    }
    return ERR_OK;
}

// dns(servers): the resolver asks these alone, [ip, ...]; an empty list gives back what the network
// has set, and so does close(). Those that lwIP has no room for are not used. ValueError.
static mp_obj_t netif_dns(mp_obj_t self_in, mp_obj_t servers_in) {
    dns_call_t call = { .dev = wg_netif_self_open(self_in)->dev };
    size_t count;
    mp_obj_t *items;
    mp_obj_get_array(servers_in, &count, &items);
    for (; call.count < count && call.count < DNS_MAX_SERVERS; call.count++) {
        wg_arg_ip(items[call.count], &call.servers[call.count]);
    }
    wg_call(do_dns, &call.base);
    return mp_const_none;
}
MP_DEFINE_CONST_FUN_OBJ_2(wg_netif_dns_obj, netif_dns);
