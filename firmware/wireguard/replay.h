// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors

// Sliding window against replayed counters, RFC 6479 and whitepaper section 5.4.6.
#ifndef WG_REPLAY_H
#define WG_REPLAY_H

#include <stdbool.h>
#include <stdint.h>

// The greatest counter seen and those below it that are told apart.
#define WG_REPLAY_WINDOW 1024
// One word more than the window, so that moving ahead clears whole words only.
#define WG_REPLAY_WORDS (WG_REPLAY_WINDOW / 32 + 1)

typedef struct wg_replay {
    uint64_t next;                   // greatest accepted counter plus one, 0 before the first
    uint32_t seen[WG_REPLAY_WORDS];  // ring of bits, one a counter
    uint32_t newest;                 // place in the ring of the greatest one's word
} wg_replay_t;

// Too old to be judged? Reads only, so it may run before the packet is authenticated.
bool wg_replay_too_old(const wg_replay_t *r, uint64_t counter);

// Accept an authenticated packet's counter once. False: replayed, too old, or past
// REJECT_AFTER_MESSAGES; the window is then unchanged.
bool wg_replay_accept(wg_replay_t *r, uint64_t counter);

#endif // WG_REPLAY_H
