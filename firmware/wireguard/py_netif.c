// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors

#include <stdlib.h>
#include <string.h>

#include "py/mperrno.h"
#include "py/runtime.h"

#include "crypto/memory.h"
#include "modwireguard.h"
#include "py_netif.h"

#if __has_include("esp_netif.h")
#include "esp_netif.h"
#define START_LWIP() esp_netif_init()  // idempotent
#else
#define START_LWIP()
#endif

// Type and sender index: what handshake.c reads of a message that is sent.
#define WG_MESSAGE_MIN 8

// IPv4 and the IPv6 addresses that lwIP has room for.
#define ADDRESSES_MAX (1 + LWIP_IPV6_NUM_ADDRESSES)

// What a hop carries. Each function uses the fields it needs.
typedef struct {
    struct tcpip_api_call_data base;
    wg_device_t *dev;
    mp_int_t slot;
    union {
        struct {
            wg_address_t addresses[ADDRESSES_MAX];
            size_t count;
            uint16_t mtu, port;
        } open;
        struct {
            const uint8_t *data;
            size_t len;
        } send;
        wg_peer_t *peer;
        wg_peer_t peer_copy;
        wg_allowedips_t *allowedips;
        wg_keypair_t *keypair;
        wg_endpoint_t endpoint;
        uint16_t seconds;
        struct {
            bool armed;
            uint32_t ms;
        } wake;
        struct {
            bool present;
            bool initiator;
            uint32_t age_ms;
            uint64_t send_counter;
        } session;
        const uint8_t *seed;
        uint32_t drops[WG_DROP_COUNT];
    };
} call_t;

static NORETURN void raise_no_such_peer(void) {
    mp_raise_ValueError(MP_ERROR_TEXT("no such peer"));
}

wg_netif_obj_t *wg_netif_self_open(mp_obj_t self_in) {
    wg_netif_obj_t *self = MP_OBJ_TO_PTR(self_in);
    if (self->dev == NULL) {
        mp_raise_OSError(MP_ENOTCONN);
    }
    return self;
}

// Hop with a call about a peer. The functions answer ERR_ARG if there is no such peer.
static err_t call_peer(wg_call_fn_t fn, call_t *call, mp_obj_t self_in, mp_obj_t slot) {
    call->dev = wg_netif_self_open(self_in)->dev;
    call->slot = mp_obj_get_int(slot);
    return wg_call(fn, &call->base);
}

static void call_peer_raise(wg_call_fn_t fn, call_t *call, mp_obj_t self_in, mp_obj_t slot) {
    if (call_peer(fn, call, self_in, slot) != ERR_OK) {
        raise_no_such_peer();
    }
}

static wg_peer_t *peer_of(const call_t *call) {
    return call->slot < 0 || call->slot >= WG_PEERS_MAX ? NULL : call->dev->peers[call->slot];
}

// A function on lwIP's thread about one peer; `call`, `dev` and `peer` are its variables.
#define ON_PEER(name) \
    static void name##_peer(call_t *call, wg_device_t *dev, wg_peer_t *peer); \
    static err_t name(struct tcpip_api_call_data *base) { \
        call_t *call = (call_t *)base; \
        wg_peer_t *peer = peer_of(call); \
        if (peer == NULL) { \
            return ERR_ARG; \
        } \
        name##_peer(call, call->dev, peer); \
        return ERR_OK; \
    } \
    static void name##_peer(call_t *call, wg_device_t *dev, wg_peer_t *peer)

mp_obj_t wg_endpoint_to_tuple(const wg_endpoint_t *endpoint) {
    mp_obj_t pair[2] = { wg_ip_to_str(&endpoint->addr), MP_OBJ_NEW_SMALL_INT(endpoint->port) };
    return mp_obj_new_tuple(2, pair);
}

// (host, port), or None for an unknown endpoint.
static void arg_endpoint(mp_obj_t arg, wg_endpoint_t *endpoint) {
    memset(endpoint, 0, sizeof(*endpoint));
    if (arg == mp_const_none) {
        return;
    }
    mp_obj_t *pair;
    mp_obj_get_array_fixed_n(arg, 2, &pair);
    wg_arg_ip(pair[0], &endpoint->addr);
    mp_int_t port = mp_obj_get_int(pair[1]);
    if (port < 1 || port > 65535) {
        mp_raise_ValueError(MP_ERROR_TEXT("port"));
    }
    endpoint->port = (uint16_t)port;
}

