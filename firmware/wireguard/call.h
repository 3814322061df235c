// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors

// The hop: Python's thread runs a function on lwIP's thread and waits for it.
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

#endif // WG_CALL_H
