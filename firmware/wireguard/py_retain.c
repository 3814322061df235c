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
    const uint8_t *id;      // whose session
    wg_keypair_t *keypair;  // to be filled
    bool done;
    uint32_t local_index, age_ms;
} session_t;

static void peer_suspend(wg_device_t *dev, wg_peer_t *peer, void *arg) {
    session_t *session = arg;
    session->done = wg_peer_can_send(peer, wg_now());
    if (!session->done) {
        return;
    }
    uint8_t endpoint[WG_RETAIN_ENDPOINT_LEN] = { 0 };
    memcpy(endpoint, &peer->endpoint, sizeof(peer->endpoint));
    wg_keypair_t keypair = *peer->current;
    wg_peer_wipe_keys(dev, peer);
    wg_retain_keep(&retained, &keypair, session->id, endpoint, wg_now(), retained_clock_ms());
}

static void peer_resume(wg_device_t *dev, wg_peer_t *peer, void *arg) {
    session_t *session = arg;
    uint8_t endpoint[WG_RETAIN_ENDPOINT_LEN];
    uint32_t now = wg_now();
    wg_keypair_t *keypair = session->keypair;
    session->done = wg_retain_take(&retained, keypair, session->id, endpoint, now,
        retained_clock_ms());
    if (!session->done) {
        return;
    }
    memcpy(&peer->endpoint, endpoint, sizeof(peer->endpoint));
    session->local_index = keypair->local_index;
    session->age_ms = now - keypair->created_ms;
    wg_peer_resume(dev, peer, keypair);
}

// suspend(slot, id) -> bool: move the peer's session to where a deep sleep does not reach, in
// the place of any that is there. The peer has no keys then. False: there is no session.
static mp_obj_t netif_suspend(mp_obj_t self_in, mp_obj_t slot, mp_obj_t id) {
    session_t session = { .id = wg_arg_bytes(id, WG_KEY_LEN) };
    wg_on_peer(self_in, slot, peer_suspend, &session);
    return mp_obj_new_bool(session.done);
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
        struct tcpip_api_call_data call;
        wg_call(do_forget, &call);
        return mp_const_none;
    }
    if (n_args == 2) {
        mp_raise_TypeError(NULL);
    }
    wg_netif_self_open(args[0]);
    session_t session = { .id = wg_arg_bytes(args[2], WG_KEY_LEN) };
    mp_int_t slot = mp_obj_get_int(args[1]);
    session.keypair = malloc(sizeof(*session.keypair));
    if (session.keypair == NULL) {
        m_malloc_fail(sizeof(*session.keypair));
    }
    bool found = wg_on_peer_if_any(args[0], slot, peer_resume, &session);
    if (!session.done) {
        free(session.keypair);
    }
    if (!found) {
        wg_raise_no_such_peer();
    }
    if (!session.done) {
        return mp_const_none;
    }
    mp_obj_t items[] = {
        mp_obj_new_int_from_uint(session.local_index), mp_obj_new_int_from_uint(session.age_ms),
    };
    return mp_obj_new_tuple(MP_ARRAY_SIZE(items), items);
}
MP_DEFINE_CONST_FUN_OBJ_VAR_BETWEEN(wg_netif_resume_obj, 1, 3, netif_resume);
