// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors

// class Netif itself: its life, its port and its MTU.

#include <string.h>

#include "py/mperrno.h"
#include "py/runtime.h"

#include "modwireguard.h"
#include "py_netif.h"

// IPv4 and the IPv6 addresses that lwIP has room for.
#define ADDRESSES_MAX (1 + LWIP_IPV6_NUM_ADDRESSES)

// Netif(public_key, handler)
static mp_obj_t netif_make_new(const mp_obj_type_t *type, size_t n_args, size_t n_kw,
    const mp_obj_t *args) {
    mp_arg_check_num(n_args, n_kw, 2, 2, false);
    const uint8_t *public_key = wg_arg_bytes(args[0], WG_KEY_LEN);
    wg_start_lwip();
    wg_netif_obj_t *self = mp_obj_malloc_with_finaliser(wg_netif_obj_t, type);
    self->next = NULL;
    self->handler = args[1];
    memset(&self->prefixes, 0, sizeof(self->prefixes));
    self->dev = wg_device_new(public_key);
    if (self->dev == NULL) {
        m_malloc_fail(sizeof(wg_device_t));
    }
    return MP_OBJ_FROM_PTR(self);
}

// OSError for what lwIP says of a port.
static void raise_bind_error(err_t err) {
    static const struct {
        err_t err;
        uint8_t number;
    } numbers[] = {
        { ERR_USE, MP_EADDRINUSE }, { ERR_ALREADY, MP_EALREADY }, { ERR_MEM, MP_ENOMEM },
        { ERR_CONN, MP_ENOTCONN }, { ERR_OK, 0 },
    };
    for (size_t i = 0; i < MP_ARRAY_SIZE(numbers); i++) {
        if (err == numbers[i].err) {
            if (err != ERR_OK) {
                mp_raise_OSError(numbers[i].number);
            }
            return;
        }
    }
    mp_raise_OSError(MP_EINVAL);
}

typedef struct {
    wg_address_t addresses[ADDRESSES_MAX];
    size_t count;
    uint16_t mtu, port;
} open_t;

static err_t do_open(wg_device_t *dev, void *arg) {
    const open_t *o = arg;
    return wg_netif_is_open(dev) ? ERR_ALREADY
           : wg_netif_open(dev, o->addresses, o->count, o->mtu, o->port);
}

