// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors

// Token buckets, as in the kernel's ratelimiter: time is kept instead of tokens. A bucket fills with
// the clock, and what it grants costs a fixed number of milliseconds.
#ifndef WG_RATELIMIT_H
#define WG_RATELIMIT_H

#include <stdbool.h>
#include <stdint.h>

typedef struct wg_bucket {
    uint32_t spent_ms, updated_ms;  // zeroed: full
} wg_bucket_t;

// One every `cost_ms` in the long run, `burst` at once.
bool wg_bucket_take(wg_bucket_t *bucket, uint32_t cost_ms, uint32_t burst, uint32_t now_ms);

// One bucket a source of datagrams. While all are held by sources that were active lately, new ones
// are refused. Zeroed: nobody has been active.
#define WG_SOURCES 16

typedef struct wg_sources {
    uint64_t key[WG_SOURCES];
    wg_bucket_t bucket[WG_SOURCES];
} wg_sources_t;

// `key` tells sources apart.
bool wg_sources_take(wg_sources_t *sources, uint64_t key, uint32_t cost_ms, uint32_t burst,
    uint32_t now_ms);

#endif // WG_RATELIMIT_H
