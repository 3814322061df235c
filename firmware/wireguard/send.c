// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors

// Out: from the tunnel's netif, sealed, to a peer's endpoint through the underlay.
//
// One pass over the data: it is encrypted from lwIP's pbufs, which may be chained and may be needed
// again for a retransmission and so are only read, into one fresh pbuf.

#include <string.h>

#include "lwip/ip6.h"
#include "lwip/tcpip.h"
#include "lwip/timeouts.h"

#include "crypto/chacha20poly1305.h"
#include "device.h"

err_t wg_send_datagram(wg_device_t *dev, struct pbuf *p, const wg_endpoint_t *to) {
    struct netif *underlay = NULL;
    if (to->port != 0 && wg_netif_is_open(dev)) {
        underlay = wg_underlay_for(&to->addr);
    }
    if (underlay == NULL) {
        wg_drop(dev, WG_DROP_NO_ENDPOINT);
        pbuf_free(p);
        return ERR_RTE;
    }
    err_t err = udp_sendto_if(dev->pcb, p, &to->addr, to->port, underlay);
    pbuf_free(p);
    if (err != ERR_OK) {
        wg_drop(dev, WG_DROP_SEND);
    }
    return err;
}

static void any_authenticated_packet_sent(wg_peer_t *peer, uint32_t now) {
    peer->last_sent_ms = now;
    peer->sent_any = true;
    wg_timers_any_authenticated_packet_sent(&peer->timers, now);
}

// A transport pbuf: header, room for the padded packet, tag.
static struct pbuf *transport_alloc(wg_device_t *dev, size_t len) {
    size_t message = wg_padded_len(len, dev->netif.mtu) + WG_TRANSPORT_OVERHEAD;
    struct pbuf *q = NULL;
    if (message <= UINT16_MAX) {  // an lwIP without fragmentation lets packets past the MTU through
        q = pbuf_alloc(PBUF_TRANSPORT, (u16_t)message, PBUF_RAM);
    }
    if (q == NULL) {
        wg_drop(dev, WG_DROP_NO_MEMORY);
    }
    return q;
}

// Send `q`, whose packet is sealed with this keypair and counter.
static err_t transport_send(wg_device_t *dev, wg_peer_t *peer, struct pbuf *q, bool is_data,
    uint32_t now) {
    u16_t len = q->tot_len;
    err_t err = wg_send_datagram(dev, q, &peer->endpoint);
    if (err == ERR_OK) {
        peer->tx_bytes += len;
        peer->tx_packets++;
        any_authenticated_packet_sent(peer, now);
    }
    if (is_data && !wg_timers_await_answer(&peer->timers)) {
        // Also when the underlay refused it: unanswered is what 15 s of silence are about.
        wg_timers_data_sent(&peer->timers, now, LWIP_RAND() % (WG_REKEY_TIMEOUT_JITTER_MAX + 1));
    }
    if (wg_keypair_stale_for_sending(peer->current, now)) {
        wg_want_handshake(dev, peer);
    }
    wg_timeout_update_peer(dev, peer, now);
    return err;
}

bool wg_peer_can_send(const wg_peer_t *peer, uint32_t now) {
    return peer->current != NULL && wg_keypair_can_send(peer->current, now);
}

static WG_APART void seal_chain(uint8_t *out, const struct pbuf *p, size_t padding, uint64_t counter,
    const uint8_t key[WG_KEY_LEN]) {
    wg_aead_t aead;
    wg_aead_init(&aead, key, counter, NULL, 0);
    for (; p != NULL; p = p->next) {
        wg_aead_encrypt(&aead, out, p->payload, p->len);
        out += p->len;
    }
    memset(out, 0, padding);
    wg_aead_encrypt(&aead, out, out, padding);
    wg_aead_tag(&aead, out + padding);
}

static err_t seal_and_send(wg_device_t *dev, wg_peer_t *peer, const struct pbuf *p, uint32_t now) {
    wg_keypair_t *keypair = peer->current;
    struct pbuf *q = transport_alloc(dev, p->tot_len);
    if (q == NULL) {
        return ERR_MEM;
    }
    uint8_t *out = q->payload;
    uint64_t counter = wg_keypair_next_header(keypair, out);
    size_t padding = (size_t)(q->len - WG_TRANSPORT_OVERHEAD - p->tot_len);
    out += WG_TRANSPORT_HEADER_LEN;
    if (p->next == NULL) {
        wg_seal_padded(out, p->payload, p->len, padding, counter, keypair->send_key);
    } else {
        seal_chain(out, p, padding, counter, keypair->send_key);
    }
    return transport_send(dev, peer, q, true, now);
}

// Send a message whose packet lies behind its header already, padded, and is sealed there.
static void seal_there_and_send(wg_device_t *dev, wg_peer_t *peer, struct pbuf *q, bool is_data,
    uint32_t now) {
    uint8_t *message = q->payload;
    uint8_t *packet = message + WG_TRANSPORT_HEADER_LEN;
    uint64_t counter = wg_keypair_next_header(peer->current, message);
    wg_seal(packet, packet, q->len - WG_TRANSPORT_OVERHEAD, NULL, 0, counter, peer->current->send_key);
    transport_send(dev, peer, q, is_data, now);
}

