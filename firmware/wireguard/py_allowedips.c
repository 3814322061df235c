// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors

// class AllowedIPs: the table of allowedips.h by itself, for tests.

#include <string.h>

#include "lwip/ip_addr.h"
#include "py/runtime.h"

#include "modwireguard.h"
#include "py_addresses.h"

typedef struct {
    mp_obj_base_t base;
    wg_prefixes_t prefixes;
} allowedips_obj_t;

static mp_obj_t allowedips_make_new(const mp_obj_type_t *type, size_t n_args, size_t n_kw,
    const mp_obj_t *args) {
    (void)args;
    mp_arg_check_num(n_args, n_kw, 0, 0, false);
    allowedips_obj_t *self = mp_obj_malloc_with_finaliser(allowedips_obj_t, type);
    memset(&self->prefixes, 0, sizeof(self->prefixes));
    return MP_OBJ_FROM_PTR(self);
}

// set(value, [(ip, prefix), ...]): the prefixes of a value from 0 to 254, as Netif.allowed_ips().
static mp_obj_t allowedips_set(mp_obj_t self_in, mp_obj_t value_in, mp_obj_t list) {
    allowedips_obj_t *self = MP_OBJ_TO_PTR(self_in);
    mp_int_t value = mp_obj_get_int(value_in);
    if (value < 0 || value >= WG_NO_PEER) {
        mp_raise_ValueError(MP_ERROR_TEXT("value"));
    }
    wg_prefixes_t next;
    wg_prefixes_replace(&next, &self->prefixes, (uint8_t)value, list);
    wg_prefixes_free(&self->prefixes);
    self->prefixes = next;
    return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_3(allowedips_set_obj, allowedips_set);

// lookup(ip) -> (value, prefix length) of the longest prefix, or None.
static mp_obj_t allowedips_lookup(mp_obj_t self_in, mp_obj_t ip_in) {
    allowedips_obj_t *self = MP_OBJ_TO_PTR(self_in);
    ip_addr_t ip;
    wg_arg_ip(ip_in, &ip);
    const uint8_t *addr = (const uint8_t *)ip_2_ip4(&ip);
    wg_route_t route = IP_IS_V6(&ip)
        ? wg_allowedips_lookup6(self->prefixes.table, (const uint8_t *)ip_2_ip6(&ip)->addr)
        : wg_allowedips_lookup4(self->prefixes.table, addr);
    if (route.slot == WG_NO_PEER) {
        return mp_const_none;
    }
    mp_obj_t items[2] = { MP_OBJ_NEW_SMALL_INT(route.slot), MP_OBJ_NEW_SMALL_INT(route.len) };
    return mp_obj_new_tuple(2, items);
}
static MP_DEFINE_CONST_FUN_OBJ_2(allowedips_lookup_obj, allowedips_lookup);

static mp_obj_t allowedips_del(mp_obj_t self_in) {
    allowedips_obj_t *self = MP_OBJ_TO_PTR(self_in);
    wg_prefixes_free(&self->prefixes);
    return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_1(allowedips_del_obj, allowedips_del);

static const mp_rom_map_elem_t allowedips_locals_table[] = {
    { MP_ROM_QSTR(MP_QSTR_set), MP_ROM_PTR(&allowedips_set_obj) },
    { MP_ROM_QSTR(MP_QSTR_lookup), MP_ROM_PTR(&allowedips_lookup_obj) },
    { MP_ROM_QSTR(MP_QSTR___del__), MP_ROM_PTR(&allowedips_del_obj) },
};
static MP_DEFINE_CONST_DICT(allowedips_locals, allowedips_locals_table);

MP_DEFINE_CONST_OBJ_TYPE(wg_allowedips_type, MP_QSTR_AllowedIPs, MP_TYPE_FLAG_NONE,
    make_new, allowedips_make_new, locals_dict, &allowedips_locals);
