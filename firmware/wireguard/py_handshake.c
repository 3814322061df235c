// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors

// What Python's handshakes ask of Netif: to send their messages, and to use the keys they agree on.

#include <stdlib.h>
#include <string.h>

#include "py/runtime.h"

#include "modwireguard.h"
#include "py_netif.h"

// Type and sender index: what handshake.c reads of a message that is sent.
#define WG_MESSAGE_MIN 8

typedef struct {
    mp_buffer_info_t message;
    mp_int_t slot;     // whose endpoint
    wg_endpoint_t to;  // if its port is not 0
} send_t;

static err_t do_send(wg_device_t *dev, void *arg) {
    const send_t *send = arg;
    wg_peer_t *peer = wg_peer_in(dev, send->slot);
    if (!wg_netif_is_open(dev)) {
        return ERR_CONN;
    }
    if (send->to.port == 0 && peer == NULL) {
        return ERR_ARG;
    }
    struct pbuf *p = pbuf_alloc(PBUF_TRANSPORT, (u16_t)send->message.len, PBUF_RAM);
    if (p == NULL) {
        wg_drop(dev, WG_DROP_NO_MEMORY);
        return ERR_MEM;
    }
    memcpy(p->payload, send->message.buf, send->message.len);
    return send->to.port == 0 ? wg_send_handshake(dev, peer, p) : wg_send_datagram(dev, p, &send->to);
}

// send(slot or (host, port), message) -> bool: a handshake message. False: no endpoint, no way to
// it, or no memory.
static mp_obj_t netif_send(mp_obj_t self_in, mp_obj_t to, mp_obj_t message) {
    send_t send = { .slot = -1 };
    mp_get_buffer_raise(message, &send.message, MP_BUFFER_READ);
    if (send.message.len < WG_MESSAGE_MIN || send.message.len > WG_INITIATION_LEN) {
        mp_raise_ValueError(MP_ERROR_TEXT("message"));
    }
    if (mp_obj_is_int(to)) {
        send.slot = mp_obj_get_int(to);
    } else {
        wg_arg_endpoint(to, &send.to);
    }
    err_t err = wg_on_device(self_in, do_send, &send);
    if (err == ERR_ARG) {
        wg_raise_no_such_peer();
    }
    return mp_obj_new_bool(err == ERR_OK);
}
MP_DEFINE_CONST_FUN_OBJ_3(wg_netif_send_obj, netif_send);

static err_t do_cookie_seed(wg_device_t *dev, void *arg) {
    wg_cookies_seed(&dev->cookies, arg);
    return ERR_OK;
}

// cookie_seed(seed): 32 unpredictable bytes, the caller's to wipe: cookies are made from them. Without,
// initiations are dropped under load and not answered.
static mp_obj_t netif_cookie_seed(mp_obj_t self_in, mp_obj_t seed) {
    wg_on_device(self_in, do_cookie_seed, (void *)wg_arg_bytes(seed, WG_KEY_LEN));
    return mp_const_none;
}
MP_DEFINE_CONST_FUN_OBJ_2(wg_netif_cookie_seed_obj, netif_cookie_seed);

static void install_keypair(wg_device_t *dev, wg_peer_t *peer, void *arg) {
    wg_peer_install_keypair(dev, peer, arg);
}

// keypair(slot, local_index, remote_index, send_key, recv_key, initiator): install a session.
static mp_obj_t netif_keypair(size_t n_args, const mp_obj_t *args) {
    (void)n_args;
    wg_netif_self_open(args[0]);
    uint32_t local_index = (uint32_t)mp_obj_get_int_truncated(args[2]);
    uint32_t remote_index = (uint32_t)mp_obj_get_int_truncated(args[3]);
    const uint8_t *send_key = wg_arg_bytes(args[4], WG_KEY_LEN);
    const uint8_t *recv_key = wg_arg_bytes(args[5], WG_KEY_LEN);
    bool initiator = mp_obj_is_true(args[6]);
    mp_int_t slot = mp_obj_get_int(args[1]);  // the last that may raise
    wg_keypair_t *keypair = malloc(sizeof(*keypair));
    if (keypair == NULL) {
        m_malloc_fail(sizeof(*keypair));
    }
    wg_keypair_init(keypair, local_index, remote_index, send_key, recv_key, initiator, wg_now());
    if (!wg_on_peer_if_any(args[0], slot, install_keypair, keypair)) {
        wg_keypair_wipe(keypair);
        free(keypair);
        wg_raise_no_such_peer();
    }
    return mp_const_none;
}
MP_DEFINE_CONST_FUN_OBJ_VAR_BETWEEN(wg_netif_keypair_obj, 7, 7, netif_keypair);

static void keys_clear(wg_device_t *dev, wg_peer_t *peer, void *arg) {
    (void)arg;
    wg_peer_wipe_keys(dev, peer);
}

// keys_clear(slot): wipe all keypairs of the peer.
static mp_obj_t netif_keys_clear(mp_obj_t self_in, mp_obj_t slot) {
    wg_on_peer(self_in, slot, keys_clear, NULL);
    return mp_const_none;
}
MP_DEFINE_CONST_FUN_OBJ_2(wg_netif_keys_clear_obj, netif_keys_clear);

static void staged_drop(wg_device_t *dev, wg_peer_t *peer, void *arg) {
    (void)arg;
    wg_staged_drop(dev, peer);
    wg_timers_give_up(&peer->timers);
}

// staged_drop(slot): handshakes have been given up; purge what waited for one.
static mp_obj_t netif_staged_drop(mp_obj_t self_in, mp_obj_t slot) {
    wg_on_peer(self_in, slot, staged_drop, NULL);
    return mp_const_none;
}
MP_DEFINE_CONST_FUN_OBJ_2(wg_netif_staged_drop_obj, netif_staged_drop);
