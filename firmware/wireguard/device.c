// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors

#include <stdlib.h>
#include <string.h>

#include "crypto/memory.h"
#include "device.h"

wg_device_t *wg_device_new(const uint8_t public_key[WG_KEY_LEN]) {
    wg_device_t *dev = calloc(1, sizeof(*dev));
    if (dev == NULL) {
        return NULL;
    }
    wg_cookies_init(&dev->cookies, public_key);
    return dev;
}

void wg_device_free(wg_device_t *dev) {
    wg_wipe(dev, sizeof(*dev));
    free(dev);
}

wg_peer_t *wg_peer_add(wg_device_t *dev, wg_peer_t *peer) {
    for (uint8_t slot = 0; slot < WG_PEERS_MAX; slot++) {
        if (dev->peers[slot] == NULL) {
            peer->slot = slot;
            dev->peers[slot] = peer;
            return peer;
        }
    }
    return NULL;
}

static void destroy_keypair(wg_device_t *dev, wg_keypair_t **which) {
    wg_keypair_t *keypair = *which;
    if (keypair == NULL) {
        return;
    }
    *which = NULL;
    for (wg_keypair_t **k = wg_bucket_of(dev, keypair->local_index); *k != NULL; k = &(*k)->bucket_next) {
        if (*k == keypair) {
            *k = keypair->bucket_next;
            break;
        }
    }
    wg_keypair_wipe(keypair);
    free(keypair);
}

static void enter_keypair(wg_device_t *dev, const wg_peer_t *peer, wg_keypair_t *keypair) {
    wg_keypair_t **bucket = wg_bucket_of(dev, keypair->local_index);
    keypair->slot = peer->slot;
    keypair->bucket_next = *bucket;
    *bucket = keypair;
}

void wg_peer_wipe_keys(wg_device_t *dev, wg_peer_t *peer) {
    destroy_keypair(dev, &peer->current);
    destroy_keypair(dev, &peer->previous);
    destroy_keypair(dev, &peer->next);
}

void wg_peer_remove(wg_device_t *dev, wg_peer_t *peer) {
    wg_staged_drop(dev, peer);
    wg_peer_wipe_keys(dev, peer);
    dev->peers[peer->slot] = NULL;
    wg_wipe(peer, sizeof(*peer));
    free(peer);
}

// Kernel noise.c, add_new_keypair(): an initiator may use the new keypair at once. A responder
// waits until the initiator proves that it has it.
void wg_peer_install_keypair(wg_device_t *dev, wg_peer_t *peer, wg_keypair_t *keypair) {
    enter_keypair(dev, peer, keypair);

    uint32_t now = wg_now();
    peer->last_received_ms = now;
    peer->received_any = true;
    peer->rx_bytes += keypair->initiator ? WG_RESPONSE_LEN : WG_INITIATION_LEN;
    wg_timers_any_authenticated_packet_received(&peer->timers, now);

    if (!keypair->initiator) {
        destroy_keypair(dev, &peer->next);
        peer->next = keypair;
        destroy_keypair(dev, &peer->previous);
        return;
    }
    destroy_keypair(dev, &peer->previous);
    if (peer->next != NULL) {
        // The unconfirmed keypair may yet be used by the other side; the current one is older still.
        peer->previous = peer->next;
        peer->next = NULL;
        destroy_keypair(dev, &peer->current);
    } else {
        peer->previous = peer->current;
    }
    peer->current = keypair;
    peer->initiation_open = false;
    peer->sent_lastminute_handshake = false;
    if (peer->staged_count > 0) {
        wg_send_staged();
    } else {
        wg_send_keepalive(dev, peer);  // confirms the session to the responder
    }
}

// A session from before a deep sleep, of a peer that has none. The keepalive tells the other side where
// we are now.
void wg_peer_resume(wg_device_t *dev, wg_peer_t *peer, wg_keypair_t *keypair) {
    wg_peer_wipe_keys(dev, peer);
    enter_keypair(dev, peer, keypair);
    peer->current = keypair;
    wg_send_keepalive(dev, peer);
}

// Kernel noise.c, wg_noise_received_with_keypair(): first use of `next` makes it current.
void wg_peer_confirm_next(wg_device_t *dev, wg_peer_t *peer) {
    destroy_keypair(dev, &peer->previous);
    peer->previous = peer->current;
    peer->current = peer->next;
    peer->next = NULL;
    peer->sent_lastminute_handshake = false;
}
