// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors

// The data plane's state. lwIP's thread owns all of it: every function declared here runs there,
// and Python reaches them only through wg_call() (call.h). Nothing here touches a Python object.
#ifndef WG_DEVICE_H
#define WG_DEVICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lwip/ip_addr.h"
#include "lwip/netif.h"
#include "lwip/pbuf.h"
#include "lwip/udp.h"

#include "allowedips.h"
#include "cookie.h"
#include "crypto/cold.h"
#include "keypair.h"
#include "lwip_compat.h"
#include "protocol.h"
#include "ratelimit.h"
#include "timers.h"

#ifndef WG_PEERS_MAX
#define WG_PEERS_MAX 32
#endif
// Packets a peer may hold while its handshake runs; the oldest makes room for a new one.
#ifndef WG_STAGED_MAX
#define WG_STAGED_MAX 8
#endif
// Handshake messages waiting for Python; further ones are dropped. The first answers to initiations come
// on top, one a peer.
#ifndef WG_MESSAGES_MAX
#define WG_MESSAGES_MAX 8
#endif
#define WG_BUCKETS 16

// The stack of lwIP's thread is small, and what lwIP does with a packet needs most of it. So functions
// that hold a cipher's state are functions of their own, which have ended by then and do not lie on top
// of each other.
#define WG_APART __attribute__((noinline))

typedef struct wg_endpoint {
    ip_addr_t addr;
    uint16_t port;  // 0: unknown
} wg_endpoint_t;

// What Python has to hear about a peer. Bits, so that they can neither overflow nor pile up.
enum {
    WG_PEER_WANTS_HANDSHAKE = 1,
    WG_PEER_SESSION = 2,
    WG_PEER_ENDPOINT = 4,
};

typedef struct wg_peer {
    wg_keypair_t *current, *previous, *next;
    struct pbuf *staged[WG_STAGED_MAX];  // oldest first, room for header and tag in place
    wg_endpoint_t endpoint;
    wg_timers_t timers;
    uint64_t rx_bytes, tx_bytes;
    uint32_t rx_packets, tx_packets;
    uint32_t last_received_ms, last_sent_ms, last_initiation_ms;
    uint32_t initiation_index, response_index;  // sender's, of what we sent last
    uint8_t slot;
    uint8_t staged_count;
    uint8_t events;
    bool received_any : 1;
    bool sent_any : 1;
    bool initiation_sent : 1;          // last_initiation_ms holds a time
    bool sent_lastminute_handshake : 1;
    bool initiation_open : 1;          // initiation_index still waits for its response
    bool initiation_answered : 1;      // Python has been handed an answer to it
    bool response_sent : 1;            // response_index holds one
} wg_peer_t;

typedef struct wg_message {
    struct wg_message *next;
    wg_endpoint_t source;
    bool awaited;
    uint8_t len;
    uint8_t data[WG_INITIATION_LEN];
} wg_message_t;

// Why something was dropped. The order is that of the names in py_status.c.
enum {
    WG_DROP_MALFORMED,       // in: wrong length, type, or no IP packet inside
    WG_DROP_UNKNOWN_INDEX,   // in: no keypair or handshake with that receiver index
    WG_DROP_EXPIRED,         // in: keypair too old
    WG_DROP_AUTHENTICATION,  // in: wrong tag
    WG_DROP_REPLAY,          // in: counter seen or too old
    WG_DROP_SOURCE,          // in: inner source not in that peer's AllowedIPs
    WG_DROP_MAC1,            // in: handshake message that is not for us
    WG_DROP_NO_COOKIE,       // in: initiation under load that does not prove its source
    WG_DROP_MESSAGES_LIMIT,  // in: more handshake messages than Python is to be handed
    WG_DROP_MESSAGES_FULL,   // in: handshake message while Python is behind
    WG_DROP_NESTED,          // in: WireGuard datagram from inside a tunnel
    WG_DROP_SPOOFED,         // beside the tunnel: an address that is inside it
    WG_DROP_NO_PEER,         // out: destination in nobody's AllowedIPs
    WG_DROP_STAGED,          // out: staged packet pushed out by newer ones, or purged
    WG_DROP_NO_ENDPOINT,     // out: peer without endpoint, or no way to it
    WG_DROP_NO_MEMORY,       // both: no pbuf
    WG_DROP_SEND,            // out: the underlay refused it
    WG_DROP_COUNT,
};

