// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors

#include <string.h>

#include "protocol.h"
#include "timers.h"

static bool is_armed(const wg_timers_t *t, int timer) {
    return t->armed & 1u << timer;
}

static void arm(wg_timers_t *t, int timer, uint32_t due) {
    if (t->armed == 0 || (int32_t)(due - t->earliest) < 0) {
        t->earliest = due;
    }
    t->armed |= 1u << timer;
    t->due[timer] = due;
}

static void disarm(wg_timers_t *t, int timer) {
    t->armed &= ~(1u << timer);
}

static void any_authenticated_packet_traversal(wg_timers_t *t, uint32_t now) {
    if (t->persistent_keepalive > 0) {
        arm(t, WG_TIMER_PERSISTENT_KEEPALIVE, now + t->persistent_keepalive * UINT32_C(1000));
    }
}

// As `wg set` does on a running interface, a new interval starts with a packet at once.
void wg_timers_set_persistent_keepalive(wg_timers_t *t, uint16_t seconds, uint32_t now) {
    bool was_off = t->persistent_keepalive == 0;
    t->persistent_keepalive = seconds;
    if (seconds == 0) {
        disarm(t, WG_TIMER_PERSISTENT_KEEPALIVE);
    } else if (was_off) {
        arm(t, WG_TIMER_PERSISTENT_KEEPALIVE, now);
    }
}

void wg_timers_data_sent(wg_timers_t *t, uint32_t now, uint32_t jitter_ms) {
    if (!is_armed(t, WG_TIMER_NEW_HANDSHAKE)) {
        arm(t, WG_TIMER_NEW_HANDSHAKE, now + WG_KEEPALIVE_TIMEOUT + WG_REKEY_TIMEOUT + jitter_ms);
    }
}

void wg_timers_data_received(wg_timers_t *t, uint32_t now) {
    if (is_armed(t, WG_TIMER_KEEPALIVE)) {
        t->another_keepalive = true;
    } else {
        arm(t, WG_TIMER_KEEPALIVE, now + WG_KEEPALIVE_TIMEOUT);
    }
}

void wg_timers_any_authenticated_packet_sent(wg_timers_t *t, uint32_t now) {
    disarm(t, WG_TIMER_KEEPALIVE);
    any_authenticated_packet_traversal(t, now);
}

void wg_timers_any_authenticated_packet_received(wg_timers_t *t, uint32_t now) {
    disarm(t, WG_TIMER_NEW_HANDSHAKE);
    any_authenticated_packet_traversal(t, now);
}

void wg_timers_give_up(wg_timers_t *t) {
    disarm(t, WG_TIMER_KEEPALIVE);
}

// Whom keepalives are to reach hears at once where we are now.
void wg_timers_moved(wg_timers_t *t, uint32_t now) {
    if (t->persistent_keepalive > 0) {
        arm(t, WG_TIMER_PERSISTENT_KEEPALIVE, now);
    }
}

int wg_timers_take_due(wg_timers_t *t, uint32_t now) {
    for (int timer = 0; timer < WG_TIMER_COUNT; timer++) {
        if (!is_armed(t, timer) || (int32_t)(now - t->due[timer]) < 0) {
            continue;
        }
        disarm(t, timer);
        if (timer == WG_TIMER_KEEPALIVE && t->another_keepalive) {
            t->another_keepalive = false;
            arm(t, WG_TIMER_KEEPALIVE, now + WG_KEEPALIVE_TIMEOUT);
        }
        if (timer == WG_TIMER_PERSISTENT_KEEPALIVE) {
            // Also where nothing can be sent now: it is what brings a tunnel back when its link is back.
            any_authenticated_packet_traversal(t, now);
        }
        return timer;
    }
    return -1;
}

uint32_t wg_timers_next(wg_timers_t *t, uint32_t now, uint32_t limit) {
    int32_t next = INT32_MAX;
    for (int timer = 0; timer < WG_TIMER_COUNT; timer++) {
        if (is_armed(t, timer)) {
            int32_t left = (int32_t)(t->due[timer] - now);
            next = left < next ? left : next;
        }
    }
    t->earliest = now + (uint32_t)next;
    if (next < 0) {
        return 0;
    }
    return (uint32_t)next < limit ? (uint32_t)next : limit;
}
