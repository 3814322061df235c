// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors

// Netif's peers: their slots, and what wg.json says of each.

#include <stdlib.h>
#include <string.h>

#include "py/mperrno.h"
#include "py/runtime.h"

#include "py_netif.h"

mp_obj_t wg_endpoint_to_tuple(const wg_endpoint_t *endpoint) {
    mp_obj_t pair[2] = { wg_ip_to_str(&endpoint->addr), MP_OBJ_NEW_SMALL_INT(endpoint->port) };
    return mp_obj_new_tuple(2, pair);
}

void wg_arg_endpoint(mp_obj_t arg, wg_endpoint_t *endpoint) {
    memset(endpoint, 0, sizeof(*endpoint));
    if (arg == mp_const_none) {
        return;
    }
    mp_obj_t *pair;
    mp_obj_get_array_fixed_n(arg, 2, &pair);
    wg_arg_ip(pair[0], &endpoint->addr);
    mp_int_t port = mp_obj_get_int(pair[1]);
    if (port < 1 || port > 65535) {
        mp_raise_ValueError(MP_ERROR_TEXT("port"));
    }
    endpoint->port = (uint16_t)port;
}

static err_t do_peer_add(wg_device_t *dev, void *arg) {
    return wg_peer_add(dev, arg) == NULL ? ERR_MEM : ERR_OK;
}

// peer_add() -> slot. OSError ENOMEM: no memory, or WG_PEERS_MAX peers already.
static mp_obj_t netif_peer_add(mp_obj_t self_in) {
    wg_netif_self_open(self_in);
    wg_peer_t *peer = calloc(1, sizeof(*peer));
    if (peer == NULL || wg_on_device(self_in, do_peer_add, peer) != ERR_OK) {
        free(peer);
        mp_raise_OSError(MP_ENOMEM);
    }
    return MP_OBJ_NEW_SMALL_INT(peer->slot);  // which never changes
}
MP_DEFINE_CONST_FUN_OBJ_1(wg_netif_peer_add_obj, netif_peer_add);

static void peer_slot(wg_device_t *dev, wg_peer_t *peer, void *arg) {
    (void)dev;
    *(uint8_t *)arg = peer->slot;
}

static err_t do_allowed_ips(wg_device_t *dev, void *arg) {
    dev->allowedips = arg;
    return ERR_OK;
}

// Publish a new table; lwIP's thread is done with the old one when the hop returns.
static void replace_allowed_ips(mp_obj_t self_in, uint8_t slot, mp_obj_t list) {
    wg_netif_obj_t *self = wg_netif_self_open(self_in);
    wg_prefixes_t next;
    wg_prefixes_replace(&next, &self->prefixes, slot, list);
    wg_on_device(self_in, do_allowed_ips, next.table);
    wg_prefixes_free(&self->prefixes);
    self->prefixes = next;
}

// allowed_ips(slot[, [(ip, prefix length), ...]]): get, or replace as a whole; a prefix that another
// peer has moves here. MemoryError and ValueError leave everything as it was.
static mp_obj_t netif_allowed_ips(size_t n_args, const mp_obj_t *args) {
    uint8_t slot;
    wg_on_peer(args[0], args[1], peer_slot, &slot);
    if (n_args > 2) {
        replace_allowed_ips(args[0], slot, args[2]);
        return mp_const_none;
    }
    return wg_prefixes_of(&wg_netif_self_open(args[0])->prefixes, slot);
}
MP_DEFINE_CONST_FUN_OBJ_VAR_BETWEEN(wg_netif_allowed_ips_obj, 2, 3, netif_allowed_ips);

static void peer_remove(wg_device_t *dev, wg_peer_t *peer, void *arg) {
    (void)arg;
    wg_peer_remove(dev, peer);
}

// peer_remove(slot)
static mp_obj_t netif_peer_remove(mp_obj_t self_in, mp_obj_t slot) {
    netif_allowed_ips(3, (const mp_obj_t[]) { self_in, slot, mp_const_empty_tuple });
    wg_on_peer(self_in, slot, peer_remove, NULL);
    return mp_const_none;
}
MP_DEFINE_CONST_FUN_OBJ_2(wg_netif_peer_remove_obj, netif_peer_remove);

static void endpoint_get(wg_device_t *dev, wg_peer_t *peer, void *arg) {
    (void)dev;
    *(wg_endpoint_t *)arg = peer->endpoint;
}

static void endpoint_set(wg_device_t *dev, wg_peer_t *peer, void *arg) {
    (void)dev;
    peer->endpoint = *(const wg_endpoint_t *)arg;
}

// endpoint(slot) -> (host, port) or None; endpoint(slot, (host, port) or None)
static mp_obj_t netif_endpoint(size_t n_args, const mp_obj_t *args) {
    wg_endpoint_t endpoint;
    if (n_args > 2) {
        wg_arg_endpoint(args[2], &endpoint);
        wg_on_peer(args[0], args[1], endpoint_set, &endpoint);
        return mp_const_none;
    }
    wg_on_peer(args[0], args[1], endpoint_get, &endpoint);
    return endpoint.port == 0 ? mp_const_none : wg_endpoint_to_tuple(&endpoint);
}
MP_DEFINE_CONST_FUN_OBJ_VAR_BETWEEN(wg_netif_endpoint_obj, 2, 3, netif_endpoint);

static void keepalive(wg_device_t *dev, wg_peer_t *peer, void *arg) {
    wg_timers_set_persistent_keepalive(&peer->timers, *(const uint16_t *)arg, wg_now());
    wg_timeout_update(dev);
}

// keepalive(slot, seconds): the persistent keepalive, 0 is off. The first one is sent at once.
static mp_obj_t netif_keepalive(mp_obj_t self_in, mp_obj_t slot, mp_obj_t seconds_in) {
    mp_int_t seconds = mp_obj_get_int(seconds_in);
    if (seconds < 0 || seconds > 65535) {
        mp_raise_ValueError(MP_ERROR_TEXT("seconds"));
    }
    wg_on_peer(self_in, slot, keepalive, &(uint16_t) { (uint16_t)seconds });
    return mp_const_none;
}
MP_DEFINE_CONST_FUN_OBJ_3(wg_netif_keepalive_obj, netif_keepalive);
