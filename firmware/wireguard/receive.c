// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors

// In: datagrams from the underlay. A transport message is decrypted where it lies, in whatever
// pbufs it came (a reassembled one is a chain), and handed to lwIP: no allocation, no copy, but for a
// chain whose first pbuf does not hold what lwIP wants to see at once, or one of very many.
//
// The order is the whitepaper's: keypair, authenticate, replay, and only then endpoint, timers and
// counters; what is inside must come from the peer's AllowedIPs.

#include <string.h>

#include "lwip/ip.h"
#include "lwip/ip6.h"

#include "crypto/chacha20poly1305.h"
#include "crypto/memory.h"
#include "device.h"

// The longest headers that lwIP wants in one piece: those of IPv4 and TCP with all their options. They
// are, but for datagrams in fragments that somebody has cut on purpose, or drivers with small buffers.
// (More pbufs than IP_REASS_MAX_PBUFS would be worse: an IPv6 fragment in so many leaves lwIP 2.2.1 an
// entry without any, which it reads through when its time is up.)
#define HEADERS_MAX 120

static const uint8_t *header_of(const struct pbuf *p, uint8_t copy[WG_TRANSPORT_HEADER_LEN]) {
    if (p->len >= WG_TRANSPORT_HEADER_LEN) {
        return p->payload;
    }
    pbuf_copy_partial(p, copy, WG_TRANSPORT_HEADER_LEN, 0);
    return copy;
}

// As open_in_place(), for a datagram in several pbufs.
static WG_APART bool open_chain(const wg_keypair_t *keypair, struct pbuf *p, uint64_t counter) {
    size_t left = p->tot_len - WG_TRANSPORT_HEADER_LEN - WG_TAG_LEN;
    wg_aead_t aead;
    wg_aead_init(&aead, keypair->recv_key, counter, NULL, 0);
    size_t skip = WG_TRANSPORT_HEADER_LEN;
    for (struct pbuf *s = p; s != NULL && left > 0; s = s->next) {
        if (skip >= s->len) {
            skip -= s->len;
            continue;
        }
        uint8_t *data = (uint8_t *)s->payload + skip;
        size_t len = s->len - skip < left ? s->len - skip : left;
        wg_aead_decrypt(&aead, data, data, len);
        left -= len;
        skip = 0;
    }
    uint8_t tag[WG_TAG_LEN], expected[WG_TAG_LEN];
    pbuf_copy_partial(p, tag, sizeof(tag), p->tot_len - WG_TAG_LEN);
    wg_aead_tag(&aead, expected);
    if (wg_equal(tag, expected, sizeof(tag))) {
        return true;
    }
    for (struct pbuf *s = p; s != NULL; s = s->next) {
        wg_wipe(s->payload, s->len);
    }
    return false;
}

// Decrypt behind the header, in place. False: the tag is wrong and no plaintext is left.
static bool open_in_place(const wg_keypair_t *keypair, struct pbuf *p, uint64_t counter) {
    if (p->next != NULL) {
        return open_chain(keypair, p, counter);
    }
    uint8_t *sealed = (uint8_t *)p->payload + WG_TRANSPORT_HEADER_LEN;
    size_t len = p->tot_len - WG_TRANSPORT_HEADER_LEN;
    return wg_open(sealed, sealed, len, NULL, 0, counter, keypair->recv_key);
}

#if LWIP_IPV6
static const uint8_t ip6_loopback[16] = { [15] = 1 };
#endif

// Length of the IP packet that is at the beginning of `p`, before padding and tag. 0: there is none of a peer
// that may send from its source address, or it is for the loopback interface, which lwIP would take
// from anywhere.
static u16_t packet_len(wg_device_t *dev, const wg_peer_t *peer, const struct pbuf *p) {
    const uint8_t *packet = p->payload;
    uint8_t version = p->len > 0 ? packet[0] >> 4 : 0;
    uint32_t len = 0;
    wg_route_t source = { WG_NO_PEER, 0 };
    if (version == 4 && p->len >= IP_HLEN) {
        len = (uint32_t)packet[2] << 8 | packet[3];
        source = wg_allowedips_lookup4(dev->allowedips, packet + 12);
        if (len < IP_HLEN || packet[16] == IP_LOOPBACKNET) {
            len = 0;
        }
    #if LWIP_IPV6
    } else if (version == 6 && p->len >= IP6_HLEN) {
        len = IP6_HLEN + ((uint32_t)packet[4] << 8 | packet[5]);
        source = wg_allowedips_lookup6(dev->allowedips, packet + 8);
        if (memcmp(packet + 24, ip6_loopback, sizeof(ip6_loopback)) == 0) {
            len = 0;
        }
    #endif
    }
    if (len == 0 || len + WG_TAG_LEN > p->tot_len) {
        wg_drop(dev, WG_DROP_MALFORMED);
        return 0;
    }
    if (source.slot != peer->slot) {
        wg_drop(dev, WG_DROP_SOURCE);
        return 0;
    }
    return (u16_t)len;
}

// The packet inside an open message, with nothing before or behind it. NULL, and `p` is freed: there is
// none for us.
static struct pbuf *unwrap(wg_device_t *dev, const wg_peer_t *peer, struct pbuf *p) {
    if (p->next == NULL) {
        pbuf_remove_header(p, WG_TRANSPORT_HEADER_LEN);
        u16_t len = packet_len(dev, peer, p);
        if (len != 0) {
            p->len = p->tot_len = len;
            return p;
        }
        pbuf_free(p);
        return NULL;
    }
    p = pbuf_free_header(p, WG_TRANSPORT_HEADER_LEN);
    if (p->next != NULL && (p->len < HEADERS_MAX || pbuf_clen(p) > IP_REASS_MAX_PBUFS)) {
        p = pbuf_coalesce(p, PBUF_RAW);
        if (p->next != NULL) {
            wg_drop(dev, WG_DROP_NO_MEMORY);
            pbuf_free(p);
            return NULL;
        }
    }
    u16_t len = packet_len(dev, peer, p);
    if (len != 0) {
        pbuf_realloc(p, len);
        return p;
    }
    pbuf_free(p);
    return NULL;
}