// A look-up under way: its socket, and the answers that wait for Python.
#define WG_ANSWER_LEN_MAX 512  // RFC 1035, 4.2.1
#define WG_ANSWERS_MAX 2
typedef struct wg_answer {
    uint16_t len;
    uint8_t data[WG_ANSWER_LEN_MAX];
} wg_answer_t;

typedef struct wg_question {
    struct udp_pcb *pcb;
    uint8_t count;
    wg_answer_t answers[WG_ANSWERS_MAX];
} wg_question_t;

typedef struct wg_device {
    struct wg_device *next;
    struct netif netif;
    struct udp_pcb *pcb;
    const wg_allowedips_t *allowedips;  // belongs to Python's side, which swaps it by a hop
    wg_question_t *question;  // NULL: no look-up is under way
    wg_peer_t *peers[WG_PEERS_MAX];
    wg_keypair_t *buckets[WG_BUCKETS];
    wg_cookies_t cookies;
    wg_bucket_t answers, strangers, proven, replies;  // see handshake.c
    wg_sources_t sources;
    uint32_t loaded_ms;
    bool loaded;
    uint32_t wake_due_ms;     // what Python asked for
    uint32_t timeout_due_ms;  // what lwIP was asked for
    bool wake_armed;
    bool wake_fired;
    bool timeout_armed;
    bool in_timeout;
    bool answered;          // there is an answer Python has not been told of
    bool notified;          // Python has been told and has not yet drained its events
    uint8_t message_count, awaited_count;  // all that wait, and those of them that are awaited
    uint32_t drops[WG_DROP_COUNT];
    wg_message_t *messages;                // oldest first
} wg_device_t;

// device.c: life of devices, peers and keypairs
wg_device_t *wg_device_new(const uint8_t public_key[WG_KEY_LEN]);  // any thread
void wg_device_free(wg_device_t *dev);                              // any thread, closed before
wg_peer_t *wg_peer_add(wg_device_t *dev, wg_peer_t *peer);          // takes zeroed memory; NULL: full
void wg_peer_remove(wg_device_t *dev, wg_peer_t *peer);
void wg_peer_wipe_keys(wg_device_t *dev, wg_peer_t *peer);
void wg_peer_install_keypair(wg_device_t *dev, wg_peer_t *peer, wg_keypair_t *keypair);
void wg_peer_resume(wg_device_t *dev, wg_peer_t *peer, wg_keypair_t *keypair);
WG_COLD void wg_peer_confirm_next(wg_device_t *dev, wg_peer_t *peer);
static inline wg_keypair_t **wg_bucket_of(wg_device_t *dev, uint32_t local_index) {
    return &dev->buckets[local_index % WG_BUCKETS];
}
static inline wg_keypair_t *wg_device_find_keypair(wg_device_t *dev, uint32_t local_index) {
    wg_keypair_t *k = *wg_bucket_of(dev, local_index);
    while (k != NULL && k->local_index != local_index) {
        k = k->bucket_next;
    }
    return k;
}
static inline void wg_drop(wg_device_t *dev, int reason) {
    dev->drops[reason]++;
}

// netif.c: the tunnel's netif, its pcb and its routes
typedef struct wg_address {
    ip_addr_t addr;
    uint8_t prefix_len;
} wg_address_t;
err_t wg_netif_open(wg_device_t *dev, const wg_address_t *addresses, size_t count, uint16_t mtu,
    uint16_t listen_port);
void wg_netif_close(wg_device_t *dev);
err_t wg_netif_rebind(wg_device_t *dev, uint16_t port);  // 0: a port that was not in use
static inline bool wg_netif_is_open(const wg_device_t *dev) {
    return dev->pcb != NULL;
}
extern wg_device_t *wg_devices;  // the open ones
static inline bool wg_netif_is_tunnel(const struct netif *netif) {
    for (const wg_device_t *dev = wg_devices; dev != NULL; dev = dev->next) {
        if (netif == &dev->netif) {
            return true;
        }
    }
    return false;
}

