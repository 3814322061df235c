// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors
//
// network.WLAN over the uplink. Any ssid and key connect, or with WG_HOST_WIFI=ssid:key those alone.
// Method for method as on the ESP32; the access point (AP_IF) exists and never has a station.

#include <stdlib.h>
#include <string.h>

#include "py/parsenum.h"
#include "py/runtime.h"
#include "shared/netutils/netutils.h"

#include "lwip/dns.h"
#include "lwip_call.h"
#include "network_wlan.h"
#include "uplink_netif.h"

typedef struct {
    mp_obj_base_t base;
    int id;
    bool active;
    bool connecting; // connect() was called and disconnect() was not
} wlan_t;

static wlan_t wlan_sta = {{&network_wlan_type}, WIFI_IF_STA, false, false};
static wlan_t wlan_ap = {{&network_wlan_type}, WIFI_IF_AP, false, false};

static char ssid[33];
static int refused; // STAT_...: why connect() led nowhere, 0 if it did not
static int reconnects = -1;
static int power_saving;

// ---- joining and leaving

// Whether the only network there is has this name and key: 0, or the reason to refuse.
static int judge(const char *name, const char *key) {
    const char *network = getenv("WG_HOST_WIFI");
    const char *colon = network ? strchr(network, ':') : NULL;
    if (colon == NULL) {
        return 0;
    }
    size_t len = (size_t)(colon - network);
    if (strlen(name) != len || strncmp(name, network, len) != 0) {
        return STAT_NO_AP_FOUND;
    }
    return strcmp(key, colon + 1) == 0 ? 0 : STAT_WRONG_PASSWORD;
}

static mp_obj_t wlan_make_new(const mp_obj_type_t *type, size_t n_args, size_t n_kw, const mp_obj_t *args) {
    mp_arg_check_num(n_args, n_kw, 0, 1, false);
    int id = n_args > 0 ? mp_obj_get_int(args[0]) : WIFI_IF_STA;
    if (id != WIFI_IF_STA && id != WIFI_IF_AP) {
        mp_raise_ValueError(MP_ERROR_TEXT("invalid WLAN interface identifier"));
    }
    uplink_netif_init(&wifi_netif);
    return MP_OBJ_FROM_PTR(id == WIFI_IF_STA ? &wlan_sta : &wlan_ap);
}

static void require_sta(const wlan_t *self) {
    if (self->id != WIFI_IF_STA) {
        mp_raise_msg(&mp_type_OSError, MP_ERROR_TEXT("STA required"));
    }
}

