// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors

#include <string.h>

#include "py/runtime.h"

#include "dns.h"
#include "modwireguard.h"
#include "py_netif.h"

typedef struct {
    mp_buffer_info_t question;
    uint8_t server;
} ask_t;

static err_t do_ask(wg_device_t *dev, void *arg) {
    const ask_t *ask = arg;
    struct pbuf *p = pbuf_alloc(PBUF_TRANSPORT, (u16_t)ask->question.len, PBUF_RAM);
    if (p == NULL) {
        return ERR_MEM;
    }
    memcpy(p->payload, ask->question.buf, ask->question.len);
    return wg_question_send(dev, ask->server, p);
}

static err_t do_end(wg_device_t *dev, void *arg) {
    (void)arg;
    wg_question_end(dev);
    return ERR_OK;
}

// ask(server, question) -> bool: a DNS question to the network's server of that number, beside the
// tunnel; False: there is none, or no way to it. ask(None, None): no more answers are wanted.
static mp_obj_t netif_ask(mp_obj_t self_in, mp_obj_t server_in, mp_obj_t question) {
    if (server_in == mp_const_none) {
        wg_on_device(self_in, do_end, NULL);
        return mp_const_none;
    }
    ask_t ask;
    mp_get_buffer_raise(question, &ask.question, MP_BUFFER_READ);
    mp_int_t server = mp_obj_get_int(server_in);
    if (ask.question.len > WG_ANSWER_LEN_MAX || server < 0) {
        mp_raise_ValueError(NULL);
    }
    if (server >= DNS_MAX_SERVERS) {
        return mp_const_false;
    }
    ask.server = (uint8_t)server;
    return mp_obj_new_bool(wg_on_device(self_in, do_ask, &ask) == ERR_OK);
}
MP_DEFINE_CONST_FUN_OBJ_3(wg_netif_ask_obj, netif_ask);

static err_t do_answer(wg_device_t *dev, void *arg) {
    vstr_t *answer = arg;
    answer->len = wg_question_take_answer(dev, (uint8_t *)answer->buf);
    return ERR_OK;
}

// answer() -> the next message that has come back, or None
static mp_obj_t netif_answer(mp_obj_t self_in) {
    vstr_t answer;
    vstr_init_len(&answer, WG_ANSWER_LEN_MAX);
    wg_on_device(self_in, do_answer, &answer);
    if (answer.len == 0) {
        vstr_clear(&answer);
        return mp_const_none;
    }
    return mp_obj_new_bytes_from_vstr(&answer);
}
MP_DEFINE_CONST_FUN_OBJ_1(wg_netif_answer_obj, netif_answer);
