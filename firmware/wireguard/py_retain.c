// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors

// Netif.suspend() and Netif.resume(): a session that outlives a deep sleep.

#include <stdlib.h>
#include <string.h>

#include "py/runtime.h"
#if defined(ESP_PLATFORM)
#include "esp_attr.h"
uint64_t esp_rtc_get_time_us(void);  // ESP-IDF's versions have it in different headers
#endif

#include "crypto/memory.h"
#include "modwireguard.h"
#include "py_netif.h"
#include "retain.h"

#if defined(ESP_PLATFORM)
// Memory and clock of the RTC. Any reset but that of a deep sleep clears the one.
#define RETAINED RTC_DATA_ATTR
static uint64_t retained_clock_ms(void) {
    return esp_rtc_get_time_us() / 1000;
}
#else
// The device on the host keeps this section when it sleeps (firmware/unix/rtc.c).
#if defined(__linux__)
#define RETAINED __attribute__((section("rtc_data")))
#else
#define RETAINED
#endif
static uint64_t retained_clock_ms(void) {
    return wg_now();
}
#endif

static RETAINED wg_retained_t retained;

_Static_assert(sizeof(wg_endpoint_t) <= WG_RETAIN_ENDPOINT_LEN, "an endpoint does not fit");

typedef struct {
    struct tcpip_api_call_data base;
    wg_device_t *dev;
    mp_int_t slot;
    const uint8_t *id;      // whose session
    wg_keypair_t *keypair;  // to be filled
    bool done;
    uint32_t local_index, age_ms;
} call_t;

static wg_peer_t *peer_of(const call_t *call) {
    return call->slot < 0 || call->slot >= WG_PEERS_MAX ? NULL : call->dev->peers[call->slot];
}

static err_t do_suspend(struct tcpip_api_call_data *base) {
    call_t *call = (call_t *)base;
    wg_peer_t *peer = peer_of(call);
    if (peer == NULL) {
        return ERR_ARG;
    }
    if (!wg_peer_can_send(peer, wg_now())) {
        return ERR_OK;
    }
    uint8_t endpoint[WG_RETAIN_ENDPOINT_LEN] = { 0 };
    memcpy(endpoint, &peer->endpoint, sizeof(peer->endpoint));
    wg_keypair_t keypair = *peer->current;
    wg_peer_wipe_keys(call->dev, peer);
    wg_retain_keep(&retained, &keypair, call->id, endpoint, wg_now(), retained_clock_ms());
    call->done = true;
    return ERR_OK;
}

static err_t do_resume(struct tcpip_api_call_data *base) {
    call_t *call = (call_t *)base;
    wg_peer_t *peer = peer_of(call);
    if (peer == NULL) {
        return ERR_ARG;
    }
    uint8_t endpoint[WG_RETAIN_ENDPOINT_LEN];
    uint32_t now = wg_now();
    wg_keypair_t *keypair = call->keypair;
    if (!wg_retain_take(&retained, keypair, call->id, endpoint, now, retained_clock_ms())) {
        return ERR_OK;
    }
    memcpy(&peer->endpoint, endpoint, sizeof(peer->endpoint));
    call->local_index = keypair->local_index;
    call->age_ms = now - keypair->created_ms;
    call->done = true;
    wg_peer_resume(call->dev, peer, keypair);
    return ERR_OK;
}

static void call_peer(wg_call_fn_t fn, call_t *call) {
    if (wg_call(fn, &call->base) != ERR_OK) {
        free(call->keypair);
        mp_raise_ValueError(MP_ERROR_TEXT("no such peer"));
    }
}

static call_t call_of(mp_obj_t self_in, mp_obj_t slot, mp_obj_t id) {
    call_t call = { .dev = wg_netif_self_open(self_in)->dev, .slot = mp_obj_get_int(slot) };
    call.id = wg_arg_bytes(id, WG_KEY_LEN);
    return call;
}

// suspend(slot, id) -> bool: move the peer's session to where a deep sleep does not reach, in
// the place of any that is there. The peer has no keys then. False: there is no session.
static mp_obj_t netif_suspend(mp_obj_t self_in, mp_obj_t slot, mp_obj_t id) {
    call_t call = call_of(self_in, slot, id);
    call_peer(do_suspend, &call);
    return mp_obj_new_bool(call.done);
}
MP_DEFINE_CONST_FUN_OBJ_3(wg_netif_suspend_obj, netif_suspend);

static err_t do_forget(struct tcpip_api_call_data *base) {
    (void)base;
    wg_wipe(&retained, sizeof(retained));
    return ERR_OK;
}

// resume(slot, id) -> (local_index, age_ms) if it was the session of that id that was moved away: it
// goes on, to the peer's last endpoint. Otherwise None.
// resume(): forget whatever is kept.
static mp_obj_t netif_resume(size_t n_args, const mp_obj_t *args) {
    if (n_args == 1) {
        call_t call = { 0 };
        wg_call(do_forget, &call.base);
        return mp_const_none;
    }
    if (n_args == 2) {
        mp_raise_TypeError(NULL);
    }
    call_t call = call_of(args[0], args[1], args[2]);
    call.keypair = malloc(sizeof(*call.keypair));
    if (call.keypair == NULL) {
        m_malloc_fail(sizeof(*call.keypair));
    }
    call_peer(do_resume, &call);
    if (!call.done) {
        free(call.keypair);
        return mp_const_none;
    }
    mp_obj_t items[] = {
        mp_obj_new_int_from_uint(call.local_index), mp_obj_new_int_from_uint(call.age_ms),
    };
    return mp_obj_new_tuple(MP_ARRAY_SIZE(items), items);
}
MP_DEFINE_CONST_FUN_OBJ_VAR_BETWEEN(wg_netif_resume_obj, 1, 3, netif_resume);