// All that an authenticated, fresh message changes.
static void authenticated(wg_device_t *dev, wg_peer_t *peer, wg_keypair_t *keypair, u16_t len,
    const ip_addr_t *addr, u16_t port, uint32_t now) {
    if (port != peer->endpoint.port || !ip_addr_eq(addr, &peer->endpoint.addr)) {
        peer->endpoint = (wg_endpoint_t) { .addr = *addr, .port = port };
        wg_peer_event(dev, peer, WG_PEER_ENDPOINT);
    }
    peer->rx_bytes += len;
    peer->rx_packets++;
    peer->last_received_ms = now;
    peer->received_any = true;
    wg_timers_any_authenticated_packet_received(&peer->timers, now);
    if (keypair == peer->next) {
        wg_peer_confirm_next(dev, peer);
        wg_peer_event(dev, peer, WG_PEER_SESSION);
        wg_send_staged();
    }
    if (!peer->sent_lastminute_handshake && wg_keypair_stale_for_receiving(keypair, now)
        && keypair == peer->current) {
        peer->sent_lastminute_handshake = true;
        wg_want_handshake(dev, peer);
    }
}

// Decrypt a transport message where it lies. The peer it is of, or NULL if it is refused.
static WG_APART wg_peer_t *open_transport(wg_device_t *dev, struct pbuf *p, const ip_addr_t *addr,
    u16_t port) {
    uint8_t copy[WG_TRANSPORT_HEADER_LEN];
    const uint8_t *header = header_of(p, copy);
    wg_keypair_t *keypair = wg_device_find_keypair(dev, wg_load_le32(header + 4));
    if (keypair == NULL) {
        wg_drop(dev, WG_DROP_UNKNOWN_INDEX);
        return NULL;
    }
    uint32_t now = wg_now();
    if (!wg_keypair_can_receive(keypair, now)) {
        wg_drop(dev, WG_DROP_EXPIRED);
        return NULL;
    }
    uint64_t counter = wg_load_le64(header + 8);
    if (wg_replay_too_old(&keypair->replay, counter)) {
        wg_drop(dev, WG_DROP_REPLAY);
        return NULL;
    }
    if (!open_in_place(keypair, p, counter)) {
        wg_drop(dev, WG_DROP_AUTHENTICATION);
        return NULL;
    }
    if (!wg_replay_accept(&keypair->replay, counter)) {
        wg_drop(dev, WG_DROP_REPLAY);
        return NULL;
    }
    wg_peer_t *peer = dev->peers[keypair->slot];
    authenticated(dev, peer, keypair, p->tot_len, addr, port, now);
    if (p->tot_len > WG_TRANSPORT_OVERHEAD) {
        wg_timers_data_received(&peer->timers, now);
    }
    wg_timeout_update_peer(dev, peer, now);
    return peer;
}

static void receive_transport(wg_device_t *dev, struct pbuf *p, const ip_addr_t *addr, u16_t port) {
    wg_peer_t *peer = open_transport(dev, p, addr, port);
    if (peer == NULL || p->tot_len == WG_TRANSPORT_OVERHEAD) {  // refused, or a keepalive
        pbuf_free(p);
        return;
    }
    p = unwrap(dev, peer, p);
    if (p != NULL && !wg_forward(dev, peer, p)) {
        dev->netif.input(p, &dev->netif);  // ip_input, which takes the pbuf
    }
}

// Length that a message of this type must have, 0 for an unknown type.
static size_t handshake_len(uint32_t type) {
    switch (type) {
        case WG_MESSAGE_INITIATION:
            return WG_INITIATION_LEN;
        case WG_MESSAGE_RESPONSE:
            return WG_RESPONSE_LEN;
        case WG_MESSAGE_COOKIE_REPLY:
            return WG_COOKIE_REPLY_LEN;
        default:
            return 0;
    }
}

void wg_receive(void *arg, struct udp_pcb *pcb, struct pbuf *p, const ip_addr_t *addr, u16_t port) {
    (void)pcb;
    wg_device_t *dev = arg;
    uint8_t copy[WG_TRANSPORT_HEADER_LEN];
    uint32_t type = p->tot_len < WG_TRANSPORT_HEADER_LEN ? 0 : wg_load_le32(header_of(p, copy));

    if (wg_netif_is_tunnel(ip_current_input_netif())) {
        // A peer could otherwise nest datagrams until the stack of this thread is full.
        wg_drop(dev, WG_DROP_NESTED);
    } else if (type == WG_MESSAGE_TRANSPORT && p->tot_len >= WG_TRANSPORT_OVERHEAD) {
        receive_transport(dev, p, addr, port);
        return;
    } else if (handshake_len(type) != 0 && p->tot_len == handshake_len(type)) {
        p = pbuf_coalesce(p, PBUF_RAW);
        if (p->next == NULL) {
            wg_handshake_receive(dev, p, type, &(wg_endpoint_t) { .addr = *addr, .port = port });
        } else {
            wg_drop(dev, WG_DROP_NO_MEMORY);
        }
    } else {
        wg_drop(dev, WG_DROP_MALFORMED);
    }
    pbuf_free(p);
}
