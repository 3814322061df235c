// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors

#include <string.h>

#include "py/runtime.h"

#include "dns.h"
#include "modwireguard.h"
#include "py_netif.h"

typedef struct {
    struct tcpip_api_call_data base;
    wg_device_t *dev;
    const uint8_t *question;
    size_t len;
    uint8_t server;
    uint8_t *answer;
} question_call_t;

static err_t do_ask(struct tcpip_api_call_data *base) {
    question_call_t *call = (question_call_t *)base;
    struct pbuf *p = pbuf_alloc(PBUF_TRANSPORT, (u16_t)call->len, PBUF_RAM);
    if (p == NULL) {
        return ERR_MEM;
    }
    memcpy(p->payload, call->question, call->len);
    return wg_question_send(call->dev, call->server, p);
}

static err_t do_end(struct tcpip_api_call_data *base) {
    wg_question_end(((question_call_t *)base)->dev);
    return ERR_OK;
}

// ask(server, question) -> bool: a DNS question to the network's server of that number, beside the
// tunnel; False: there is none, or no way to it. ask(None, None): no more answers are wanted.
static mp_obj_t netif_ask(mp_obj_t self_in, mp_obj_t server_in, mp_obj_t question_in) {
    question_call_t call = { .dev = wg_netif_self_open(self_in)->dev };
    if (server_in == mp_const_none) {
        wg_call(do_end, &call.base);
        return mp_const_none;
    }
    mp_buffer_info_t question;
    mp_get_buffer_raise(question_in, &question, MP_BUFFER_READ);
    mp_int_t server = mp_obj_get_int(server_in);
    if (question.len > WG_ANSWER_LEN_MAX || server < 0) {
        mp_raise_ValueError(NULL);
    }
    if (server >= DNS_MAX_SERVERS) {
        return mp_const_false;
    }
    call.server = (uint8_t)server;
    call.question = question.buf;
    call.len = question.len;
    return mp_obj_new_bool(wg_call(do_ask, &call.base) == ERR_OK);
}
MP_DEFINE_CONST_FUN_OBJ_3(wg_netif_ask_obj, netif_ask);

static err_t do_answer(struct tcpip_api_call_data *base) {
    question_call_t *call = (question_call_t *)base;
    call->len = wg_question_take_answer(call->dev, call->answer);
    return ERR_OK;
}

// answer() -> the next message that has come back, or None
static mp_obj_t netif_answer(mp_obj_t self_in) {
    question_call_t call = { .dev = wg_netif_self_open(self_in)->dev };
    vstr_t vstr;
    vstr_init_len(&vstr, WG_ANSWER_LEN_MAX);
    call.answer = (uint8_t *)vstr.buf;
    wg_call(do_answer, &call.base);
    if (call.len == 0) {
        vstr_clear(&vstr);
        return mp_const_none;
    }
    vstr.len = call.len;
    return mp_obj_new_bytes_from_vstr(&vstr);
}
MP_DEFINE_CONST_FUN_OBJ_1(wg_netif_answer_obj, netif_answer);
