// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors
//
// network.LAN over the second uplink, with what the ESP32's has and a program asks for. There are no
// pins and no PHY to be named: whatever arguments the constructor gets are for a board.

#include "py/runtime.h"
#include "shared/netutils/netutils.h"

#include "lwip/dns.h"
#include "lwip_call.h"
#include "network_lan.h"
#include "network_wlan.h"
#include "uplink_netif.h"

typedef struct {
    mp_obj_base_t base;
    bool active;
} lan_t;

static lan_t lan = {{&network_lan_type}, false};

static mp_obj_t lan_make_new(const mp_obj_type_t *type, size_t n_args, size_t n_kw, const mp_obj_t *args) {
    (void)type, (void)n_args, (void)n_kw, (void)args;
    uplink_netif_init(&lan_netif);
    return MP_OBJ_FROM_PTR(&lan);
}

static mp_obj_t lan_active(size_t n_args, const mp_obj_t *args) {
    (void)args;
    if (n_args > 1) {
        lan.active = mp_obj_is_true(args[1]);
        if (lan.active) {
            uplink_netif_join(&lan_netif);
        } else {
            uplink_netif_leave(&lan_netif);
        }
    }
    return mp_obj_new_bool(lan.active);
}
static MP_DEFINE_CONST_FUN_OBJ_VAR_BETWEEN(lan_active_obj, 1, 2, lan_active);

static bool connected(void) {
    return lan.active && uplink_netif_has_address(&lan_netif);
}

static mp_obj_t lan_isconnected(mp_obj_t self_in) {
    (void)self_in;
    return mp_obj_new_bool(connected());
}
static MP_DEFINE_CONST_FUN_OBJ_1(lan_isconnected_obj, lan_isconnected);

static mp_obj_t lan_status(mp_obj_t self_in) {
    (void)self_in;
    return MP_OBJ_NEW_SMALL_INT(connected() ? STAT_GOT_IP : lan.active ? STAT_CONNECTING : STAT_IDLE);
}
static MP_DEFINE_CONST_FUN_OBJ_1(lan_status_obj, lan_status);

static mp_obj_t format_ip4(const ip4_addr_t *address) {
    return netutils_format_ipv4_addr((uint8_t *)(uintptr_t)address, NETUTILS_BIG);
}

static void get_dns_locked(void *arg) {
    *(ip_addr_t *)arg = *dns_getserver(0);
}

static mp_obj_t lan_ifconfig(mp_obj_t self_in) {
    (void)self_in;
    ip_addr_t dns;
    lwip_call(get_dns_locked, &dns);
    mp_obj_t tuple[4] = {
        format_ip4(netif_ip4_addr(&lan_netif)), format_ip4(netif_ip4_netmask(&lan_netif)),
        format_ip4(netif_ip4_gw(&lan_netif)),
        format_ip4(IP_IS_V4(&dns) ? ip_2_ip4(&dns) : IP4_ADDR_ANY4),
    };
    return mp_obj_new_tuple(4, tuple);
}
static MP_DEFINE_CONST_FUN_OBJ_1(lan_ifconfig_obj, lan_ifconfig);

static mp_obj_t lan_ipconfig(mp_obj_t self_in, mp_obj_t key) {
    (void)self_in;
    switch (mp_obj_str_get_qstr(key)) {
        case MP_QSTR_addr4: {
            mp_obj_t tuple[2] = {
                format_ip4(netif_ip4_addr(&lan_netif)), format_ip4(netif_ip4_netmask(&lan_netif)),
            };
            return mp_obj_new_tuple(2, tuple);
        }
        case MP_QSTR_gw4:
            return format_ip4(netif_ip4_gw(&lan_netif));
        default:
            mp_raise_ValueError(MP_ERROR_TEXT("unexpected key"));
    }
}
static MP_DEFINE_CONST_FUN_OBJ_2(lan_ipconfig_obj, lan_ipconfig);

static const mp_rom_map_elem_t lan_locals_table[] = {
    { MP_ROM_QSTR(MP_QSTR_active), MP_ROM_PTR(&lan_active_obj) },
    { MP_ROM_QSTR(MP_QSTR_isconnected), MP_ROM_PTR(&lan_isconnected_obj) },
    { MP_ROM_QSTR(MP_QSTR_status), MP_ROM_PTR(&lan_status_obj) },
    { MP_ROM_QSTR(MP_QSTR_ifconfig), MP_ROM_PTR(&lan_ifconfig_obj) },
    { MP_ROM_QSTR(MP_QSTR_ipconfig), MP_ROM_PTR(&lan_ipconfig_obj) },
};
static MP_DEFINE_CONST_DICT(lan_locals, lan_locals_table);

MP_DEFINE_CONST_OBJ_TYPE(
    network_lan_type,
    MP_QSTR_LAN,
    MP_TYPE_FLAG_NONE,
    make_new, lan_make_new,
    locals_dict, &lan_locals
    );
