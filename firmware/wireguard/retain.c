// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors

#include <string.h>

#include "crypto/blake2s.h"
#include "crypto/memory.h"
#include "retain.h"

// Memory that a brown-out has touched must not come back with an older counter.
static void check_of(const wg_retained_t *r, uint8_t check[WG_KEY_LEN]) {
    static const uint8_t label[] = "wireguard: a session asleep";
    wg_blake2s(check, WG_KEY_LEN, label, sizeof(label), (const uint8_t *)r,
        offsetof(wg_retained_t, check));
}

void wg_retain_keep(wg_retained_t *r, wg_keypair_t *k, const uint8_t id[WG_KEY_LEN],
    const uint8_t endpoint[WG_RETAIN_ENDPOINT_LEN], uint32_t now_ms, uint64_t clock_ms) {
    memset(r, 0, sizeof(*r));
    memcpy(&r->keypair, k, sizeof(*k));
    r->keypair.bucket_next = NULL;
    r->age_ms = now_ms - k->created_ms;
    r->clock_ms = clock_ms;
    memcpy(r->id, id, sizeof(r->id));
    memcpy(r->endpoint, endpoint, sizeof(r->endpoint));
    check_of(r, r->check);
    wg_keypair_wipe(k);
}

// The clock of a sleeping chip may be some per cent slow: an eighth on top of what it says.
static bool age_of(const wg_retained_t *r, uint64_t clock_ms, uint32_t *age_ms) {
    if (clock_ms < r->clock_ms || clock_ms - r->clock_ms >= WG_REJECT_AFTER_TIME) {
        return false;
    }
    uint32_t slept = (uint32_t)(clock_ms - r->clock_ms);
    *age_ms = r->age_ms + slept + slept / 8;
    return r->age_ms < WG_REJECT_AFTER_TIME && *age_ms < WG_REJECT_AFTER_TIME;
}

bool wg_retain_take(wg_retained_t *r, wg_keypair_t *k, const uint8_t id[WG_KEY_LEN],
    uint8_t endpoint[WG_RETAIN_ENDPOINT_LEN], uint32_t now_ms, uint64_t clock_ms) {
    uint8_t check[WG_KEY_LEN];
    uint32_t age_ms;
    check_of(r, check);
    bool usable = wg_equal(check, r->check, sizeof(check)) && !r->keypair.expired
        && age_of(r, clock_ms, &age_ms);
    if (usable && !wg_equal(id, r->id, sizeof(r->id))) {
        return false;
    }
    if (usable) {
        memcpy(k, &r->keypair, sizeof(*k));
        k->created_ms = now_ms - age_ms;
        memcpy(endpoint, r->endpoint, sizeof(r->endpoint));
    }
    wg_wipe(r, sizeof(*r));
    return usable;
}