// route.c: whose tunnel a packet to `dest` belongs in (NULL: none), and where datagrams leave
wg_device_t *wg_route4(const ip4_addr_t *dest);
#if LWIP_IPV6
wg_device_t *wg_route6(const ip6_addr_t *dest);
#endif
struct netif *wg_underlay_for(const ip_addr_t *endpoint);

// send.c: out
err_t wg_send_ip4(struct netif *netif, struct pbuf *p, const ip4_addr_t *dest);
#if LWIP_IPV6
err_t wg_send_ip6(struct netif *netif, struct pbuf *p, const ip6_addr_t *dest);
#endif
bool wg_peer_can_send(const wg_peer_t *peer, uint32_t now);
WG_COLD void wg_send_staged(void);  // soon, of all peers that have a session
WG_COLD void wg_send_keepalive(wg_device_t *dev, wg_peer_t *peer);
err_t wg_send_datagram(wg_device_t *dev, struct pbuf *p, const wg_endpoint_t *to);
WG_COLD err_t wg_send_handshake(wg_device_t *dev, wg_peer_t *peer, struct pbuf *p);
WG_COLD void wg_staged_drop(wg_device_t *dev, wg_peer_t *peer);

// forward.c: from one peer to another. For IPv6 lwIP has no hook that is asked whether it may; ours is
// LWIP_HOOK_IP6_CANFORWARD(src, dest), like IPv4's: 0 is no. Defined, it will do without lwIP's own.
#if LWIP_IPV6 && (LWIP_IPV6_FORWARD || defined(LWIP_HOOK_IP6_CANFORWARD))
#define WG_FORWARD_IP6 1
#else
#define WG_FORWARD_IP6 0
#endif
#define WG_FORWARD (IP_FORWARD || WG_FORWARD_IP6)
#if WG_FORWARD
// True: `p`, which came in from a peer, was for another one and has been taken.
bool wg_forward(wg_device_t *dev, const wg_peer_t *from, struct pbuf *p);
#else
static inline bool wg_forward(wg_device_t *dev, const wg_peer_t *from, struct pbuf *p) {
    (void)dev, (void)from, (void)p;
    return false;
}
#endif

// receive.c: in
void wg_receive(void *dev, struct udp_pcb *pcb, struct pbuf *p, const ip_addr_t *addr, u16_t port);

// handshake.c: handshake and cookie messages, in one pbuf; and what went out, to know the answers by
WG_COLD void wg_handshake_receive(wg_device_t *dev, struct pbuf *p, uint32_t type,
    const wg_endpoint_t *from);
WG_COLD void wg_handshake_sent(wg_peer_t *peer, const uint8_t *message);

// question.c: to the network's name servers, beside the tunnel
err_t wg_question_send(wg_device_t *dev, uint8_t server_number, struct pbuf *p);  // takes the pbuf
uint16_t wg_question_take_answer(wg_device_t *dev, uint8_t *data);  // its length, 0: none
void wg_question_end(wg_device_t *dev);

// events.c: towards Python, and the one lwIP timeout that drives all timers
WG_COLD void wg_want_handshake(wg_device_t *dev, wg_peer_t *peer);
WG_COLD void wg_peer_event(wg_device_t *dev, wg_peer_t *peer, uint8_t event);
WG_COLD bool wg_message_event(wg_device_t *dev, struct pbuf *p, const wg_endpoint_t *source,
    bool awaited);
// The oldest; false: there is none.
WG_COLD bool wg_message_take(wg_device_t *dev, wg_message_t *message);
WG_COLD void wg_answer_event(wg_device_t *dev);
WG_COLD void wg_timeout_update(wg_device_t *dev);  // any deadline may have changed
void wg_timeout_update_peer(wg_device_t *dev, wg_peer_t *peer, uint32_t now);  // this peer's may have
WG_COLD void wg_timeout_stop(wg_device_t *dev);
WG_COLD void wg_notify_later(wg_device_t *dev);
// Called on lwIP's thread when there is something to drain; the binding schedules Python.
void wg_notify_python(void);

// The device whose netif this is: the netif is embedded, so that netif->state stays unused. (ESP-IDF
// takes the state of a netif that it does not know for its own esp_netif.)
static inline wg_device_t *wg_device_of(const struct netif *netif) {
    return (wg_device_t *)((char *)netif - offsetof(wg_device_t, netif));
}

#endif // WG_DEVICE_H