static mp_obj_t wlan_disconnect(mp_obj_t self_in) {
    wlan_t *self = MP_OBJ_TO_PTR(self_in);
    require_sta(self);
    self->connecting = false;
    uplink_netif_leave(&wifi_netif);
    return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_1(wlan_disconnect_obj, wlan_disconnect);

static mp_obj_t wlan_active(size_t n_args, const mp_obj_t *args) {
    wlan_t *self = MP_OBJ_TO_PTR(args[0]);
    if (n_args > 1) {
        bool active = mp_obj_is_true(args[1]);
        if (!active && self->id == WIFI_IF_STA) {
            wlan_disconnect(args[0]);
        }
        self->active = active;
    }
    return mp_obj_new_bool(self->active);
}
static MP_DEFINE_CONST_FUN_OBJ_VAR_BETWEEN(wlan_active_obj, 1, 2, wlan_active);

static mp_obj_t wlan_connect(size_t n_args, const mp_obj_t *pos_args, mp_map_t *kw_args) {
    enum { ARG_ssid, ARG_key, ARG_bssid };
    static const mp_arg_t allowed_args[] = {
        { MP_QSTR_, MP_ARG_OBJ, {.u_obj = mp_const_none} },
        { MP_QSTR_, MP_ARG_OBJ, {.u_obj = mp_const_none} },
        { MP_QSTR_bssid, MP_ARG_KW_ONLY | MP_ARG_OBJ, {.u_obj = mp_const_none} },
    };
    wlan_t *self = MP_OBJ_TO_PTR(pos_args[0]);
    mp_arg_val_t args[MP_ARRAY_SIZE(allowed_args)];
    mp_arg_parse_all(n_args - 1, pos_args + 1, kw_args, MP_ARRAY_SIZE(allowed_args), allowed_args, args);

    if (!wlan_sta.active) {
        mp_raise_msg(&mp_type_OSError, MP_ERROR_TEXT("Wifi Not Started"));
    }
    require_sta(self);
    if (args[ARG_ssid].u_obj != mp_const_none) {
        size_t len;
        const char *name = mp_obj_str_get_data(args[ARG_ssid].u_obj, &len);
        len = MIN(len, sizeof(ssid) - 1);
        memcpy(ssid, name, len);
        ssid[len] = 0;
    }
    self->connecting = true;
    mp_obj_t key = args[ARG_key].u_obj;
    refused = judge(ssid, key == mp_const_none ? "" : mp_obj_str_get_str(key));
    if (refused == 0) {
        uplink_netif_join(&wifi_netif);
    }
    return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_KW(wlan_connect_obj, 1, wlan_connect);

// ---- asking

static bool sta_connected(void) {
    return wlan_sta.connecting && uplink_netif_has_address(&wifi_netif);
}

static mp_obj_t wlan_isconnected(mp_obj_t self_in) {
    wlan_t *self = MP_OBJ_TO_PTR(self_in);
    return mp_obj_new_bool(self->id == WIFI_IF_STA && sta_connected());
}
static MP_DEFINE_CONST_FUN_OBJ_1(wlan_isconnected_obj, wlan_isconnected);

static mp_obj_t wlan_status(size_t n_args, const mp_obj_t *args) {
    wlan_t *self = MP_OBJ_TO_PTR(args[0]);
    if (n_args == 1) {
        if (self->id != WIFI_IF_STA) {
            return mp_const_none;
        }
        return MP_OBJ_NEW_SMALL_INT(sta_connected() ? STAT_GOT_IP
            : !self->connecting ? STAT_IDLE
            : refused ? refused : STAT_CONNECTING);
    }
    switch (mp_obj_str_get_qstr(args[1])) {
        case MP_QSTR_rssi:
            require_sta(self);
            if (!self->connecting) {
                mp_raise_msg(&mp_type_OSError, MP_ERROR_TEXT("Wifi Not Connected"));
            }
            return MP_OBJ_NEW_SMALL_INT(-40);
        case MP_QSTR_stations:
            return mp_obj_new_list(0, NULL);
        default:
            mp_raise_ValueError(MP_ERROR_TEXT("unknown status param"));
    }
}
static MP_DEFINE_CONST_FUN_OBJ_VAR_BETWEEN(wlan_status_obj, 1, 2, wlan_status);

// One network is in sight.
static mp_obj_t wlan_scan(mp_obj_t self_in) {
    (void)self_in;
    if (!wlan_sta.active) {
        mp_raise_msg(&mp_type_OSError, MP_ERROR_TEXT("STA must be active"));
    }
    static const byte bssid[6] = {0x52, 0x55, 0x0a, 0x00, 0x02, 0x02};
    const char *network = getenv("WG_HOST_WIFI");
    const char *name = network ? network : "host";
    mp_obj_t found[6] = {
        mp_obj_new_bytes((const byte *)name, strcspn(name, ":")), mp_obj_new_bytes(bssid, sizeof(bssid)),
        MP_OBJ_NEW_SMALL_INT(6), MP_OBJ_NEW_SMALL_INT(-40), MP_OBJ_NEW_SMALL_INT(3), mp_const_false,
    };
    mp_obj_t tuple = mp_obj_new_tuple(MP_ARRAY_SIZE(found), found);
    return mp_obj_new_list(1, &tuple);
}
static MP_DEFINE_CONST_FUN_OBJ_1(wlan_scan_obj, wlan_scan);

// ---- addresses

static mp_obj_t format_ip4(const ip4_addr_t *address) {
    return netutils_format_ipv4_addr((uint8_t *)(uintptr_t)address, NETUTILS_BIG);
}

static void parse_ip4(mp_obj_t text, ip4_addr_t *address) {
    netutils_parse_ipv4_addr(text, (uint8_t *)address, NETUTILS_BIG);
}

static void get_dns_locked(void *arg) {
    *(ip_addr_t *)arg = *dns_getserver(0);
}

static void set_dns_locked(void *arg) {
    dns_setserver(0, arg);
}

static void prefix_to_mask(int prefix, ip4_addr_t *mask) {
    mask->addr = prefix == 0 ? 0 : lwip_htonl(UINT32_MAX << (32 - prefix));
}

static mp_obj_t wlan_ifconfig(size_t n_args, const mp_obj_t *args) {
    ip_addr_t dns;
    if (n_args == 1) {
        lwip_call(get_dns_locked, &dns);
        mp_obj_t tuple[4] = {
            format_ip4(netif_ip4_addr(&wifi_netif)), format_ip4(netif_ip4_netmask(&wifi_netif)),
            format_ip4(netif_ip4_gw(&wifi_netif)),
            format_ip4(IP_IS_V4(&dns) ? ip_2_ip4(&dns) : IP4_ADDR_ANY4),
        };
        return mp_obj_new_tuple(4, tuple);
    }
    if (mp_obj_is_str(args[1])) {
        if (strcmp(mp_obj_str_get_str(args[1]), "dhcp") != 0) {
            mp_raise_ValueError(MP_ERROR_TEXT("invalid arguments"));
        }
        uplink_netif_dhcp(&wifi_netif, true);
        return mp_const_none;
    }
    mp_obj_t *items;
    mp_obj_get_array_fixed_n(args[1], 4, &items);
    ip4_addr_t address, mask, gateway;
    parse_ip4(items[0], &address);
    if (mp_obj_is_integer(items[1])) {
        prefix_to_mask(mp_obj_get_int(items[1]), &mask);
    } else {
        parse_ip4(items[1], &mask);
    }
    parse_ip4(items[2], &gateway);
    ip_addr_set_zero_ip4(&dns);
    parse_ip4(items[3], ip_2_ip4(&dns));
    uplink_netif_address(&wifi_netif, &address, &mask, &gateway);
    lwip_call(set_dns_locked, &dns);
    return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_VAR_BETWEEN(wlan_ifconfig_obj, 1, 2, wlan_ifconfig);

static mp_obj_t ipconfig_get(mp_obj_t key) {
    switch (mp_obj_str_get_qstr(key)) {
        case MP_QSTR_dhcp4:
            return mp_obj_new_bool(uplink_netif_uses_dhcp(&wifi_netif));
        case MP_QSTR_addr4: {
            mp_obj_t tuple[2] = {
                format_ip4(netif_ip4_addr(&wifi_netif)), format_ip4(netif_ip4_netmask(&wifi_netif)),
            };
            return mp_obj_new_tuple(2, tuple);
        }
        case MP_QSTR_gw4:
            return format_ip4(netif_ip4_gw(&wifi_netif));
        case MP_QSTR_addr6: {
            // Not on the ESP32, whose ipconfig() is silent about IPv6; tests want to know.
            mp_obj_t list = mp_obj_new_list(0, NULL);
            for (int i = 0; i < LWIP_IPV6_NUM_ADDRESSES; i++) {
                if (ip6_addr_isvalid(netif_ip6_addr_state(&wifi_netif, i))) {
                    char text[IP6ADDR_STRLEN_MAX];
                    ip6addr_ntoa_r(netif_ip6_addr(&wifi_netif, i), text, sizeof(text));
                    mp_obj_list_append(list, mp_obj_new_str_from_cstr(text));
                }
            }
            return list;
        }
        default:
            mp_raise_ValueError(MP_ERROR_TEXT("unexpected key"));
    }
}

static void ipconfig_parse_addr4(mp_obj_t value, ip4_addr_t *address, ip4_addr_t *mask) {
    if (!mp_obj_is_str(value)) {
        mp_obj_t *items;
        mp_obj_get_array_fixed_n(value, 2, &items);
        parse_ip4(items[0], address);
        parse_ip4(items[1], mask);
        return;
    }
    const char *text = mp_obj_str_get_str(value);
    const char *slash = strchr(text, '/');
    if (slash == NULL) {
        parse_ip4(value, address);
        return;
    }
    prefix_to_mask(mp_obj_get_int(mp_parse_num_integer(slash + 1, strlen(slash + 1), 10, NULL)), mask);
    parse_ip4(mp_obj_new_str(text, (size_t)(slash - text)), address);
}

static mp_obj_t wlan_ipconfig(size_t n_args, const mp_obj_t *args, mp_map_t *kwargs) {
    if (kwargs->used == 0) {
        if (n_args != 2) {
            mp_raise_TypeError(MP_ERROR_TEXT("must query one param"));
        }
        return ipconfig_get(args[1]);
    }
    if (n_args != 1) {
        mp_raise_TypeError(MP_ERROR_TEXT("can't specify pos and kw args"));
    }
    ip4_addr_t address = *netif_ip4_addr(&wifi_netif);
    ip4_addr_t mask = *netif_ip4_netmask(&wifi_netif);
    ip4_addr_t gateway = *netif_ip4_gw(&wifi_netif);
    bool fixed = false;
    for (size_t i = 0; i < kwargs->alloc; i++) {
        if (!mp_map_slot_is_filled(kwargs, i)) {
            continue;
        }
        mp_obj_t value = kwargs->table[i].value;
        switch (mp_obj_str_get_qstr(kwargs->table[i].key)) {
            case MP_QSTR_dhcp4:
                uplink_netif_dhcp(&wifi_netif, mp_obj_is_true(value));
                break;
            case MP_QSTR_addr4:
                ipconfig_parse_addr4(value, &address, &mask);
                fixed = true;
                break;
            case MP_QSTR_gw4:
                parse_ip4(value, &gateway);
                fixed = true;
                break;
            default:
                mp_raise_ValueError(MP_ERROR_TEXT("unexpected key"));
        }
    }
    if (fixed) {
        uplink_netif_address(&wifi_netif, &address, &mask, &gateway);
    }
    return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_KW(wlan_ipconfig_obj, 1, wlan_ipconfig);

// ---- configuration

static void config_set(qstr key, mp_obj_t value) {
    switch (key) {
        case MP_QSTR_pm:
            power_saving = mp_obj_get_int(value);
            break;
        case MP_QSTR_reconnects:
            reconnects = mp_obj_get_int(value);
            break;
        case MP_QSTR_hostname:
        case MP_QSTR_dhcp_hostname: {
            const char *name = mp_obj_str_get_str(value);
            strncpy(uplink_hostname, name, sizeof(uplink_hostname) - 1);
            break;
        }
        case MP_QSTR_txpower:
        case MP_QSTR_channel:
        case MP_QSTR_ssid:
        case MP_QSTR_key:
        case MP_QSTR_security:
            break; // radio matters
        default:
            mp_raise_ValueError(MP_ERROR_TEXT("unknown config param"));
    }
}

static mp_obj_t config_get(qstr key) {
    switch (key) {
        case MP_QSTR_mac:
            return mp_obj_new_bytes(wifi_netif.hwaddr, wifi_netif.hwaddr_len);
        case MP_QSTR_ssid:
        case MP_QSTR_essid:
            return mp_obj_new_str_from_cstr(ssid);
        case MP_QSTR_channel:
            return MP_OBJ_NEW_SMALL_INT(6);
        case MP_QSTR_txpower:
            return mp_obj_new_float(20);
        case MP_QSTR_pm:
            return MP_OBJ_NEW_SMALL_INT(power_saving);
        case MP_QSTR_reconnects:
            return MP_OBJ_NEW_SMALL_INT(reconnects);
        case MP_QSTR_hostname:
        case MP_QSTR_dhcp_hostname:
            return mp_obj_new_str_from_cstr(uplink_hostname);
        case MP_QSTR_ifname: {
            char name[3] = {wifi_netif.name[0], wifi_netif.name[1], (char)('0' + wifi_netif.num)};
            return mp_obj_new_str(name, sizeof(name));
        }
        default:
            mp_raise_ValueError(MP_ERROR_TEXT("unknown config param"));
    }
}

static mp_obj_t wlan_config(size_t n_args, const mp_obj_t *args, mp_map_t *kwargs) {
    if (kwargs->used == 0) {
        if (n_args != 2) {
            mp_raise_TypeError(MP_ERROR_TEXT("can query only one param"));
        }
        return config_get(mp_obj_str_get_qstr(args[1]));
    }
    if (n_args != 1) {
        mp_raise_TypeError(MP_ERROR_TEXT("can't specify pos and kw args"));
    }
    for (size_t i = 0; i < kwargs->alloc; i++) {
        if (mp_map_slot_is_filled(kwargs, i)) {
            config_set(mp_obj_str_get_qstr(kwargs->table[i].key), kwargs->table[i].value);
        }
    }
    return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_KW(wlan_config_obj, 1, wlan_config);

static const mp_rom_map_elem_t wlan_locals_table[] = {
    { MP_ROM_QSTR(MP_QSTR_active), MP_ROM_PTR(&wlan_active_obj) },
    { MP_ROM_QSTR(MP_QSTR_connect), MP_ROM_PTR(&wlan_connect_obj) },
    { MP_ROM_QSTR(MP_QSTR_disconnect), MP_ROM_PTR(&wlan_disconnect_obj) },
    { MP_ROM_QSTR(MP_QSTR_status), MP_ROM_PTR(&wlan_status_obj) },
    { MP_ROM_QSTR(MP_QSTR_scan), MP_ROM_PTR(&wlan_scan_obj) },
    { MP_ROM_QSTR(MP_QSTR_isconnected), MP_ROM_PTR(&wlan_isconnected_obj) },
    { MP_ROM_QSTR(MP_QSTR_config), MP_ROM_PTR(&wlan_config_obj) },
    { MP_ROM_QSTR(MP_QSTR_ifconfig), MP_ROM_PTR(&wlan_ifconfig_obj) },
    { MP_ROM_QSTR(MP_QSTR_ipconfig), MP_ROM_PTR(&wlan_ipconfig_obj) },

    { MP_ROM_QSTR(MP_QSTR_IF_STA), MP_ROM_INT(WIFI_IF_STA) },
    { MP_ROM_QSTR(MP_QSTR_IF_AP), MP_ROM_INT(WIFI_IF_AP) },
    { MP_ROM_QSTR(MP_QSTR_SEC_OPEN), MP_ROM_INT(0) },
    { MP_ROM_QSTR(MP_QSTR_SEC_WPA2), MP_ROM_INT(3) },
    { MP_ROM_QSTR(MP_QSTR_SEC_WPA3), MP_ROM_INT(6) },
    { MP_ROM_QSTR(MP_QSTR_SEC_WPA2_WPA3), MP_ROM_INT(7) },
    { MP_ROM_QSTR(MP_QSTR_PM_NONE), MP_ROM_INT(0) },
    { MP_ROM_QSTR(MP_QSTR_PM_PERFORMANCE), MP_ROM_INT(1) },
    { MP_ROM_QSTR(MP_QSTR_PM_POWERSAVE), MP_ROM_INT(2) },
};
static MP_DEFINE_CONST_DICT(wlan_locals, wlan_locals_table);

MP_DEFINE_CONST_OBJ_TYPE(
    network_wlan_type,
    MP_QSTR_WLAN,
    MP_TYPE_FLAG_NONE,
    make_new, wlan_make_new,
    locals_dict, &wlan_locals
    );
