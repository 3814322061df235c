// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors

#include <stdlib.h>
#include <string.h>

#include "py/runtime.h"

#include "call.h"
#include "py_addresses.h"

typedef struct {
    struct tcpip_api_call_data base;
    const char *text;
    ip_addr_t *ip;
} parse_call_t;

static err_t do_parse(struct tcpip_api_call_data *base) {
    parse_call_t *call = (parse_call_t *)base;
    return ipaddr_aton(call->text, call->ip) ? ERR_OK : ERR_VAL;
}

void wg_arg_ip(mp_obj_t arg, ip_addr_t *ip) {
    parse_call_t call = { .text = mp_obj_str_get_str(arg), .ip = ip };
    const char *text = call.text;
    memset(ip, 0, sizeof(*ip));
    // A zone is the name of a netif: that is for lwIP's thread to look up.
    err_t err = strchr(text, '%') == NULL ? do_parse(&call.base) : wg_call(do_parse, &call.base);
    if (err != ERR_OK) {
        mp_raise_msg_varg(&mp_type_ValueError, MP_ERROR_TEXT("'%s' is not an IP address"), text);
    }
}

void wg_arg_prefix(mp_obj_t arg, ip_addr_t *ip, uint8_t *prefix_len) {
    mp_obj_t *pair;
    mp_obj_get_array_fixed_n(arg, 2, &pair);
    wg_arg_ip(pair[0], ip);
    mp_int_t len = mp_obj_get_int(pair[1]);
    if (len < 0 || len > (IP_IS_V6(ip) ? 128 : 32)) {
        mp_raise_ValueError(MP_ERROR_TEXT("prefix length"));
    }
    *prefix_len = (uint8_t)len;
}

mp_obj_t wg_ip_to_str(const ip_addr_t *ip) {
    char text[IPADDR_STRLEN_MAX];
    ipaddr_ntoa_r(ip, text, sizeof(text));
    return mp_obj_new_str_from_cstr(text);
}

// Bytes of an address, which come first in an ip_addr_t, also where lwIP has no IPv6.
static size_t address_len(bool v6) {
    return LWIP_IPV6 && v6 ? 16 : 4;
}

static void arg_to_prefix(mp_obj_t arg, uint8_t slot, wg_prefix_t *p) {
    ip_addr_t ip;
    memset(p, 0, sizeof(*p));
    wg_arg_prefix(arg, &ip, &p->len);
    p->slot = slot;
    p->v6 = IP_IS_V6(&ip);
    memcpy(p->addr, &ip, address_len(p->v6));
    wg_prefix_clear_host_bits(p);
}

static bool holds(const wg_prefix_t *items, size_t count, const wg_prefix_t *p) {
    for (size_t i = 0; i < count; i++) {
        if (wg_prefix_equal(&items[i], p)) {
            return true;
        }
    }
    return false;
}

void wg_prefixes_replace(wg_prefixes_t *next, const wg_prefixes_t *old, uint8_t slot, mp_obj_t list) {
    size_t n;
    mp_obj_t *elems;
    mp_obj_get_array(list, &n, &elems);
    wg_prefix_t scratch;
    for (size_t i = 0; i < n; i++) {
        arg_to_prefix(elems[i], slot, &scratch);  // raises before anything is allocated
    }

    next->items = malloc((old->count + n + 1) * sizeof(*next->items));
    next->count = 0;
    if (next->items == NULL) {
        m_malloc_fail((old->count + n + 1) * sizeof(*next->items));
    }
    for (size_t i = 0; i < n; i++) {
        arg_to_prefix(elems[i], slot, &scratch);
        if (!holds(next->items, next->count, &scratch)) {
            next->items[next->count++] = scratch;
        }
    }
    size_t own = next->count;
    for (size_t i = 0; i < old->count; i++) {
        if (old->items[i].slot != slot && !holds(next->items, own, &old->items[i])) {
            next->items[next->count++] = old->items[i];
        }
    }
    next->table = wg_allowedips_build(next->items, next->count);
    if (next->table == NULL) {
        free(next->items);
        m_malloc_fail(next->count * sizeof(*next->items));
    }
}

void wg_prefixes_free(wg_prefixes_t *p) {
    wg_allowedips_free(p->table);
    free(p->items);
    memset(p, 0, sizeof(*p));
}

mp_obj_t wg_prefixes_of(const wg_prefixes_t *p, uint8_t slot) {
    mp_obj_t list = mp_obj_new_list(0, NULL);
    for (size_t i = 0; i < p->count; i++) {
        const wg_prefix_t *prefix = &p->items[i];
        if (prefix->slot != slot) {
            continue;
        }
        ip_addr_t ip;
        memset(&ip, 0, sizeof(ip));
        IP_SET_TYPE(&ip, prefix->v6 ? IPADDR_TYPE_V6 : IPADDR_TYPE_V4);
        memcpy(&ip, prefix->addr, address_len(prefix->v6));
        mp_obj_t pair[2] = { wg_ip_to_str(&ip), MP_OBJ_NEW_SMALL_INT(prefix->len) };
        mp_obj_list_append(list, mp_obj_new_tuple(2, pair));
    }
    return list;
}
