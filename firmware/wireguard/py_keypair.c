// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors

// class Keypair: a session's transport without a netif, for tests and for a transport over sockets.

#include "py/mperrno.h"
#include "py/runtime.h"

#include "crypto/chacha20poly1305.h"
#include "keypair.h"
#include "modwireguard.h"

typedef struct {
    mp_obj_base_t base;
    wg_keypair_t keypair;
} keypair_obj_t;

// Keypair(local_index, remote_index, send_key, recv_key)
static mp_obj_t keypair_make_new(const mp_obj_type_t *type, size_t n_args, size_t n_kw,
    const mp_obj_t *args) {
    mp_arg_check_num(n_args, n_kw, 4, 4, false);
    uint32_t local_index = (uint32_t)mp_obj_get_int_truncated(args[0]);
    uint32_t remote_index = (uint32_t)mp_obj_get_int_truncated(args[1]);
    const uint8_t *send_key = wg_arg_bytes(args[2], WG_KEY_LEN);
    const uint8_t *recv_key = wg_arg_bytes(args[3], WG_KEY_LEN);
    keypair_obj_t *self = mp_obj_malloc_with_finaliser(keypair_obj_t, type);
    wg_keypair_init(&self->keypair, local_index, remote_index, send_key, recv_key, true, 0);
    return MP_OBJ_FROM_PTR(self);
}

// seal(packet) -> bytes: a transport message, whitepaper 5.4.6. OSError past the last counter.
static mp_obj_t keypair_seal(mp_obj_t self_in, mp_obj_t packet_in) {
    keypair_obj_t *self = MP_OBJ_TO_PTR(self_in);
    mp_buffer_info_t packet;
    mp_get_buffer_raise(packet_in, &packet, MP_BUFFER_READ);
    if (!wg_keypair_can_send(&self->keypair, 0)) {
        mp_raise_OSError(MP_EPIPE);
    }
    vstr_t message;
    vstr_init_len(&message, packet.len + WG_TRANSPORT_OVERHEAD);
    uint8_t *out = (uint8_t *)message.buf;
    uint64_t counter = wg_keypair_next_header(&self->keypair, out);
    wg_seal(out + WG_TRANSPORT_HEADER_LEN, packet.buf, packet.len, NULL, 0, counter,
        self->keypair.send_key);
    return mp_obj_new_bytes_from_vstr(&message);
}
static MP_DEFINE_CONST_FUN_OBJ_2(keypair_seal_obj, keypair_seal);

// open(message) -> bytes, or None for what is not an authentic, fresh message of this keypair.
static mp_obj_t keypair_open(mp_obj_t self_in, mp_obj_t message_in) {
    keypair_obj_t *self = MP_OBJ_TO_PTR(self_in);
    mp_buffer_info_t message;
    mp_get_buffer_raise(message_in, &message, MP_BUFFER_READ);
    const uint8_t *in = message.buf;
    if (!wg_keypair_can_receive(&self->keypair, 0)
        || message.len < WG_TRANSPORT_OVERHEAD || wg_load_le32(in) != WG_MESSAGE_TRANSPORT
        || wg_load_le32(in + 4) != self->keypair.local_index) {
        return mp_const_none;
    }
    uint64_t counter = wg_load_le64(in + 8);
    if (wg_replay_too_old(&self->keypair.replay, counter)) {
        return mp_const_none;
    }
    vstr_t packet;
    vstr_init_len(&packet, message.len - WG_TRANSPORT_OVERHEAD);
    if (!wg_open((uint8_t *)packet.buf, in + WG_TRANSPORT_HEADER_LEN,
        message.len - WG_TRANSPORT_HEADER_LEN, NULL, 0, counter, self->keypair.recv_key)
        || !wg_replay_accept(&self->keypair.replay, counter)) {
        return mp_const_none;
    }
    return mp_obj_new_bytes_from_vstr(&packet);
}
static MP_DEFINE_CONST_FUN_OBJ_2(keypair_open_obj, keypair_open);

// wipe(): the keys are gone, nothing can be sealed or opened any more.
static mp_obj_t keypair_wipe(mp_obj_t self_in) {
    keypair_obj_t *self = MP_OBJ_TO_PTR(self_in);
    wg_keypair_wipe(&self->keypair);
    self->keypair.expired = true;
    return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_1(keypair_wipe_obj, keypair_wipe);

static const mp_rom_map_elem_t keypair_locals_table[] = {
    { MP_ROM_QSTR(MP_QSTR_seal), MP_ROM_PTR(&keypair_seal_obj) },
    { MP_ROM_QSTR(MP_QSTR_open), MP_ROM_PTR(&keypair_open_obj) },
    { MP_ROM_QSTR(MP_QSTR_wipe), MP_ROM_PTR(&keypair_wipe_obj) },
    { MP_ROM_QSTR(MP_QSTR___del__), MP_ROM_PTR(&keypair_wipe_obj) },
};
static MP_DEFINE_CONST_DICT(keypair_locals, keypair_locals_table);

MP_DEFINE_CONST_OBJ_TYPE(wg_keypair_type, MP_QSTR_Keypair, MP_TYPE_FLAG_NONE,
    make_new, keypair_make_new, locals_dict, &keypair_locals);
