// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors

// The replay window against a list that forgets nothing.

#include "input.h"
#include "protocol.h"
#include "replay.h"

#define SEEN_MAX 512

static uint64_t seen[SEEN_MAX], greatest;
static unsigned count;

static bool model_too_old(uint64_t counter) {
    return count > 0 && counter <= greatest && greatest - counter >= WG_REPLAY_WINDOW;
}

static bool model_accepts(uint64_t counter) {
    if (counter >= WG_REJECT_AFTER_MESSAGES || model_too_old(counter)) {
        return false;
    }
    for (unsigned i = 0; i < count; i++) {
        if (seen[i] == counter) {
            return false;
        }
    }
    return true;
}

// Near the greatest one, near an edge of the window or of a word, or anywhere.
static uint64_t counter_of(uint64_t next) {
    uint8_t kind = byte();
    int64_t offset = (int8_t)byte();
    switch (kind % 8) {
        case 0:
            return number(8);
        case 1:
            return next - WG_REPLAY_WINDOW + (uint64_t)offset;
        case 2:
            return next + 32 * (uint64_t)offset;
        case 3:
            return next + WG_REPLAY_WINDOW + (uint64_t)offset;
        case 4:
            return WG_REJECT_AFTER_MESSAGES + (uint64_t)offset;
        case 5:
            return number(2);
        case 6:
            return (UINT64_C(1) << (kind >> 3 << 1)) + (uint64_t)offset;
        default:
            return next + (uint64_t)offset;
    }
}

static void fuzz(void) {
    wg_replay_t window = { 0 };
    greatest = count = 0;
    while (more() && count < SEEN_MAX) {
        uint64_t counter = counter_of(window.next);
        // The look before the tag is compared must not refuse what the window would take.
        CHECK(wg_replay_too_old(&window, counter) == model_too_old(counter));
        wg_replay_t before = window;
        bool accepted = wg_replay_accept(&window, counter);
        CHECK(accepted == model_accepts(counter));
        if (accepted) {
            seen[count++] = counter;
            greatest = counter > greatest ? counter : greatest;
        } else {
            CHECK(memcmp(&before, &window, sizeof(window)) == 0);
        }
    }
}
