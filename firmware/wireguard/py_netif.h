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

// The object of an open Netif; OSError ENOTCONN once it is closed.
wg_netif_obj_t *wg_netif_self_open(mp_obj_t self_in);

// Run a function on lwIP's thread and wait for it; `arg` is what it reads and fills. OSError ENOTCONN
// once the Netif is closed.
typedef err_t (*wg_device_fn_t)(wg_device_t *dev, void *arg);
err_t wg_on_device(mp_obj_t self_in, wg_device_fn_t fn, void *arg);

// The same about one peer. If there is none in that slot: ValueError, or false.
typedef void (*wg_peer_fn_t)(wg_device_t *dev, wg_peer_t *peer, void *arg);
void wg_on_peer(mp_obj_t self_in, mp_obj_t slot, wg_peer_fn_t fn, void *arg);
bool wg_on_peer_if_any(mp_obj_t self_in, mp_int_t slot, wg_peer_fn_t fn, void *arg);
NORETURN void wg_raise_no_such_peer(void);
// A peer by the number that Python knows it by, or NULL. lwIP's thread.
wg_peer_t *wg_peer_in(const wg_device_t *dev, mp_int_t slot);

// py_events.c: open Netifs are reachable, and told of their events, until they are closed.
void wg_events_attach(wg_netif_obj_t *self);
void wg_events_detach(wg_netif_obj_t *self);
MP_DECLARE_CONST_FUN_OBJ_1(wg_netif_event_obj);
MP_DECLARE_CONST_FUN_OBJ_2(wg_netif_wake_obj);

// py_peer.c
MP_DECLARE_CONST_FUN_OBJ_1(wg_netif_peer_add_obj);
MP_DECLARE_CONST_FUN_OBJ_2(wg_netif_peer_remove_obj);
MP_DECLARE_CONST_FUN_OBJ_VAR_BETWEEN(wg_netif_allowed_ips_obj);
MP_DECLARE_CONST_FUN_OBJ_VAR_BETWEEN(wg_netif_endpoint_obj);
MP_DECLARE_CONST_FUN_OBJ_3(wg_netif_keepalive_obj);
// (host, port), or None for an unknown endpoint.
void wg_arg_endpoint(mp_obj_t arg, wg_endpoint_t *endpoint);
mp_obj_t wg_endpoint_to_tuple(const wg_endpoint_t *endpoint);

// py_handshake.c
MP_DECLARE_CONST_FUN_OBJ_3(wg_netif_send_obj);
MP_DECLARE_CONST_FUN_OBJ_2(wg_netif_cookie_seed_obj);
MP_DECLARE_CONST_FUN_OBJ_VAR_BETWEEN(wg_netif_keypair_obj);
MP_DECLARE_CONST_FUN_OBJ_2(wg_netif_keys_clear_obj);
MP_DECLARE_CONST_FUN_OBJ_2(wg_netif_staged_drop_obj);

// py_status.c
MP_DECLARE_CONST_FUN_OBJ_2(wg_netif_stats_obj);
MP_DECLARE_CONST_FUN_OBJ_2(wg_netif_session_obj);
MP_DECLARE_CONST_FUN_OBJ_1(wg_netif_counters_obj);

// py_dns.c
MP_DECLARE_CONST_FUN_OBJ_2(wg_netif_dns_obj);

// py_question.c
MP_DECLARE_CONST_FUN_OBJ_3(wg_netif_ask_obj);
MP_DECLARE_CONST_FUN_OBJ_1(wg_netif_answer_obj);

// py_retain.c
MP_DECLARE_CONST_FUN_OBJ_3(wg_netif_suspend_obj);
MP_DECLARE_CONST_FUN_OBJ_VAR_BETWEEN(wg_netif_resume_obj);

#endif // WG_PY_NETIF_H
