// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors

#include "protocol.h"
#include "replay.h"

bool wg_replay_too_old(const wg_replay_t *r, uint64_t counter) {
    // next <= 2^64 - 2^13 and the window is smaller than 2^13, so this cannot wrap where it counts.
    return counter < r->next && r->next - counter > WG_REPLAY_WINDOW;
}

bool wg_replay_accept(wg_replay_t *r, uint64_t counter) {
    if (counter >= WG_REJECT_AFTER_MESSAGES || wg_replay_too_old(r, counter)) {
        return false;
    }

    // Words between the newest so far and one ahead of it hold bits of a window long past.
    uint64_t newest = r->next == 0 ? 0 : (r->next - 1) / 32, word = counter / 32;
    for (uint32_t n = 0; newest + n < word && n < WG_REPLAY_WORDS; n++) {
        r->newest = r->newest == WG_REPLAY_WORDS - 1 ? 0 : r->newest + 1;
        r->seen[r->newest] = 0;
    }
    uint32_t place = r->newest;
    if (word < newest) {
        uint32_t behind = (uint32_t)(newest - word);  // within the window
        place = place >= behind ? place - behind : place + WG_REPLAY_WORDS - behind;
    }
    if (counter >= r->next) {
        r->next = counter + 1;
    }

    uint32_t bit = UINT32_C(1) << (counter % 32);
    if (r->seen[place] & bit) {
        return false;
    }
    r->seen[place] |= bit;
    return true;
}
