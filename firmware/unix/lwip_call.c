// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors

#include "lwip/priv/tcpip_priv.h"
#include "lwip_call.h"

typedef struct {
    struct tcpip_api_call_data base;
    void (*function)(void *arg);
    void *arg;
} call_t;

static err_t run(struct tcpip_api_call_data *data) {
    call_t *call = (call_t *)data;
    call->function(call->arg);
    return ERR_OK;
}

void lwip_call(void (*function)(void *arg), void *arg) {
    call_t call = {.function = function, .arg = arg};
    tcpip_api_call(run, &call.base);
}