// Netif(public_key, handler)
static mp_obj_t netif_make_new(const mp_obj_type_t *type, size_t n_args, size_t n_kw,
    const mp_obj_t *args) {
    mp_arg_check_num(n_args, n_kw, 2, 2, false);
    const uint8_t *public_key = wg_arg_bytes(args[0], WG_KEY_LEN);
    START_LWIP();
    wg_netif_obj_t *self = mp_obj_malloc_with_finaliser(wg_netif_obj_t, type);
    self->next = NULL;
    self->handler = args[1];
    memset(&self->prefixes, 0, sizeof(self->prefixes));
    self->dev = wg_device_new(public_key);
    if (self->dev == NULL) {
        m_malloc_fail(sizeof(wg_device_t));
    }
    return MP_OBJ_FROM_PTR(self);
}

static void raise_bind_error(err_t err) {
    switch (err) {
        case ERR_OK:
            return;
        case ERR_USE:
            mp_raise_OSError(MP_EADDRINUSE);
        case ERR_ALREADY:
            mp_raise_OSError(MP_EALREADY);
        case ERR_MEM:
            mp_raise_OSError(MP_ENOMEM);
        case ERR_CONN:
            mp_raise_OSError(MP_ENOTCONN);
        default:
            mp_raise_OSError(MP_EINVAL);
    }
}

static err_t do_open(struct tcpip_api_call_data *base) {
    call_t *call = (call_t *)base;
    if (wg_netif_is_open(call->dev)) {
        return ERR_ALREADY;
    }
    return wg_netif_open(call->dev, call->open.addresses, call->open.count, call->open.mtu,
        call->open.port);
}

