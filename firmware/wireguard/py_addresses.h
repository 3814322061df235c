// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors

// Addresses and AllowedIPs between Python objects and C. Python's thread only.
#ifndef WG_PY_ADDRESSES_H
#define WG_PY_ADDRESSES_H

#include "lwip/ip_addr.h"
#include "py/obj.h"

#include "allowedips.h"

// All prefixes of a device, and the table built from them. Plain memory, not the Python heap's:
// lwIP's thread reads the table.
typedef struct wg_prefixes {
    wg_prefix_t *items;
    size_t count;
    wg_allowedips_t *table;
} wg_prefixes_t;

// `next`: `old` with the prefixes of `slot` replaced by list [(ip, prefix), ...]; a prefix that
// another slot holds moves. `old` stays as it was. Raises ValueError, MemoryError.
void wg_prefixes_replace(wg_prefixes_t *next, const wg_prefixes_t *old, uint8_t slot, mp_obj_t list);
void wg_prefixes_free(wg_prefixes_t *p);
// [(ip, prefix), ...] of a slot.
mp_obj_t wg_prefixes_of(const wg_prefixes_t *p, uint8_t slot);

void wg_arg_ip(mp_obj_t arg, ip_addr_t *ip);  // numeric str; ValueError
// (ip, prefix length) pair; ValueError
void wg_arg_prefix(mp_obj_t arg, ip_addr_t *ip, uint8_t *prefix_len);
mp_obj_t wg_ip_to_str(const ip_addr_t *ip);

#endif // WG_PY_ADDRESSES_H