// open(addresses, mtu, listen_port=0): addresses [(ip, prefix length), ...]; mtu 0: what fits the
// underlay. OSError EADDRINUSE, ENOMEM, EALREADY, EINVAL (more addresses than lwIP has room for).
static mp_obj_t netif_open(size_t n_args, const mp_obj_t *args) {
    wg_netif_obj_t *self = wg_netif_self_open(args[0]);
    open_t o;
    mp_obj_t *items;
    mp_obj_get_array(args[1], &o.count, &items);
    if (o.count > ADDRESSES_MAX) {
        mp_raise_OSError(MP_EINVAL);
    }
    for (size_t i = 0; i < o.count; i++) {
        wg_arg_prefix(items[i], &o.addresses[i].addr, &o.addresses[i].prefix_len);
    }
    mp_int_t mtu = mp_obj_get_int(args[2]);
    mp_int_t port = n_args > 3 ? mp_obj_get_int(args[3]) : 0;
    if ((mtu != 0 && mtu < 68) || mtu > 65535 - 128 || port < 0 || port > 65535) {
        mp_raise_OSError(MP_EINVAL);
    }
    o.mtu = (uint16_t)mtu;
    o.port = (uint16_t)port;
    raise_bind_error(wg_on_device(args[0], do_open, &o));
    wg_events_attach(self);
    return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_VAR_BETWEEN(netif_open_obj, 3, 4, netif_open);

static err_t do_close(wg_device_t *dev, void *arg) {
    (void)arg;
    wg_netif_close(dev);
    return ERR_OK;
}

static err_t do_nothing(wg_device_t *dev, void *arg) {
    (void)dev, (void)arg;
    return ERR_OK;
}

// close(): for good; idempotent. Also the finaliser: nothing in lwIP knows of the netif any more.
static mp_obj_t netif_close(mp_obj_t self_in) {
    wg_netif_obj_t *self = MP_OBJ_TO_PTR(self_in);
    if (self->dev == NULL) {
        return mp_const_none;
    }
    wg_on_device(self_in, do_close, NULL);
    // lwIP's poll of what a netif sends to itself is a message that holds the netif's address. Any that
    // was under way comes before this one.
    wg_on_device(self_in, do_nothing, NULL);
    wg_events_detach(self);
    wg_device_free(self->dev);
    self->dev = NULL;
    wg_prefixes_free(&self->prefixes);
    return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_1(netif_close_obj, netif_close);

static err_t do_rebind(wg_device_t *dev, void *arg) {
    return wg_netif_is_open(dev) ? wg_netif_rebind(dev, *(const uint16_t *)arg) : ERR_CONN;
}

// rebind(port=0): speak from another UDP port, 0 for any that is free. Sessions go on: their peers
// hear of it at once. OSError EADDRINUSE, ENOMEM, ENOTCONN; the old port stays then.
static mp_obj_t netif_rebind(size_t n_args, const mp_obj_t *args) {
    mp_int_t port = n_args > 1 ? mp_obj_get_int(args[1]) : 0;
    if (port < 0 || port > 65535) {
        mp_raise_OSError(MP_EINVAL);
    }
    raise_bind_error(wg_on_device(args[0], do_rebind, &(uint16_t) { (uint16_t)port }));
    return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_VAR_BETWEEN(netif_rebind_obj, 1, 2, netif_rebind);

static err_t do_port(wg_device_t *dev, void *arg) {
    *(uint16_t *)arg = wg_netif_is_open(dev) ? dev->pcb->local_port : 0;
    return ERR_OK;
}

// port() -> the UDP port the device listens on, 0 while it is not open.
static mp_obj_t netif_port(mp_obj_t self_in) {
    wg_netif_obj_t *self = MP_OBJ_TO_PTR(self_in);
    uint16_t port = 0;
    if (self->dev != NULL) {
        wg_on_device(self_in, do_port, &port);
    }
    return MP_OBJ_NEW_SMALL_INT(port);
}
static MP_DEFINE_CONST_FUN_OBJ_1(netif_port_obj, netif_port);

static err_t do_mtu(wg_device_t *dev, void *arg) {
    *(uint16_t *)arg = dev->netif.mtu;
    return ERR_OK;
}

// mtu() -> bytes of the longest packet inside.
static mp_obj_t netif_mtu(mp_obj_t self_in) {
    uint16_t mtu;
    wg_on_device(self_in, do_mtu, &mtu);
    return MP_OBJ_NEW_SMALL_INT(mtu);
}
static MP_DEFINE_CONST_FUN_OBJ_1(netif_mtu_obj, netif_mtu);

// active() -> bool: between open() and close().
static mp_obj_t netif_active(mp_obj_t self_in) {
    return mp_obj_new_bool(netif_port(self_in) != MP_OBJ_NEW_SMALL_INT(0));
}
static MP_DEFINE_CONST_FUN_OBJ_1(netif_active_obj, netif_active);

static const mp_rom_map_elem_t netif_locals_table[] = {
    { MP_ROM_QSTR(MP_QSTR_open), MP_ROM_PTR(&netif_open_obj) },
    { MP_ROM_QSTR(MP_QSTR_close), MP_ROM_PTR(&netif_close_obj) },
    { MP_ROM_QSTR(MP_QSTR___del__), MP_ROM_PTR(&netif_close_obj) },
    { MP_ROM_QSTR(MP_QSTR_active), MP_ROM_PTR(&netif_active_obj) },
    { MP_ROM_QSTR(MP_QSTR_rebind), MP_ROM_PTR(&netif_rebind_obj) },
    { MP_ROM_QSTR(MP_QSTR_port), MP_ROM_PTR(&netif_port_obj) },
    { MP_ROM_QSTR(MP_QSTR_mtu), MP_ROM_PTR(&netif_mtu_obj) },
    { MP_ROM_QSTR(MP_QSTR_peer_add), MP_ROM_PTR(&wg_netif_peer_add_obj) },
    { MP_ROM_QSTR(MP_QSTR_peer_remove), MP_ROM_PTR(&wg_netif_peer_remove_obj) },
    { MP_ROM_QSTR(MP_QSTR_allowed_ips), MP_ROM_PTR(&wg_netif_allowed_ips_obj) },
    { MP_ROM_QSTR(MP_QSTR_endpoint), MP_ROM_PTR(&wg_netif_endpoint_obj) },
    { MP_ROM_QSTR(MP_QSTR_keepalive), MP_ROM_PTR(&wg_netif_keepalive_obj) },
    { MP_ROM_QSTR(MP_QSTR_send), MP_ROM_PTR(&wg_netif_send_obj) },
    { MP_ROM_QSTR(MP_QSTR_cookie_seed), MP_ROM_PTR(&wg_netif_cookie_seed_obj) },
    { MP_ROM_QSTR(MP_QSTR_keypair), MP_ROM_PTR(&wg_netif_keypair_obj) },
    { MP_ROM_QSTR(MP_QSTR_keys_clear), MP_ROM_PTR(&wg_netif_keys_clear_obj) },
    { MP_ROM_QSTR(MP_QSTR_staged_drop), MP_ROM_PTR(&wg_netif_staged_drop_obj) },
    { MP_ROM_QSTR(MP_QSTR_suspend), MP_ROM_PTR(&wg_netif_suspend_obj) },
    { MP_ROM_QSTR(MP_QSTR_resume), MP_ROM_PTR(&wg_netif_resume_obj) },
    { MP_ROM_QSTR(MP_QSTR_wake), MP_ROM_PTR(&wg_netif_wake_obj) },
    { MP_ROM_QSTR(MP_QSTR_dns), MP_ROM_PTR(&wg_netif_dns_obj) },
    { MP_ROM_QSTR(MP_QSTR_ask), MP_ROM_PTR(&wg_netif_ask_obj) },
    { MP_ROM_QSTR(MP_QSTR_answer), MP_ROM_PTR(&wg_netif_answer_obj) },
    { MP_ROM_QSTR(MP_QSTR_event), MP_ROM_PTR(&wg_netif_event_obj) },
    { MP_ROM_QSTR(MP_QSTR_stats), MP_ROM_PTR(&wg_netif_stats_obj) },
    { MP_ROM_QSTR(MP_QSTR_session), MP_ROM_PTR(&wg_netif_session_obj) },
    { MP_ROM_QSTR(MP_QSTR_counters), MP_ROM_PTR(&wg_netif_counters_obj) },
};
static MP_DEFINE_CONST_DICT(netif_locals, netif_locals_table);

MP_DEFINE_CONST_OBJ_TYPE(wg_netif_type, MP_QSTR_Netif, MP_TYPE_FLAG_NONE,
    make_new, netif_make_new, locals_dict, &netif_locals);
