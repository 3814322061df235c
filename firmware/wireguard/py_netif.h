// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors

// class Netif: what Python may ask of the data plane. Every method hops onto lwIP's thread.
#ifndef WG_PY_NETIF_H
#define WG_PY_NETIF_H

#include "py/obj.h"

#include "call.h"
#include "device.h"
#include "py_addresses.h"

typedef struct wg_netif_obj {
    mp_obj_base_t base;
    struct wg_netif_obj *next;  // among the open ones
    mp_obj_t handler;           // handler(netif), on Python's thread while events are pending
    wg_device_t *dev;           // NULL once closed
    wg_prefixes_t prefixes;
} wg_netif_obj_t;

// py_events.c: open Netifs are reachable, and told of their events, until they are closed.
void wg_events_attach(wg_netif_obj_t *self);
void wg_events_detach(wg_netif_obj_t *self);
MP_DECLARE_CONST_FUN_OBJ_1(wg_netif_event_obj);
MP_DECLARE_CONST_FUN_OBJ_2(wg_netif_dns_obj);
MP_DECLARE_CONST_FUN_OBJ_3(wg_netif_ask_obj);
MP_DECLARE_CONST_FUN_OBJ_1(wg_netif_answer_obj);
MP_DECLARE_CONST_FUN_OBJ_3(wg_netif_suspend_obj);
MP_DECLARE_CONST_FUN_OBJ_VAR_BETWEEN(wg_netif_resume_obj);

// The object of an open Netif; OSError ENOTCONN once it is closed.
wg_netif_obj_t *wg_netif_self_open(mp_obj_t self_in);

mp_obj_t wg_endpoint_to_tuple(const wg_endpoint_t *endpoint);

#endif // WG_PY_NETIF_H