// The oldest packet that was staged; it is the caller's.
static struct pbuf *take_oldest(wg_peer_t *peer) {
    struct pbuf *q = peer->staged[0];
    peer->staged_count--;
    memmove(&peer->staged[0], &peer->staged[1], peer->staged_count * sizeof(peer->staged[0]));
    return q;
}

// Keep a copy, laid out so that it can be sealed where it lies, until there is a session or, where there
// is one, behind those that still wait: then one goes for one that comes.
static err_t stage(wg_device_t *dev, wg_peer_t *peer, const struct pbuf *p, uint32_t now) {
    struct pbuf *q = transport_alloc(dev, p->tot_len);
    if (q == NULL) {
        return ERR_MEM;
    }
    uint8_t *packet = (uint8_t *)q->payload + WG_TRANSPORT_HEADER_LEN;
    pbuf_copy_partial(p, packet, p->tot_len, 0);
    memset(packet + p->tot_len, 0, q->len - WG_TRANSPORT_OVERHEAD - p->tot_len);
    bool can_send = wg_peer_can_send(peer, now);
    if (can_send) {
        seal_there_and_send(dev, peer, take_oldest(peer), true, now);
        wg_send_staged();
    } else if (peer->staged_count == WG_STAGED_MAX) {
        pbuf_free(take_oldest(peer));
        wg_drop(dev, WG_DROP_STAGED);
    }
    peer->staged[peer->staged_count++] = q;
    if (!can_send) {
        wg_want_handshake(dev, peer);
    }
    return ERR_OK;
}

// What is staged leaves one packet at a time, with whatever else lwIP's thread has to do in between.
static bool send_one_staged(void) {
    uint32_t now = wg_now();
    for (wg_device_t *dev = wg_devices; dev != NULL; dev = dev->next) {
        for (int slot = 0; slot < WG_PEERS_MAX; slot++) {
            wg_peer_t *peer = dev->peers[slot];
            if (peer != NULL && peer->staged_count > 0 && wg_peer_can_send(peer, now)) {
                seal_there_and_send(dev, peer, take_oldest(peer), true, now);
                return true;
            }
        }
    }
    return false;
}

static bool turn_is_due;  // in the queue of lwIP's thread

static void take_turn(void *arg) {
    (void)arg;
    turn_is_due = false;
    if (send_one_staged()) {
        wg_send_staged();
    }
}

void wg_send_staged(void) {
    if (turn_is_due) {
        return;
    }
    sys_untimeout(take_turn, NULL);
    #if !NO_SYS
    turn_is_due = tcpip_try_callback(take_turn, NULL) == ERR_OK;
    #endif
    if (!turn_is_due) {  // lwIP has no thread, or no memory
        sys_timeout(wg_timeout_ms(1), take_turn, NULL);
    }
}

void wg_staged_drop(wg_device_t *dev, wg_peer_t *peer) {
    while (peer->staged_count > 0) {
        pbuf_free(peer->staged[--peer->staged_count]);
        wg_drop(dev, WG_DROP_STAGED);
    }
}

void wg_send_keepalive(wg_device_t *dev, wg_peer_t *peer) {
    uint32_t now = wg_now();
    if (!wg_peer_can_send(peer, now)) {
        wg_want_handshake(dev, peer);
        return;
    }
    struct pbuf *q = transport_alloc(dev, 0);
    if (q == NULL) {
        return;
    }
    seal_there_and_send(dev, peer, q, false, now);
}

static err_t send_packet(wg_device_t *dev, struct pbuf *p, wg_route_t route) {
    if (route.slot == WG_NO_PEER || !wg_netif_is_open(dev)) {
        wg_drop(dev, WG_DROP_NO_PEER);
        return ERR_RTE;
    }
    wg_peer_t *peer = dev->peers[route.slot];
    uint32_t now = wg_now();
    if (peer->staged_count > 0 || !wg_peer_can_send(peer, now)) {
        return stage(dev, peer, p, now);
    }
    return seal_and_send(dev, peer, p, now);
}

err_t wg_send_ip4(struct netif *netif, struct pbuf *p, const ip4_addr_t *dest) {
    wg_device_t *dev = wg_device_of(netif);
    return send_packet(dev, p, wg_allowedips_lookup4(dev->allowedips, (const uint8_t *)&dest->addr));
}

#if LWIP_IPV6
err_t wg_send_ip6(struct netif *netif, struct pbuf *p, const ip6_addr_t *dest) {
    wg_device_t *dev = wg_device_of(netif);
    return send_packet(dev, p, wg_allowedips_lookup6(dev->allowedips, (const uint8_t *)dest->addr));
}
#endif

err_t wg_send_handshake(wg_device_t *dev, wg_peer_t *peer, struct pbuf *p) {
    uint32_t now = wg_now();
    wg_handshake_sent(peer, p->payload);
    if (*(const uint8_t *)p->payload == WG_MESSAGE_INITIATION) {
        peer->initiation_sent = true;
        peer->last_initiation_ms = now;
        peer->events &= ~WG_PEER_WANTS_HANDSHAKE;
    }
    u16_t len = p->tot_len;
    err_t err = wg_send_datagram(dev, p, &peer->endpoint);
    if (err == ERR_OK) {
        peer->tx_bytes += len;
        any_authenticated_packet_sent(peer, now);
        wg_timeout_update_peer(dev, peer, now);
    }
    return err;
}
