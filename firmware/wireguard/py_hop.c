// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors

// From a method of Netif to a function on lwIP's thread, and back.

#include "py/mperrno.h"
#include "py/runtime.h"

#include "py_netif.h"

wg_netif_obj_t *wg_netif_self_open(mp_obj_t self_in) {
    wg_netif_obj_t *self = MP_OBJ_TO_PTR(self_in);
    if (self->dev == NULL) {
        mp_raise_OSError(MP_ENOTCONN);
    }
    return self;
}

typedef struct {
    struct tcpip_api_call_data base;
    wg_device_t *dev;
    wg_device_fn_t fn;
    void *arg;
} device_call_t;

static err_t do_device(struct tcpip_api_call_data *base) {
    const device_call_t *call = (const device_call_t *)base;
    return call->fn(call->dev, call->arg);
}

err_t wg_on_device(mp_obj_t self_in, wg_device_fn_t fn, void *arg) {
    device_call_t call = { .dev = wg_netif_self_open(self_in)->dev, .fn = fn, .arg = arg };
    return wg_call(do_device, &call.base);
}

wg_peer_t *wg_peer_in(const wg_device_t *dev, mp_int_t slot) {
    return slot < 0 || slot >= WG_PEERS_MAX ? NULL : dev->peers[slot];
}

typedef struct {
    mp_int_t slot;
    wg_peer_fn_t fn;
    void *arg;
} peer_call_t;

static err_t do_peer(wg_device_t *dev, void *arg) {
    const peer_call_t *call = arg;
    wg_peer_t *peer = wg_peer_in(dev, call->slot);
    if (peer == NULL) {
        return ERR_ARG;
    }
    call->fn(dev, peer, call->arg);
    return ERR_OK;
}

bool wg_on_peer_if_any(mp_obj_t self_in, mp_int_t slot, wg_peer_fn_t fn, void *arg) {
    peer_call_t call = { slot, fn, arg };
    return wg_on_device(self_in, do_peer, &call) == ERR_OK;
}

void wg_on_peer(mp_obj_t self_in, mp_obj_t slot, wg_peer_fn_t fn, void *arg) {
    if (!wg_on_peer_if_any(self_in, mp_obj_get_int(slot), fn, arg)) {
        wg_raise_no_such_peer();
    }
}

void wg_raise_no_such_peer(void) {
    mp_raise_ValueError(MP_ERROR_TEXT("no such peer"));
}
