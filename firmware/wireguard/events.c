// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors

// From lwIP's thread towards Python, and the one lwIP timeout behind all of a device's timers.
//
// Events of peers are bits and messages lie in a bounded queue: nothing can overflow. Python is told
// once and then drains until there is nothing left.

#include <stdlib.h>
#include <string.h>

#include "lwip/timeouts.h"

#include "device.h"

// An armed lwIP timeout is never further away than this, so that ages and deadlines are looked at
// long before the clock wraps; and where lwIP's own clock stands still in a light sleep, so that what
// fell due meanwhile is looked at soon after waking.
#if defined(ESP_PLATFORM)
#define TIMEOUT_MAX_MS 1000
#else
#define TIMEOUT_MAX_MS (60 * 60 * 1000)
#endif

// lwIP's timeouts run on time. One that is this late never will: lwIP had no memory for it.
#define TIMEOUT_LOST_MS 1000

// Python left events where they are: remind it.
#define NOTIFY_AGAIN_MS 10

static void notify(wg_device_t *dev) {
    if (!dev->notified) {
        dev->notified = true;
        wg_notify_python();
    }
}

static void notify_again(void *arg) {
    (void)arg;
    wg_notify_python();
}

void wg_notify_later(wg_device_t *dev) {
    sys_untimeout(notify_again, dev);
    sys_timeout(NOTIFY_AGAIN_MS, notify_again, dev);
}

void wg_peer_event(wg_device_t *dev, wg_peer_t *peer, uint8_t event) {
    peer->events |= event;
    notify(dev);
}

// Kernel send.c, wg_packet_send_queued_handshake_initiation(): at most one in REKEY_TIMEOUT.
void wg_want_handshake(wg_device_t *dev, wg_peer_t *peer) {
    uint32_t since = wg_now() - peer->last_initiation_ms;
    if (peer->initiation_sent && since < WG_REKEY_TIMEOUT) {
        return;
    }
    peer->initiation_sent = false;
    wg_peer_event(dev, peer, WG_PEER_WANTS_HANDSHAKE);
}

// `awaited`: the first answer to an initiation, which always has its place, so that as many peers as
// there may be can answer at once. False: it is dropped.
bool wg_message_event(wg_device_t *dev, struct pbuf *p, const wg_endpoint_t *source, bool awaited) {
    uint8_t waiting = awaited ? dev->awaited_count : dev->message_count - dev->awaited_count;
    if (waiting == (awaited ? WG_PEERS_MAX : WG_MESSAGES_MAX)) {
        wg_drop(dev, WG_DROP_MESSAGES_FULL);
        return false;
    }
    wg_message_t *m = malloc(offsetof(wg_message_t, data) + p->tot_len);
    if (m == NULL) {
        wg_drop(dev, WG_DROP_NO_MEMORY);
        return false;
    }
    m->next = NULL;
    m->source = *source;
    m->awaited = awaited;
    m->len = (uint8_t)pbuf_copy_partial(p, m->data, p->tot_len, 0);
    wg_message_t **last = &dev->messages;
    while (*last != NULL) {
        last = &(*last)->next;
    }
    *last = m;
    dev->message_count++;
    dev->awaited_count += awaited;
    notify(dev);
    return true;
}

bool wg_message_take(wg_device_t *dev, wg_message_t *message) {
    wg_message_t *m = dev->messages;
    if (m == NULL) {
        return false;
    }
    dev->messages = m->next;
    dev->message_count--;
    dev->awaited_count -= m->awaited;
    memcpy(message, m, offsetof(wg_message_t, data) + m->len);
    free(m);
    return true;
}

void wg_answer_event(wg_device_t *dev) {
    dev->answered = true;
    notify(dev);
}

static void timer_expired(wg_device_t *dev, wg_peer_t *peer, int timer) {
    if (timer == WG_TIMER_NEW_HANDSHAKE) {
        wg_want_handshake(dev, peer);
    } else {
        wg_send_keepalive(dev, peer);
    }
}

// An age cannot be told any more once the clock has wrapped: note in time which keypairs are dead.
static void note_expired(wg_peer_t *peer, uint32_t now) {
    wg_keypair_t *keypairs[] = { peer->current, peer->previous, peer->next };
    for (size_t i = 0; i < 3; i++) {
        if (keypairs[i] != NULL) {
            (void)wg_keypair_can_send(keypairs[i], now);
        }
    }
}

static WG_COLD void timeout(void *arg) {
    wg_device_t *dev = arg;
    uint32_t now = wg_now();
    dev->timeout_armed = false;
    dev->in_timeout = true;
    if (dev->wake_armed && (int32_t)(now - dev->wake_due_ms) >= 0) {
        dev->wake_armed = false;
        dev->wake_fired = true;
    }
    if (dev->wake_fired || dev->notified) {
        dev->notified = true;
        wg_notify_python();  // also where lwIP had no memory for a reminder
    }
    for (int slot = 0; slot < WG_PEERS_MAX; slot++) {
        wg_peer_t *peer = dev->peers[slot];
        if (peer == NULL) {
            continue;
        }
        note_expired(peer, now);
        int timer;
        while ((timer = wg_timers_take_due(&peer->timers, now)) >= 0) {
            timer_expired(dev, peer, timer);
        }
    }
    dev->in_timeout = false;
    wg_timeout_update(dev);
}

// Does lwIP's timeout come no later than `due`? Then it is left alone: when it finds nothing due, it
// arms the next.
static bool comes_by(const wg_device_t *dev, uint32_t due, uint32_t now) {
    return dev->timeout_armed && (int32_t)(dev->timeout_due_ms - due) <= 0
           && (int32_t)(now - dev->timeout_due_ms) <= TIMEOUT_LOST_MS;
}

static void timeout_within(wg_device_t *dev, uint32_t now, uint32_t next) {
    if (comes_by(dev, now + next, now)) {
        return;
    }
    if (dev->timeout_armed) {
        sys_untimeout(timeout, dev);
    }
    dev->timeout_armed = true;
    dev->timeout_due_ms = now + next;
    sys_timeout(wg_timeout_ms(next), timeout, dev);
}

void wg_timeout_update(wg_device_t *dev) {
    if (dev->in_timeout || !wg_netif_is_open(dev)) {
        return;
    }
    uint32_t now = wg_now();
    uint32_t next = TIMEOUT_MAX_MS;
    if (dev->wake_armed) {
        int32_t left = (int32_t)(dev->wake_due_ms - now);
        next = left < 0 ? 0 : LWIP_MIN(next, (uint32_t)left);
    }
    for (int slot = 0; slot < WG_PEERS_MAX; slot++) {
        if (dev->peers[slot] != NULL) {
            next = wg_timers_next(&dev->peers[slot]->timers, now, next);
        }
    }
    timeout_within(dev, now, next);
}

void wg_timeout_update_peer(wg_device_t *dev, wg_peer_t *peer, uint32_t now) {
    if (peer->timers.armed == 0 || comes_by(dev, peer->timers.earliest, now) || dev->in_timeout) {
        return;
    }
    timeout_within(dev, now, wg_timers_next(&peer->timers, now, TIMEOUT_MAX_MS));
}

void wg_timeout_stop(wg_device_t *dev) {
    sys_untimeout(timeout, dev);
    sys_untimeout(notify_again, dev);
    dev->timeout_armed = false;
    dev->wake_armed = false;
    dev->wake_fired = false;
}
