// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors

// One session kept where a deep sleep does not reach.
//
// It is moved, never copied: what was kept sends no more until it is taken back, and what was taken back
// is kept no more. So no counter can be used twice, whatever happens in between.
//
// Neither lwIP nor MicroPython in here. The keeper's clock is milliseconds that go on while the chip
// sleeps; now_ms is the clock of keypairs.
#ifndef WG_RETAIN_H
#define WG_RETAIN_H

#include <stdbool.h>
#include <stdint.h>

#include "keypair.h"

#define WG_RETAIN_ENDPOINT_LEN 32

typedef struct wg_retained {
    wg_keypair_t keypair;
    uint64_t clock_ms;                          // when it was kept
    uint32_t age_ms;                            // of the keys, then
    uint8_t id[WG_KEY_LEN];                     // whose session it is
    uint8_t endpoint[WG_RETAIN_ENDPOINT_LEN];   // where the peer was, in the caller's own terms
    uint8_t check[WG_KEY_LEN];                  // of all that is above
} wg_retained_t;

// Move the keypair in; `k` is wiped.
void wg_retain_keep(wg_retained_t *r, wg_keypair_t *k, const uint8_t id[WG_KEY_LEN],
    const uint8_t endpoint[WG_RETAIN_ENDPOINT_LEN], uint32_t now_ms, uint64_t clock_ms);

// Move it out. False: it is another's, and stays; or it is too old or not whole, and is gone.
bool wg_retain_take(wg_retained_t *r, wg_keypair_t *k, const uint8_t id[WG_KEY_LEN],
    uint8_t endpoint[WG_RETAIN_ENDPOINT_LEN], uint32_t now_ms, uint64_t clock_ms);

#endif // WG_RETAIN_H