// open(addresses, mtu, listen_port=0): addresses [(ip, prefix length), ...]; mtu 0: what fits the
// underlay. OSError EADDRINUSE, ENOMEM, EALREADY, EINVAL (more addresses than lwIP has room for).
static mp_obj_t netif_open(size_t n_args, const mp_obj_t *args) {
    wg_netif_obj_t *self = wg_netif_self_open(args[0]);
    call_t call = { .dev = self->dev };
    mp_obj_t *items;
    mp_obj_get_array(args[1], &call.open.count, &items);
    if (call.open.count > ADDRESSES_MAX) {
        mp_raise_OSError(MP_EINVAL);
    }
    for (size_t i = 0; i < call.open.count; i++) {
        wg_address_t *address = &call.open.addresses[i];
        wg_arg_prefix(items[i], &address->addr, &address->prefix_len);
    }
    mp_int_t mtu = mp_obj_get_int(args[2]);
    mp_int_t port = n_args > 3 ? mp_obj_get_int(args[3]) : 0;
    if ((mtu != 0 && mtu < 68) || mtu > 65535 - 128 || port < 0 || port > 65535) {
        mp_raise_OSError(MP_EINVAL);
    }
    call.open.mtu = (uint16_t)mtu;
    call.open.port = (uint16_t)port;
    raise_bind_error(wg_call(do_open, &call.base));
    wg_events_attach(self);
    return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_VAR_BETWEEN(netif_open_obj, 3, 4, netif_open);

static err_t do_close(struct tcpip_api_call_data *base) {
    wg_netif_close(((call_t *)base)->dev);
    return ERR_OK;
}

static err_t do_nothing(struct tcpip_api_call_data *base) {
    (void)base;
    return ERR_OK;
}

// close(): for good; idempotent. Also the finaliser: nothing in lwIP knows of the netif any more.
static mp_obj_t netif_close(mp_obj_t self_in) {
    wg_netif_obj_t *self = MP_OBJ_TO_PTR(self_in);
    if (self->dev == NULL) {
        return mp_const_none;
    }
    call_t call = { .dev = self->dev };
    wg_call(do_close, &call.base);
    // lwIP's poll of what a netif sends to itself is a message that holds the netif's address. Any that
    // was under way comes before this one.
    wg_call(do_nothing, &call.base);
    wg_events_detach(self);
    wg_device_free(self->dev);
    self->dev = NULL;
    wg_prefixes_free(&self->prefixes);
    return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_1(netif_close_obj, netif_close);

static err_t do_rebind(struct tcpip_api_call_data *base) {
    call_t *call = (call_t *)base;
    if (!wg_netif_is_open(call->dev)) {
        return ERR_CONN;
    }
    return wg_netif_rebind(call->dev, call->open.port);
}

// rebind(port=0): speak from another UDP port, 0 for any that is free. Sessions go on: their peers
// hear of it at once. OSError EADDRINUSE, ENOMEM, ENOTCONN; the old port stays then.
static mp_obj_t netif_rebind(size_t n_args, const mp_obj_t *args) {
    call_t call = { .dev = wg_netif_self_open(args[0])->dev };
    mp_int_t port = n_args > 1 ? mp_obj_get_int(args[1]) : 0;
    if (port < 0 || port > 65535) {
        mp_raise_OSError(MP_EINVAL);
    }
    call.open.port = (uint16_t)port;
    raise_bind_error(wg_call(do_rebind, &call.base));
    return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_VAR_BETWEEN(netif_rebind_obj, 1, 2, netif_rebind);

static err_t do_port(struct tcpip_api_call_data *base) {
    call_t *call = (call_t *)base;
    call->open.port = wg_netif_is_open(call->dev) ? call->dev->pcb->local_port : 0;
    return ERR_OK;
}

// port() -> the UDP port the device listens on, 0 while it is not open.
static mp_obj_t netif_port(mp_obj_t self_in) {
    wg_netif_obj_t *self = MP_OBJ_TO_PTR(self_in);
    if (self->dev == NULL) {
        return MP_OBJ_NEW_SMALL_INT(0);
    }
    call_t call = { .dev = self->dev };
    wg_call(do_port, &call.base);
    return MP_OBJ_NEW_SMALL_INT(call.open.port);
}
static MP_DEFINE_CONST_FUN_OBJ_1(netif_port_obj, netif_port);

static err_t do_mtu(struct tcpip_api_call_data *base) {
    call_t *call = (call_t *)base;
    call->open.mtu = call->dev->netif.mtu;
    return ERR_OK;
}

// mtu() -> bytes of the longest packet inside.
static mp_obj_t netif_mtu(mp_obj_t self_in) {
    call_t call = { .dev = wg_netif_self_open(self_in)->dev };
    wg_call(do_mtu, &call.base);
    return MP_OBJ_NEW_SMALL_INT(call.open.mtu);
}
static MP_DEFINE_CONST_FUN_OBJ_1(netif_mtu_obj, netif_mtu);

// active() -> bool: between open() and close().
static mp_obj_t netif_active(mp_obj_t self_in) {
    return mp_obj_new_bool(netif_port(self_in) != MP_OBJ_NEW_SMALL_INT(0));
}
static MP_DEFINE_CONST_FUN_OBJ_1(netif_active_obj, netif_active);

static err_t do_peer_add(struct tcpip_api_call_data *base) {
    call_t *call = (call_t *)base;
    wg_peer_t *peer = wg_peer_add(call->dev, call->peer);
    if (peer == NULL) {
        return ERR_MEM;
    }
    call->slot = peer->slot;
    return ERR_OK;
}

// peer_add() -> slot. OSError ENOMEM: no memory, or WG_PEERS_MAX peers already.
static mp_obj_t netif_peer_add(mp_obj_t self_in) {
    call_t call = { .dev = wg_netif_self_open(self_in)->dev };
    call.peer = calloc(1, sizeof(wg_peer_t));
    if (call.peer == NULL || wg_call(do_peer_add, &call.base) != ERR_OK) {
        free(call.peer);
        mp_raise_OSError(MP_ENOMEM);
    }
    return MP_OBJ_NEW_SMALL_INT(call.slot);
}
static MP_DEFINE_CONST_FUN_OBJ_1(netif_peer_add_obj, netif_peer_add);

ON_PEER(do_peer_exists) {
    (void)call, (void)dev, (void)peer;
}

ON_PEER(do_allowed_ips) {
    (void)peer;
    dev->allowedips = call->allowedips;
}

// Publish a new table; lwIP's thread is done with the old one when the hop returns.
static void replace_allowed_ips(mp_obj_t self_in, mp_obj_t slot, mp_obj_t list) {
    wg_netif_obj_t *self = wg_netif_self_open(self_in);
    call_t call = { 0 };
    call_peer_raise(do_peer_exists, &call, self_in, slot);
    wg_prefixes_t next;
    wg_prefixes_replace(&next, &self->prefixes, (uint8_t)call.slot, list);
    call.allowedips = next.table;
    wg_call(do_allowed_ips, &call.base);
    wg_prefixes_free(&self->prefixes);
    self->prefixes = next;
}

// allowed_ips(slot[, [(ip, prefix length), ...]]): get, or replace as a whole; a prefix that another
// peer has moves here. MemoryError and ValueError leave everything as it was.
static mp_obj_t netif_allowed_ips(size_t n_args, const mp_obj_t *args) {
    if (n_args > 2) {
        replace_allowed_ips(args[0], args[1], args[2]);
        return mp_const_none;
    }
    call_t call = { 0 };
    call_peer_raise(do_peer_exists, &call, args[0], args[1]);
    return wg_prefixes_of(&wg_netif_self_open(args[0])->prefixes, (uint8_t)call.slot);
}
static MP_DEFINE_CONST_FUN_OBJ_VAR_BETWEEN(netif_allowed_ips_obj, 2, 3, netif_allowed_ips);

ON_PEER(do_peer_remove) {
    (void)call;
    wg_peer_remove(dev, peer);
}

// peer_remove(slot)
static mp_obj_t netif_peer_remove(mp_obj_t self_in, mp_obj_t slot) {
    replace_allowed_ips(self_in, slot, mp_const_empty_tuple);
    call_t call = { 0 };
    call_peer_raise(do_peer_remove, &call, self_in, slot);
    return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_2(netif_peer_remove_obj, netif_peer_remove);

ON_PEER(do_endpoint_get) {
    (void)dev;
    call->endpoint = peer->endpoint;
}

ON_PEER(do_endpoint_set) {
    (void)dev;
    peer->endpoint = call->endpoint;
}

// endpoint(slot) -> (host, port) or None; endpoint(slot, (host, port) or None)
static mp_obj_t netif_endpoint(size_t n_args, const mp_obj_t *args) {
    call_t call = { 0 };
    if (n_args > 2) {
        arg_endpoint(args[2], &call.endpoint);
        call_peer_raise(do_endpoint_set, &call, args[0], args[1]);
        return mp_const_none;
    }
    call_peer_raise(do_endpoint_get, &call, args[0], args[1]);
    return call.endpoint.port == 0 ? mp_const_none : wg_endpoint_to_tuple(&call.endpoint);
}
static MP_DEFINE_CONST_FUN_OBJ_VAR_BETWEEN(netif_endpoint_obj, 2, 3, netif_endpoint);

ON_PEER(do_keepalive) {
    wg_timers_set_persistent_keepalive(&peer->timers, call->seconds, wg_now());
    wg_timeout_update(dev);
}

// keepalive(slot, seconds): the persistent keepalive, 0 is off. The first one is sent at once.
static mp_obj_t netif_keepalive(mp_obj_t self_in, mp_obj_t slot, mp_obj_t seconds_in) {
    mp_int_t seconds = mp_obj_get_int(seconds_in);
    if (seconds < 0 || seconds > 65535) {
        mp_raise_ValueError(MP_ERROR_TEXT("seconds"));
    }
    call_t call = { .seconds = (uint16_t)seconds };
    call_peer_raise(do_keepalive, &call, self_in, slot);
    return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_3(netif_keepalive_obj, netif_keepalive);

static struct pbuf *message_pbuf(const uint8_t *data, size_t len) {
    struct pbuf *p = pbuf_alloc(PBUF_TRANSPORT, (u16_t)len, PBUF_RAM);
    if (p != NULL) {
        memcpy(p->payload, data, len);
    }
    return p;
}

// A handshake message to a peer's endpoint; `send_call_t` has both, unlike call_t.
typedef struct {
    call_t call;
    wg_endpoint_t to;  // port 0: the peer's
} send_call_t;

static err_t do_send(struct tcpip_api_call_data *base) {
    send_call_t *send = (send_call_t *)base;
    wg_device_t *dev = send->call.dev;
    wg_peer_t *peer = peer_of(&send->call);
    if (!wg_netif_is_open(dev)) {
        return ERR_CONN;
    }
    if (send->to.port == 0 && peer == NULL) {
        return ERR_ARG;
    }
    struct pbuf *p = message_pbuf(send->call.send.data, send->call.send.len);
    if (p == NULL) {
        wg_drop(dev, WG_DROP_NO_MEMORY);
        return ERR_MEM;
    }
    return send->to.port == 0 ? wg_send_handshake(dev, peer, p) : wg_send_datagram(dev, p, &send->to);
}

// send(slot or (host, port), message) -> bool: a handshake message. False: no endpoint, no way to
// it, or no memory.
static mp_obj_t netif_send(mp_obj_t self_in, mp_obj_t to, mp_obj_t message_in) {
    mp_buffer_info_t message;
    mp_get_buffer_raise(message_in, &message, MP_BUFFER_READ);
    if (message.len < WG_MESSAGE_MIN || message.len > WG_INITIATION_LEN) {
        mp_raise_ValueError(MP_ERROR_TEXT("message"));
    }
    send_call_t send = { .call.dev = wg_netif_self_open(self_in)->dev, .call.slot = -1 };
    send.call.send.data = message.buf;
    send.call.send.len = message.len;
    if (mp_obj_is_int(to)) {
        send.call.slot = mp_obj_get_int(to);
    } else {
        arg_endpoint(to, &send.to);
    }
    err_t err = wg_call(do_send, &send.call.base);
    if (err == ERR_ARG) {
        raise_no_such_peer();
    }
    return mp_obj_new_bool(err == ERR_OK);
}
static MP_DEFINE_CONST_FUN_OBJ_3(netif_send_obj, netif_send);

static err_t do_cookie_seed(struct tcpip_api_call_data *base) {
    call_t *call = (call_t *)base;
    wg_cookies_seed(&call->dev->cookies, call->seed);
    return ERR_OK;
}

// cookie_seed(seed): 32 unpredictable bytes, the caller's to wipe: cookies are made from them. Without,
// initiations are dropped under load and not answered.
static mp_obj_t netif_cookie_seed(mp_obj_t self_in, mp_obj_t seed) {
    call_t call = { .dev = wg_netif_self_open(self_in)->dev };
    call.seed = wg_arg_bytes(seed, WG_KEY_LEN);
    wg_call(do_cookie_seed, &call.base);
    return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_2(netif_cookie_seed_obj, netif_cookie_seed);

ON_PEER(do_keypair) {
    wg_peer_install_keypair(dev, peer, call->keypair);
}

// keypair(slot, local_index, remote_index, send_key, recv_key, initiator): install a session.
static mp_obj_t netif_keypair(size_t n_args, const mp_obj_t *args) {
    (void)n_args;
    wg_netif_obj_t *self = wg_netif_self_open(args[0]);
    uint32_t local_index = (uint32_t)mp_obj_get_int_truncated(args[2]);
    uint32_t remote_index = (uint32_t)mp_obj_get_int_truncated(args[3]);
    const uint8_t *send_key = wg_arg_bytes(args[4], WG_KEY_LEN);
    const uint8_t *recv_key = wg_arg_bytes(args[5], WG_KEY_LEN);
    bool initiator = mp_obj_is_true(args[6]);
    call_t call = { .dev = self->dev, .slot = mp_obj_get_int(args[1]) };
    call.keypair = malloc(sizeof(*call.keypair));
    if (call.keypair == NULL) {
        m_malloc_fail(sizeof(*call.keypair));
    }
    wg_keypair_init(call.keypair, local_index, remote_index, send_key, recv_key, initiator,
        wg_now());
    if (wg_call(do_keypair, &call.base) != ERR_OK) {
        wg_keypair_wipe(call.keypair);
        free(call.keypair);
        raise_no_such_peer();
    }
    return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_VAR_BETWEEN(netif_keypair_obj, 7, 7, netif_keypair);

ON_PEER(do_keys_clear) {
    (void)call;
    wg_peer_wipe_keys(dev, peer);
}

// keys_clear(slot): wipe all keypairs of the peer.
static mp_obj_t netif_keys_clear(mp_obj_t self_in, mp_obj_t slot) {
    call_t call = { 0 };
    call_peer_raise(do_keys_clear, &call, self_in, slot);
    return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_2(netif_keys_clear_obj, netif_keys_clear);

ON_PEER(do_staged_drop) {
    (void)call;
    wg_staged_drop(dev, peer);
    wg_timers_give_up(&peer->timers);
}

// staged_drop(slot): handshakes have been given up; purge what waited for one.
static mp_obj_t netif_staged_drop(mp_obj_t self_in, mp_obj_t slot) {
    call_t call = { 0 };
    call_peer_raise(do_staged_drop, &call, self_in, slot);
    return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_2(netif_staged_drop_obj, netif_staged_drop);

static err_t do_wake(struct tcpip_api_call_data *base) {
    call_t *call = (call_t *)base;
    call->dev->wake_armed = call->wake.armed;
    call->dev->wake_due_ms = wg_now() + call->wake.ms;
    wg_timeout_update(call->dev);
    return ERR_OK;
}

// wake(ms or None): the one EVENT_TICK to come, instead of any asked for before.
static mp_obj_t netif_wake(mp_obj_t self_in, mp_obj_t ms_in) {
    call_t call = { .dev = wg_netif_self_open(self_in)->dev };
    if (ms_in != mp_const_none) {
        mp_int_t ms = mp_obj_get_int(ms_in);
        call.wake.armed = true;
        call.wake.ms = ms < 0 ? 0 : (uint32_t)MIN(ms, 0x3fffffff);
    }
    wg_call(do_wake, &call.base);
    return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_2(netif_wake_obj, netif_wake);

ON_PEER(do_stats) {
    (void)dev;
    // Neither keys nor staged packets leave this thread.
    call->peer_copy.rx_bytes = peer->rx_bytes;
    call->peer_copy.tx_bytes = peer->tx_bytes;
    call->peer_copy.rx_packets = peer->rx_packets;
    call->peer_copy.tx_packets = peer->tx_packets;
    call->peer_copy.received_any = peer->received_any;
    call->peer_copy.sent_any = peer->sent_any;
    uint32_t now = wg_now();
    call->peer_copy.last_received_ms = now - peer->last_received_ms;
    call->peer_copy.last_sent_ms = now - peer->last_sent_ms;
}

// stats(slot) -> (rx_bytes, tx_bytes, rx_packets, tx_packets, last_received_ms, last_sent_ms):
// authenticated ones; the last two are milliseconds ago, or None for never.
static mp_obj_t netif_stats(mp_obj_t self_in, mp_obj_t slot) {
    call_t call = { 0 };
    call_peer_raise(do_stats, &call, self_in, slot);
    const wg_peer_t *peer = &call.peer_copy;
    mp_obj_t items[] = {
        mp_obj_new_int_from_ull(peer->rx_bytes),
        mp_obj_new_int_from_ull(peer->tx_bytes),
        mp_obj_new_int_from_uint(peer->rx_packets),
        mp_obj_new_int_from_uint(peer->tx_packets),
        peer->received_any ? mp_obj_new_int_from_uint(peer->last_received_ms) : mp_const_none,
        peer->sent_any ? mp_obj_new_int_from_uint(peer->last_sent_ms) : mp_const_none,
    };
    return mp_obj_new_tuple(MP_ARRAY_SIZE(items), items);
}
static MP_DEFINE_CONST_FUN_OBJ_2(netif_stats_obj, netif_stats);

ON_PEER(do_session) {
    (void)dev;
    uint32_t now = wg_now();
    wg_keypair_t *current = peer->current;
    call->session.present = current != NULL && wg_keypair_can_send(current, now);
    if (call->session.present) {
        call->session.initiator = current->initiator;
        call->session.age_ms = now - current->created_ms;
        call->session.send_counter = current->send_counter;
    }
}

// session(slot) -> (age_ms, is_initiator, send_counter) of the usable current keypair, or None.
static mp_obj_t netif_session(mp_obj_t self_in, mp_obj_t slot) {
    call_t call = { 0 };
    call_peer_raise(do_session, &call, self_in, slot);
    if (!call.session.present) {
        return mp_const_none;
    }
    mp_obj_t items[] = {
        mp_obj_new_int_from_uint(call.session.age_ms),
        mp_obj_new_bool(call.session.initiator),
        mp_obj_new_int_from_ull(call.session.send_counter),
    };
    return mp_obj_new_tuple(MP_ARRAY_SIZE(items), items);
}
static MP_DEFINE_CONST_FUN_OBJ_2(netif_session_obj, netif_session);

static err_t do_counters(struct tcpip_api_call_data *base) {
    call_t *call = (call_t *)base;
    memcpy(call->drops, call->dev->drops, sizeof(call->drops));
    return ERR_OK;
}

// counters() -> {name: int}: what was dropped, by reason.
static mp_obj_t netif_counters(mp_obj_t self_in) {
    static const qstr names[WG_DROP_COUNT] = {
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
    call_t call = { .dev = wg_netif_self_open(self_in)->dev };
    wg_call(do_counters, &call.base);
    mp_obj_t dict = mp_obj_new_dict(WG_DROP_COUNT);
    for (size_t i = 0; i < WG_DROP_COUNT; i++) {
        mp_obj_dict_store(dict, MP_OBJ_NEW_QSTR(names[i]), mp_obj_new_int_from_uint(call.drops[i]));
    }
    return dict;
}
static MP_DEFINE_CONST_FUN_OBJ_1(netif_counters_obj, netif_counters);

static const mp_rom_map_elem_t netif_locals_table[] = {
    { MP_ROM_QSTR(MP_QSTR_open), MP_ROM_PTR(&netif_open_obj) },
    { MP_ROM_QSTR(MP_QSTR_close), MP_ROM_PTR(&netif_close_obj) },
    { MP_ROM_QSTR(MP_QSTR___del__), MP_ROM_PTR(&netif_close_obj) },
    { MP_ROM_QSTR(MP_QSTR_active), MP_ROM_PTR(&netif_active_obj) },
    { MP_ROM_QSTR(MP_QSTR_rebind), MP_ROM_PTR(&netif_rebind_obj) },
    { MP_ROM_QSTR(MP_QSTR_port), MP_ROM_PTR(&netif_port_obj) },
    { MP_ROM_QSTR(MP_QSTR_mtu), MP_ROM_PTR(&netif_mtu_obj) },
    { MP_ROM_QSTR(MP_QSTR_peer_add), MP_ROM_PTR(&netif_peer_add_obj) },
    { MP_ROM_QSTR(MP_QSTR_peer_remove), MP_ROM_PTR(&netif_peer_remove_obj) },
    { MP_ROM_QSTR(MP_QSTR_allowed_ips), MP_ROM_PTR(&netif_allowed_ips_obj) },
    { MP_ROM_QSTR(MP_QSTR_endpoint), MP_ROM_PTR(&netif_endpoint_obj) },
    { MP_ROM_QSTR(MP_QSTR_keepalive), MP_ROM_PTR(&netif_keepalive_obj) },
    { MP_ROM_QSTR(MP_QSTR_send), MP_ROM_PTR(&netif_send_obj) },
    { MP_ROM_QSTR(MP_QSTR_cookie_seed), MP_ROM_PTR(&netif_cookie_seed_obj) },
    { MP_ROM_QSTR(MP_QSTR_keypair), MP_ROM_PTR(&netif_keypair_obj) },
    { MP_ROM_QSTR(MP_QSTR_keys_clear), MP_ROM_PTR(&netif_keys_clear_obj) },
    { MP_ROM_QSTR(MP_QSTR_staged_drop), MP_ROM_PTR(&netif_staged_drop_obj) },
    { MP_ROM_QSTR(MP_QSTR_suspend), MP_ROM_PTR(&wg_netif_suspend_obj) },
    { MP_ROM_QSTR(MP_QSTR_resume), MP_ROM_PTR(&wg_netif_resume_obj) },
    { MP_ROM_QSTR(MP_QSTR_wake), MP_ROM_PTR(&netif_wake_obj) },
    { MP_ROM_QSTR(MP_QSTR_dns), MP_ROM_PTR(&wg_netif_dns_obj) },
    { MP_ROM_QSTR(MP_QSTR_ask), MP_ROM_PTR(&wg_netif_ask_obj) },
    { MP_ROM_QSTR(MP_QSTR_answer), MP_ROM_PTR(&wg_netif_answer_obj) },
    { MP_ROM_QSTR(MP_QSTR_event), MP_ROM_PTR(&wg_netif_event_obj) },
    { MP_ROM_QSTR(MP_QSTR_stats), MP_ROM_PTR(&netif_stats_obj) },
    { MP_ROM_QSTR(MP_QSTR_session), MP_ROM_PTR(&netif_session_obj) },
    { MP_ROM_QSTR(MP_QSTR_counters), MP_ROM_PTR(&netif_counters_obj) },
};
static MP_DEFINE_CONST_DICT(netif_locals, netif_locals_table);

MP_DEFINE_CONST_OBJ_TYPE(wg_netif_type, MP_QSTR_Netif, MP_TYPE_FLAG_NONE,
    make_new, netif_make_new, locals_dict, &netif_locals);
