// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors

// What the files of the `_wireguard` module share.
#ifndef WG_MODWIREGUARD_H
#define WG_MODWIREGUARD_H

#include "py/obj.h"

enum {
    WG_EVENT_MESSAGE,
    WG_EVENT_HANDSHAKE,
    WG_EVENT_SESSION,
    WG_EVENT_ENDPOINT,
    WG_EVENT_TICK,
    WG_EVENT_ANSWER,
};

extern const mp_obj_type_t wg_capture_type;  // py_capture.c
extern const mp_obj_type_t wg_netif_type;    // py_netif.c
MP_DECLARE_CONST_FUN_OBJ_0(wg_module_init_obj);

// A buffer of exactly `len` bytes. Raises ValueError.
const uint8_t *wg_arg_bytes(mp_obj_t arg, size_t len);

#endif // WG_MODWIREGUARD_H
