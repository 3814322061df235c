// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors

#include <stddef.h>

#include "ratelimit.h"

static void fill(wg_bucket_t *bucket, uint32_t now_ms) {
    uint32_t since = now_ms - bucket->updated_ms;
    bucket->spent_ms = since < bucket->spent_ms ? bucket->spent_ms - since : 0;
    bucket->updated_ms = now_ms;
}

bool wg_bucket_take(wg_bucket_t *bucket, uint32_t cost_ms, uint32_t burst, uint32_t now_ms) {
    fill(bucket, now_ms);
    if (bucket->spent_ms + cost_ms > cost_ms * burst) {
        return false;
    }
    bucket->spent_ms += cost_ms;
    return true;
}

bool wg_sources_take(wg_sources_t *sources, uint64_t key, uint32_t cost_ms, uint32_t burst,
    uint32_t now_ms) {
    // A full bucket remembers nothing, so it is as good as a free one.
    wg_bucket_t *found = NULL;
    for (unsigned i = 0; i < WG_SOURCES; i++) {
        wg_bucket_t *bucket = &sources->bucket[i];
        fill(bucket, now_ms);
        if (bucket->spent_ms == 0 ? found == NULL : sources->key[i] == key) {
            found = bucket;
        }
    }
    if (found == NULL) {
        return false;
    }
    sources->key[found - sources->bucket] = key;
    return wg_bucket_take(found, cost_ms, burst, now_ms);
}
