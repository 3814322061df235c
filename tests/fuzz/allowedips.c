// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors

// AllowedIPs against the longest of all prefixes that match.

#include "allowedips.h"
#include "input.h"

#define PREFIXES_MAX 24

static bool matches(const wg_prefix_t *p, const uint8_t *addr) {
    unsigned bytes = p->len / 8, bits = p->len % 8;
    return memcmp(p->addr, addr, bytes) == 0
           && (bits == 0 || (p->addr[bytes] ^ addr[bytes]) >> (8 - bits) == 0);
}

static wg_route_t model(const wg_prefix_t *prefixes, size_t count, const uint8_t *addr, bool v6) {
    wg_route_t best = { WG_NO_PEER, 0 };
    for (size_t i = 0; i < count; i++) {
        const wg_prefix_t *p = &prefixes[i];
        if (p->v6 == v6 && matches(p, addr) && (best.slot == WG_NO_PEER || p->len > best.len)) {
            best = (wg_route_t) { p->slot, p->len };
        }
    }
    return best;
}

// Addresses of few distinct bits, so that prefixes nest and touch.
static void address(uint8_t addr[16]) {
    uint8_t kind = byte();
    memset(addr, kind & 1 ? 0xff : 0, 16);
    addr[0] = kind & 2 ? byte() : addr[0];
    addr[kind >> 4] ^= (uint8_t)(1 << (kind >> 1 & 7));
    addr[kind & 4 ? 3 : 15] ^= byte();
}

static void compare(const wg_allowedips_t *table, const wg_prefix_t *prefixes, size_t count,
    const uint8_t addr[16]) {
    wg_route_t four = wg_allowedips_lookup4(table, addr), six = wg_allowedips_lookup6(table, addr);
    wg_route_t four_model = model(prefixes, count, addr, false);
    wg_route_t six_model = model(prefixes, count, addr, true);
    CHECK(four.slot == four_model.slot && four.len == four_model.len);
    CHECK(six.slot == six_model.slot && six.len == six_model.len);
}

// The address one past or one before, which is where ranges go wrong.
static void step(uint8_t addr[16], unsigned len, int by) {
    for (unsigned i = len; i-- > 0;) {
        addr[i] = (uint8_t)(addr[i] + by);
        if (addr[i] != (by > 0 ? 0 : 0xff)) {
            return;
        }
    }
}

static void edges(const wg_allowedips_t *table, const wg_prefix_t *prefixes, size_t count,
    const wg_prefix_t *p) {
    unsigned bytes = p->v6 ? 16 : 4;
    uint8_t first[16], last[16];
    memcpy(first, p->addr, 16);
    memcpy(last, p->addr, 16);
    for (unsigned bit = p->len; bit < 8 * bytes; bit++) {
        last[bit / 8] |= (uint8_t)(0x80 >> bit % 8);
    }
    compare(table, prefixes, count, first);
    compare(table, prefixes, count, last);
    step(first, bytes, -1);
    step(last, bytes, 1);
    compare(table, prefixes, count, first);
    compare(table, prefixes, count, last);
}

static void fuzz(void) {
    wg_prefix_t prefixes[PREFIXES_MAX], sorted[PREFIXES_MAX];
    size_t count = 0, wanted = byte() % (PREFIXES_MAX + 1);
    for (size_t n = 0; n < wanted; n++) {
        wg_prefix_t p = { .slot = byte() % 32, .v6 = byte() & 1 };
        address(p.addr);
        if (!p.v6) {
            memset(p.addr + 4, 0, 12);
        }
        p.len = byte() % (p.v6 ? 129 : 33);
        wg_prefix_clear_host_bits(&p);
        bool known = false;
        for (size_t i = 0; i < count; i++) {
            known |= wg_prefix_equal(&prefixes[i], &p);
        }
        if (!known) {
            prefixes[count++] = p;
        }
    }
    memcpy(sorted, prefixes, sizeof(sorted));
    wg_allowedips_t *table = wg_allowedips_build(sorted, count);
    CHECK(table != NULL);
    for (size_t i = 0; i < count; i++) {
        edges(table, prefixes, count, &prefixes[i]);
    }
    do {
        uint8_t addr[16];
        address(addr);
        compare(table, prefixes, count, addr);
    } while (more());
    wg_allowedips_free(table);
}
