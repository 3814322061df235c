// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors

// The timers that packets drive, one set a peer: whitepaper sections 6.2 and 6.5, kernel timers.c.
//
//  - keepalive: data came in and nothing went out for 10 s: send an empty packet.
//  - new handshake: data went out and nothing came in for 15 s (plus jitter): ask for a handshake.
//  - persistent keepalive: nothing went either way for the configured time: send an empty packet.
//
// The timers that handshakes drive (retry, give-up, zeroing of keys) live with the handshakes, in
// Python: these here must keep running while Python does not.
//
// The clock is milliseconds that may start anywhere and wrap; a deadline lies less than 2^31 ms ahead.
#ifndef WG_TIMERS_H
#define WG_TIMERS_H

#include <stdbool.h>
#include <stdint.h>

#include "crypto/cold.h"

enum {
    WG_TIMER_KEEPALIVE,
    WG_TIMER_NEW_HANDSHAKE,
    WG_TIMER_PERSISTENT_KEEPALIVE,
    WG_TIMER_COUNT,
};

typedef struct wg_timers {
    uint32_t due[WG_TIMER_COUNT];
    uint32_t earliest;              // while one is armed: none is due before
    uint16_t persistent_keepalive;  // seconds, 0 is off
    uint8_t armed;                  // one bit a timer
    bool another_keepalive;         // data came in while the keepalive timer was running
} wg_timers_t;

WG_COLD void wg_timers_set_persistent_keepalive(wg_timers_t *t, uint16_t seconds, uint32_t now);

// Nothing while an answer is awaited already: ask first, and save the jitter.
void wg_timers_data_sent(wg_timers_t *t, uint32_t now, uint32_t jitter_ms);
static inline bool wg_timers_await_answer(const wg_timers_t *t) {
    return t->armed & 1u << WG_TIMER_NEW_HANDSHAKE;
}
void wg_timers_data_received(wg_timers_t *t, uint32_t now);
void wg_timers_any_authenticated_packet_sent(wg_timers_t *t, uint32_t now);
void wg_timers_any_authenticated_packet_received(wg_timers_t *t, uint32_t now);
WG_COLD void wg_timers_give_up(wg_timers_t *t);  // handshakes were given up
WG_COLD void wg_timers_moved(wg_timers_t *t, uint32_t now);  // the network is another, or anew

// Take one timer that is due: its number, or -1 if none is. Call until -1.
WG_COLD int wg_timers_take_due(wg_timers_t *t, uint32_t now);

// Milliseconds until the next timer is due, at most `limit`.
WG_COLD uint32_t wg_timers_next(wg_timers_t *t, uint32_t now, uint32_t limit);

#endif // WG_TIMERS_H
