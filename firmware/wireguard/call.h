// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors

// The hop: Python's thread runs a function on lwIP's thread and waits for it.
//
// It keeps MicroPython's lock meanwhile. Without it another Python thread could close the Netif, free
// the device that a hop on its way holds, or resize a buffer; a finaliser must not give it up at all.
// And there is little to win: a hop waits for what lwIP has in its queue, in whose thread the packets
// are, and on a chip of one core that thread goes before all of Python's.
#ifndef WG_CALL_H
#define WG_CALL_H

#include "lwip/opt.h"

#if NO_SYS

// lwIP has no thread of its own: it runs on Python's, and not while Python runs.
#include "lwip/err.h"
struct tcpip_api_call_data {
    err_t err;
};
typedef err_t (*wg_call_fn_t)(struct tcpip_api_call_data *call);
static inline err_t wg_call(wg_call_fn_t fn, struct tcpip_api_call_data *call) {
    return fn(call);
}

#else

#include "lwip/priv/tcpip_priv.h"
typedef tcpip_api_call_fn wg_call_fn_t;
static inline err_t wg_call(wg_call_fn_t fn, struct tcpip_api_call_data *call) {
    return tcpip_api_call(fn, call);
}

#endif

// Before the first hop: lwIP's thread may not be there yet. Idempotent.
#if __has_include("esp_netif.h")
#include "esp_netif.h"
static inline void wg_start_lwip(void) {
    esp_netif_init();
}
#else
static inline void wg_start_lwip(void) {
}
#endif

#endif // WG_CALL_H
