// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors
//
// The network module, with what the ESP32's has and a station can use.

#include <string.h>

#include "py/runtime.h"

#include "lwip/dns.h"
#include "esp_netif.h"
#include "lwip_call.h"
#include "network_lan.h"
#include "network_wlan.h"
#include "uplink_netif.h"

static char network_country[3] = "XX";

static mp_obj_t network_init(void) {
    esp_netif_init();
    return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_0(network_init_obj, network_init);

static mp_obj_t get_or_set(char *value, size_t size, size_t n_args, const mp_obj_t *args) {
    if (n_args == 0) {
        return mp_obj_new_str_from_cstr(value);
    }
    size_t len;
    const char *text = mp_obj_str_get_data(args[0], &len);
    if (len >= size) {
        mp_raise_ValueError(NULL);
    }
    memcpy(value, text, len + 1);
    return mp_const_none;
}

static mp_obj_t network_hostname_fun(size_t n_args, const mp_obj_t *args) {
    return get_or_set(uplink_hostname, sizeof(uplink_hostname), n_args, args);
}
static MP_DEFINE_CONST_FUN_OBJ_VAR_BETWEEN(network_hostname_obj, 0, 1, network_hostname_fun);

static mp_obj_t network_country_fun(size_t n_args, const mp_obj_t *args) {
    return get_or_set(network_country, sizeof(network_country), n_args, args);
}
static MP_DEFINE_CONST_FUN_OBJ_VAR_BETWEEN(network_country_obj, 0, 1, network_country_fun);

static void get_dns_locked(void *arg) {
    *(ip_addr_t *)arg = *dns_getserver(0);
}

static void set_dns_locked(void *arg) {
    dns_setserver(0, arg);
}

static mp_obj_t network_ipconfig(size_t n_args, const mp_obj_t *args, mp_map_t *kwargs) {
    ip_addr_t dns;
    if (kwargs->used == 0) {
        if (n_args != 1) {
            mp_raise_TypeError(MP_ERROR_TEXT("must query one param"));
        }
        if (mp_obj_str_get_qstr(args[0]) != MP_QSTR_dns) {
            mp_raise_ValueError(MP_ERROR_TEXT("unexpected key"));
        }
        char text[IPADDR_STRLEN_MAX];
        lwip_call(get_dns_locked, &dns);
        ipaddr_ntoa_r(&dns, text, sizeof(text));
        return mp_obj_new_str_from_cstr(text);
    }
    if (n_args != 0) {
        mp_raise_TypeError(MP_ERROR_TEXT("can't specify pos and kw args"));
    }
    for (size_t i = 0; i < kwargs->alloc; i++) {
        if (!mp_map_slot_is_filled(kwargs, i)) {
            continue;
        }
        if (mp_obj_str_get_qstr(kwargs->table[i].key) != MP_QSTR_dns) {
            mp_raise_ValueError(MP_ERROR_TEXT("unexpected key"));
        }
        if (!ipaddr_aton(mp_obj_str_get_str(kwargs->table[i].value), &dns)) {
            mp_raise_ValueError(MP_ERROR_TEXT("invalid arguments as dns server"));
        }
        lwip_call(set_dns_locked, &dns);
    }
    return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_KW(network_ipconfig_obj, 0, network_ipconfig);

static const mp_rom_map_elem_t network_globals_table[] = {
    { MP_ROM_QSTR(MP_QSTR___name__), MP_ROM_QSTR(MP_QSTR_network) },
    { MP_ROM_QSTR(MP_QSTR___init__), MP_ROM_PTR(&network_init_obj) },
    { MP_ROM_QSTR(MP_QSTR_WLAN), MP_ROM_PTR(&network_wlan_type) },
    { MP_ROM_QSTR(MP_QSTR_LAN), MP_ROM_PTR(&network_lan_type) },
    { MP_ROM_QSTR(MP_QSTR_hostname), MP_ROM_PTR(&network_hostname_obj) },
    { MP_ROM_QSTR(MP_QSTR_country), MP_ROM_PTR(&network_country_obj) },
    { MP_ROM_QSTR(MP_QSTR_ipconfig), MP_ROM_PTR(&network_ipconfig_obj) },
    { MP_ROM_QSTR(MP_QSTR_STA_IF), MP_ROM_INT(WIFI_IF_STA) },
    { MP_ROM_QSTR(MP_QSTR_AP_IF), MP_ROM_INT(WIFI_IF_AP) },
    { MP_ROM_QSTR(MP_QSTR_STAT_IDLE), MP_ROM_INT(STAT_IDLE) },
    { MP_ROM_QSTR(MP_QSTR_STAT_CONNECTING), MP_ROM_INT(STAT_CONNECTING) },
    { MP_ROM_QSTR(MP_QSTR_STAT_GOT_IP), MP_ROM_INT(STAT_GOT_IP) },
    { MP_ROM_QSTR(MP_QSTR_STAT_NO_AP_FOUND), MP_ROM_INT(STAT_NO_AP_FOUND) },
    { MP_ROM_QSTR(MP_QSTR_STAT_WRONG_PASSWORD), MP_ROM_INT(STAT_WRONG_PASSWORD) },
    { MP_ROM_QSTR(MP_QSTR_STAT_BEACON_TIMEOUT), MP_ROM_INT(STAT_BEACON_TIMEOUT) },
    { MP_ROM_QSTR(MP_QSTR_STAT_ASSOC_FAIL), MP_ROM_INT(STAT_ASSOC_FAIL) },
    { MP_ROM_QSTR(MP_QSTR_STAT_HANDSHAKE_TIMEOUT), MP_ROM_INT(STAT_HANDSHAKE_TIMEOUT) },
};
static MP_DEFINE_CONST_DICT(network_globals, network_globals_table);

const mp_obj_module_t network_module = {
    .base = {&mp_type_module},
    .globals = (mp_obj_dict_t *)&network_globals,
};
MP_REGISTER_MODULE(MP_QSTR_network, network_module);
