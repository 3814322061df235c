// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors

// What Netif tells of its peers and of what it dropped. Neither keys nor staged packets leave lwIP's
// thread.

#include <string.h>

#include "py/runtime.h"

#include "py_netif.h"

typedef struct {
    uint64_t rx_bytes, tx_bytes;
    uint32_t rx_packets, tx_packets;
    uint32_t last_received_ms, last_sent_ms;  // ago
    bool received_any, sent_any;
} stats_t;

static void peer_stats(wg_device_t *dev, wg_peer_t *peer, void *arg) {
    (void)dev;
    uint32_t now = wg_now();
    *(stats_t *)arg = (stats_t) {
        .rx_bytes = peer->rx_bytes, .tx_bytes = peer->tx_bytes,
        .rx_packets = peer->rx_packets, .tx_packets = peer->tx_packets,
        .last_received_ms = now - peer->last_received_ms, .last_sent_ms = now - peer->last_sent_ms,
        .received_any = peer->received_any, .sent_any = peer->sent_any,
    };
}

// stats(slot) -> (rx_bytes, tx_bytes, rx_packets, tx_packets, last_received_ms, last_sent_ms):
// authenticated ones; the last two are milliseconds ago, or None for never.
static mp_obj_t netif_stats(mp_obj_t self_in, mp_obj_t slot) {
    stats_t stats;
    wg_on_peer(self_in, slot, peer_stats, &stats);
    mp_obj_t items[] = {
        mp_obj_new_int_from_ull(stats.rx_bytes),
        mp_obj_new_int_from_ull(stats.tx_bytes),
        mp_obj_new_int_from_uint(stats.rx_packets),
        mp_obj_new_int_from_uint(stats.tx_packets),
        stats.received_any ? mp_obj_new_int_from_uint(stats.last_received_ms) : mp_const_none,
        stats.sent_any ? mp_obj_new_int_from_uint(stats.last_sent_ms) : mp_const_none,
    };
    return mp_obj_new_tuple(MP_ARRAY_SIZE(items), items);
}
MP_DEFINE_CONST_FUN_OBJ_2(wg_netif_stats_obj, netif_stats);

typedef struct {
    bool present, initiator;
    uint32_t age_ms;
    uint64_t send_counter;
} session_t;

static void peer_session(wg_device_t *dev, wg_peer_t *peer, void *arg) {
    (void)dev;
    session_t *session = arg;
    uint32_t now = wg_now();
    session->present = wg_peer_can_send(peer, now);
    if (session->present) {
        session->initiator = peer->current->initiator;
        session->age_ms = now - peer->current->created_ms;
        session->send_counter = peer->current->send_counter;
    }
}

// session(slot) -> (age_ms, is_initiator, send_counter) of the usable current keypair, or None.
static mp_obj_t netif_session(mp_obj_t self_in, mp_obj_t slot) {
    session_t session;
    wg_on_peer(self_in, slot, peer_session, &session);
    if (!session.present) {
        return mp_const_none;
    }
    mp_obj_t items[] = {
        mp_obj_new_int_from_uint(session.age_ms),
        mp_obj_new_bool(session.initiator),
        mp_obj_new_int_from_ull(session.send_counter),
    };
    return mp_obj_new_tuple(MP_ARRAY_SIZE(items), items);
}
MP_DEFINE_CONST_FUN_OBJ_2(wg_netif_session_obj, netif_session);

static err_t do_counters(wg_device_t *dev, void *arg) {
    memcpy(arg, dev->drops, sizeof(dev->drops));
    return ERR_OK;
}

// counters() -> {name: int}: what was dropped, by reason.
static mp_obj_t netif_counters(mp_obj_t self_in) {
    static const qstr_short_t names[WG_DROP_COUNT] = {
        [WG_DROP_MALFORMED] = MP_QSTR_malformed,
        [WG_DROP_UNKNOWN_INDEX] = MP_QSTR_unknown_index,
        [WG_DROP_EXPIRED] = MP_QSTR_expired,
        [WG_DROP_AUTHENTICATION] = MP_QSTR_authentication,
        [WG_DROP_REPLAY] = MP_QSTR_replay,
        [WG_DROP_SOURCE] = MP_QSTR_source,
        [WG_DROP_MAC1] = MP_QSTR_mac1,
        [WG_DROP_NO_COOKIE] = MP_QSTR_no_cookie,
        [WG_DROP_MESSAGES_LIMIT] = MP_QSTR_messages_limit,
        [WG_DROP_MESSAGES_FULL] = MP_QSTR_messages_full,
        [WG_DROP_NESTED] = MP_QSTR_nested,
        [WG_DROP_SPOOFED] = MP_QSTR_spoofed,
        [WG_DROP_NO_PEER] = MP_QSTR_no_peer,
        [WG_DROP_STAGED] = MP_QSTR_staged,
        [WG_DROP_NO_ENDPOINT] = MP_QSTR_no_endpoint,
        [WG_DROP_NO_MEMORY] = MP_QSTR_no_memory,
        [WG_DROP_SEND] = MP_QSTR_send,
    };
    uint32_t drops[WG_DROP_COUNT];
    wg_on_device(self_in, do_counters, drops);
    mp_obj_t dict = mp_obj_new_dict(WG_DROP_COUNT);
    for (size_t i = 0; i < WG_DROP_COUNT; i++) {
        mp_obj_dict_store(dict, MP_OBJ_NEW_QSTR(names[i]), mp_obj_new_int_from_uint(drops[i]));
    }
    return dict;
}
MP_DEFINE_CONST_FUN_OBJ_1(wg_netif_counters_obj, netif_counters);
