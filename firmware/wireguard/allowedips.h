// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors

// AllowedIPs: which peer an address belongs to, by longest prefix (whitepaper section 2).
//
// Built once for each change, then never modified: the prefixes of a family become sorted, disjoint
// ranges, so a look-up is one binary search over one array and a new table replaces the old by a
// pointer. Building is O(n log n) with one allocation.
#ifndef WG_ALLOWEDIPS_H
#define WG_ALLOWEDIPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "crypto/cold.h"

#define WG_NO_PEER 0xff

typedef struct wg_prefix {
    uint8_t addr[16];  // network order; an IPv4 address fills the first four bytes
    uint8_t len;       // 0..32 or 0..128
    uint8_t slot;      // the peer, below WG_NO_PEER
    bool v6;
} wg_prefix_t;

typedef struct wg_route {
    uint8_t slot;  // WG_NO_PEER: no peer has this address
    uint8_t len;   // length of the prefix that matched
} wg_route_t;

typedef struct wg_allowedips wg_allowedips_t;

// Sorts `prefixes` in place, no two of which may be equal. Host bits are cleared. NULL: out of memory.
// Free with wg_allowedips_free.
WG_COLD wg_allowedips_t *wg_allowedips_build(wg_prefix_t *prefixes, size_t count);
void wg_allowedips_free(wg_allowedips_t *table);

// Addresses in network order. A NULL table has no peers.
wg_route_t wg_allowedips_lookup4(const wg_allowedips_t *table, const uint8_t addr[4]);
wg_route_t wg_allowedips_lookup6(const wg_allowedips_t *table, const uint8_t addr[16]);

// Same network, length and family?
WG_COLD bool wg_prefix_equal(const wg_prefix_t *a, const wg_prefix_t *b);
WG_COLD void wg_prefix_clear_host_bits(wg_prefix_t *p);

#endif // WG_ALLOWEDIPS_H
