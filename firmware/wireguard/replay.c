// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors

#include "protocol.h"
#include "replay.h"

// (word % WG_REPLAY_WORDS) without a 64-bit division, which 32-bit chips lack.
static uint32_t ring_slot(uint64_t word) {
    uint32_t high = (uint32_t)(word >> 32) % WG_REPLAY_WORDS;
    uint32_t low = (uint32_t)word % WG_REPLAY_WORDS;
    uint32_t high_weight = (uint32_t)((UINT64_C(1) << 32) % WG_REPLAY_WORDS);
    return (high * high_weight + low) % WG_REPLAY_WORDS;
}

bool wg_replay_too_old(const wg_replay_t *r, uint64_t counter) {
    // next <= 2^64 - 2^13 and the window is smaller than 2^13, so this cannot wrap where it counts.
    return counter < r->next && r->next - counter > WG_REPLAY_WINDOW;
}

bool wg_replay_accept(wg_replay_t *r, uint64_t counter) {
    if (counter >= WG_REJECT_AFTER_MESSAGES || wg_replay_too_old(r, counter)) {
        return false;
    }

    uint64_t word = counter / 32;
    uint32_t slot = ring_slot(word);
    if (counter >= r->next) {
        // Words between the newest so far and this one hold bits of a window long past.
        uint64_t newest = r->next == 0 ? 0 : (r->next - 1) / 32;
        uint64_t stale = word - newest;
        if (stale > WG_REPLAY_WORDS) {
            stale = WG_REPLAY_WORDS;
        }
        for (uint32_t s = slot; stale > 0; stale--) {
            r->seen[s] = 0;
            s = s == 0 ? WG_REPLAY_WORDS - 1 : s - 1;
        }
        r->next = counter + 1;
    }

    uint32_t bit = UINT32_C(1) << (counter % 32);
    if (r->seen[slot] & bit) {
        return false;
    }
    r->seen[slot] |= bit;
    return true;
}
