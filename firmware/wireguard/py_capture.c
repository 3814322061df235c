// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors

// `_wireguard.Capture`: packets of the tunnels and of the networks below, while it is held.

#include "py/runtime.h"

#include "call.h"
#include "capture.h"
#include "modwireguard.h"

#define SIZE_MIN 2048
#define SIZE_MAX_ALLOWED (1 << 20)

typedef struct {
    mp_obj_base_t base;
    wg_ring_t ring;
    bool closed;
} wg_capture_obj_t;

typedef struct {
    struct tcpip_api_call_data base;
    wg_ring_t *ring;
} call_t;

static err_t do_start(struct tcpip_api_call_data *base) {
    wg_capture_start(((call_t *)base)->ring);
    return ERR_OK;
}

static err_t do_stop(struct tcpip_api_call_data *base) {
    wg_capture_stop(((call_t *)base)->ring);
    return ERR_OK;
}

static void start(wg_capture_obj_t *self) {
    call_t call = { .ring = &self->ring };
    wg_call(do_start, &call.base);
}

// Capture(size=8192, longest=1514): a ring of `size` bytes, `longest` bytes of each packet. There is
// one at a time: a new one takes over.
static mp_obj_t capture_make_new(const mp_obj_type_t *type, size_t n_args, size_t n_kw,
    const mp_obj_t *args) {
    mp_arg_check_num(n_args, n_kw, 0, 2, false);
    mp_int_t size = n_args > 0 ? mp_obj_get_int(args[0]) : 8192;
    mp_int_t longest = n_args > 1 ? mp_obj_get_int(args[1]) : 1514;
    if (size < SIZE_MIN || size > SIZE_MAX_ALLOWED || longest < 64 || longest > 65535) {
        mp_raise_ValueError(NULL);
    }
    wg_start_lwip();
    wg_capture_obj_t *self = mp_obj_malloc_with_finaliser(wg_capture_obj_t, type);
    self->closed = true;
    self->ring = (wg_ring_t) { .size = (size_t)size, .longest = (uint16_t)longest };
    self->ring.data = m_new(uint8_t, (size_t)size);
    self->closed = false;
    start(self);
    return MP_OBJ_FROM_PTR(self);
}

// read(buffer) -> int: whole packets, each behind a wg_capture_header_t; how many bytes they take.
static mp_obj_t capture_read(mp_obj_t self_in, mp_obj_t buffer) {
    wg_capture_obj_t *self = MP_OBJ_TO_PTR(self_in);
    mp_buffer_info_t to;
    mp_get_buffer_raise(buffer, &to, MP_BUFFER_WRITE);
    if (!self->closed) {
        start(self); // netifs may have come
    }
    return mp_obj_new_int_from_uint(wg_ring_read(&self->ring, to.buf, to.len));
}
static MP_DEFINE_CONST_FUN_OBJ_2(capture_read_obj, capture_read);

// lost() -> int: packets that found the ring full.
static mp_obj_t capture_lost(mp_obj_t self_in) {
    wg_capture_obj_t *self = MP_OBJ_TO_PTR(self_in);
    return mp_obj_new_int_from_uint(self->ring.lost);
}
static MP_DEFINE_CONST_FUN_OBJ_1(capture_lost_obj, capture_lost);

// close(): idempotent, and the finaliser. What is in the ring can still be read.
static mp_obj_t capture_close(mp_obj_t self_in) {
    wg_capture_obj_t *self = MP_OBJ_TO_PTR(self_in);
    if (!self->closed) {
        self->closed = true;
        call_t call = { .ring = &self->ring };
        wg_call(do_stop, &call.base);
    }
    return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_1(capture_close_obj, capture_close);

static const mp_rom_map_elem_t capture_locals_table[] = {
    { MP_ROM_QSTR(MP_QSTR_read), MP_ROM_PTR(&capture_read_obj) },
    { MP_ROM_QSTR(MP_QSTR_lost), MP_ROM_PTR(&capture_lost_obj) },
    { MP_ROM_QSTR(MP_QSTR_close), MP_ROM_PTR(&capture_close_obj) },
    { MP_ROM_QSTR(MP_QSTR___del__), MP_ROM_PTR(&capture_close_obj) },
};
static MP_DEFINE_CONST_DICT(capture_locals, capture_locals_table);

MP_DEFINE_CONST_OBJ_TYPE(wg_capture_type, MP_QSTR_Capture, MP_TYPE_FLAG_NONE,
    make_new, capture_make_new, locals_dict, &capture_locals);
