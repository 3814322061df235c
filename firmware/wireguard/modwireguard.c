// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors

// The crypto that the control plane needs. Secrets live in the caller's bytearrays, are written in
// place and are the caller's to wipe.

#include <string.h>

#include "py/gc.h"
#include "py/runtime.h"

#include "crypto/blake2s.h"
#include "crypto/chacha20poly1305.h"
#include "crypto/memory.h"
#include "crypto/x25519.h"
#include "modwireguard.h"
#include "protocol.h"

const uint8_t *wg_arg_bytes(mp_obj_t arg, size_t len) {
    mp_buffer_info_t info;
    mp_get_buffer_raise(arg, &info, MP_BUFFER_READ);
    if (info.len != len) {
        mp_raise_msg_varg(&mp_type_ValueError, MP_ERROR_TEXT("%d bytes needed"), (int)len);
    }
    return info.buf;
}

static uint8_t *arg_out(mp_obj_t arg) {
    mp_buffer_info_t info;
    mp_get_buffer_raise(arg, &info, MP_BUFFER_RW);
    if (info.len != WG_KEY_LEN) {
        mp_raise_msg_varg(&mp_type_ValueError, MP_ERROR_TEXT("%d bytes needed"), WG_KEY_LEN);
    }
    return info.buf;
}

// x25519(out, private, public) -> bool: RFC 7748. False: the result would be zero, `out` is.
static mp_obj_t py_x25519(mp_obj_t out, mp_obj_t private_key, mp_obj_t public_key) {
    return mp_obj_new_bool(wg_x25519(arg_out(out), wg_arg_bytes(private_key, WG_KEY_LEN),
        wg_arg_bytes(public_key, WG_KEY_LEN)));
}
static MP_DEFINE_CONST_FUN_OBJ_3(x25519_obj, py_x25519);

// x25519_base(out, private): the public key of a private key.
static mp_obj_t py_x25519_base(mp_obj_t out, mp_obj_t private_key) {
    wg_x25519_base(arg_out(out), wg_arg_bytes(private_key, WG_KEY_LEN));
    return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_2(x25519_base_obj, py_x25519_base);

static void update_parts(wg_blake2s_t *state, size_t n, const mp_obj_t *parts) {
    for (size_t i = 0; i < n; i++) {
        mp_buffer_info_t info;
        mp_get_buffer_raise(parts[i], &info, MP_BUFFER_READ);
        wg_blake2s_update(state, info.buf, info.len);
    }
}

// hash(out, *parts): whitepaper HASH() of the concatenation; `out` may be a part.
static mp_obj_t py_hash(size_t n_args, const mp_obj_t *args) {
    uint8_t *out = arg_out(args[0]);
    wg_blake2s_t state;
    wg_blake2s_init(&state, WG_KEY_LEN, NULL, 0);
    update_parts(&state, n_args - 1, args + 1);
    wg_blake2s_final(&state, out);
    return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_VAR(hash_obj, 1, py_hash);

// mac(key, *parts) -> bytes: whitepaper MAC(), 16 bytes. The key has 16 or 32 bytes.
static mp_obj_t py_mac(size_t n_args, const mp_obj_t *args) {
    mp_buffer_info_t key;
    mp_get_buffer_raise(args[0], &key, MP_BUFFER_READ);
    if (key.len == 0 || key.len > WG_KEY_LEN) {
        mp_raise_ValueError(MP_ERROR_TEXT("key of 1 to 32 bytes needed"));
    }
    uint8_t mac[WG_MAC_LEN];
    wg_blake2s_t state;
    wg_blake2s_init(&state, sizeof(mac), key.buf, key.len);
    update_parts(&state, n_args - 1, args + 1);
    wg_blake2s_final(&state, mac);
    return mp_obj_new_bytes(mac, sizeof(mac));
}
static MP_DEFINE_CONST_FUN_OBJ_VAR(mac_obj, 1, py_mac);

// kdf(key, data, *outs): whitepaper KDF_1 to KDF_3; an out may be the key.
static mp_obj_t py_kdf(size_t n_args, const mp_obj_t *args) {
    const uint8_t *key = wg_arg_bytes(args[0], WG_KEY_LEN);
    mp_buffer_info_t data;
    mp_get_buffer_raise(args[1], &data, MP_BUFFER_READ);
    uint8_t *outs[3];
    unsigned n = (unsigned)n_args - 2;
    for (unsigned i = 0; i < n; i++) {
        outs[i] = arg_out(args[2 + i]);
    }
    wg_kdf(outs, n, key, data.buf, data.len);
    return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_VAR_BETWEEN(kdf_obj, 3, 5, py_kdf);

// What seal() and open() take: a key, a nonce, the text, the additional data. A nonce of 8 bytes is
// the whitepaper's counter (RFC 8439), one of 24 bytes that of XChaCha20 (draft-irtf-cfrg-xchacha).
typedef struct {
    const uint8_t *key;
    mp_buffer_info_t nonce, in, ad;
    vstr_t out;
} aead_t;

static void aead_args(aead_t *a, const mp_obj_t *args) {
    a->key = wg_arg_bytes(args[0], WG_KEY_LEN);
    mp_get_buffer_raise(args[1], &a->nonce, MP_BUFFER_READ);
    mp_get_buffer_raise(args[2], &a->in, MP_BUFFER_READ);
    mp_get_buffer_raise(args[3], &a->ad, MP_BUFFER_READ);
    if (a->nonce.len != WG_XNONCE_LEN) {
        wg_arg_bytes(args[1], 8);
    }
}

// seal(key, nonce, plaintext, ad) -> bytes
static mp_obj_t py_seal(size_t n_args, const mp_obj_t *args) {
    (void)n_args;
    aead_t a;
    aead_args(&a, args);
    vstr_init_len(&a.out, a.in.len + WG_TAG_LEN);
    uint8_t *out = (uint8_t *)a.out.buf;
    if (a.nonce.len == WG_XNONCE_LEN) {
        wg_xseal(out, a.in.buf, a.in.len, a.ad.buf, a.ad.len, a.nonce.buf, a.key);
    } else {
        wg_seal(out, a.in.buf, a.in.len, a.ad.buf, a.ad.len, wg_load_le64(a.nonce.buf), a.key);
    }
    return mp_obj_new_bytes_from_vstr(&a.out);
}
static MP_DEFINE_CONST_FUN_OBJ_VAR_BETWEEN(seal_obj, 4, 4, py_seal);

// open(key, nonce, ciphertext, ad) -> bytes, or None if the tag is wrong.
static mp_obj_t py_open(size_t n_args, const mp_obj_t *args) {
    (void)n_args;
    aead_t a;
    aead_args(&a, args);
    if (a.in.len < WG_TAG_LEN) {
        return mp_const_none;
    }
    vstr_init_len(&a.out, a.in.len - WG_TAG_LEN);
    uint8_t *out = (uint8_t *)a.out.buf;
    bool ok = a.nonce.len == WG_XNONCE_LEN
        ? wg_xopen(out, a.in.buf, a.in.len, a.ad.buf, a.ad.len, a.nonce.buf, a.key)
        : wg_open(out, a.in.buf, a.in.len, a.ad.buf, a.ad.len, wg_load_le64(a.nonce.buf), a.key);
    return ok ? mp_obj_new_bytes_from_vstr(&a.out) : mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_VAR_BETWEEN(open_obj, 4, 4, py_open);

// wipe(bytearray or bytes). Bytes are immutable to everybody else, and so the caller's only: for what
// a random generator has answered. ValueError for bytes that are no object of their own on the heap.
static mp_obj_t py_wipe(mp_obj_t buffer) {
    mp_buffer_info_t info;
    bool is_bytes = mp_obj_is_type(buffer, &mp_type_bytes);
    mp_get_buffer_raise(buffer, &info, is_bytes ? MP_BUFFER_READ : MP_BUFFER_RW);
    if (is_bytes && gc_nbytes(info.buf) < info.len) {
        mp_raise_ValueError(MP_ERROR_TEXT("constant"));
    }
    wg_wipe(info.buf, info.len);
    return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_1(wipe_obj, py_wipe);

static const mp_rom_map_elem_t globals_table[] = {
    { MP_ROM_QSTR(MP_QSTR___name__), MP_ROM_QSTR(MP_QSTR__wireguard) },
    { MP_ROM_QSTR(MP_QSTR___init__), MP_ROM_PTR(&wg_module_init_obj) },
    { MP_ROM_QSTR(MP_QSTR_x25519), MP_ROM_PTR(&x25519_obj) },
    { MP_ROM_QSTR(MP_QSTR_x25519_base), MP_ROM_PTR(&x25519_base_obj) },
    { MP_ROM_QSTR(MP_QSTR_hash), MP_ROM_PTR(&hash_obj) },
    { MP_ROM_QSTR(MP_QSTR_mac), MP_ROM_PTR(&mac_obj) },
    { MP_ROM_QSTR(MP_QSTR_kdf), MP_ROM_PTR(&kdf_obj) },
    { MP_ROM_QSTR(MP_QSTR_seal), MP_ROM_PTR(&seal_obj) },
    { MP_ROM_QSTR(MP_QSTR_open), MP_ROM_PTR(&open_obj) },
    { MP_ROM_QSTR(MP_QSTR_wipe), MP_ROM_PTR(&wipe_obj) },
    { MP_ROM_QSTR(MP_QSTR_Netif), MP_ROM_PTR(&wg_netif_type) },
    { MP_ROM_QSTR(MP_QSTR_Capture), MP_ROM_PTR(&wg_capture_type) },
    { MP_ROM_QSTR(MP_QSTR_EVENT_MESSAGE), MP_ROM_INT(WG_EVENT_MESSAGE) },
    { MP_ROM_QSTR(MP_QSTR_EVENT_HANDSHAKE), MP_ROM_INT(WG_EVENT_HANDSHAKE) },
    { MP_ROM_QSTR(MP_QSTR_EVENT_SESSION), MP_ROM_INT(WG_EVENT_SESSION) },
    { MP_ROM_QSTR(MP_QSTR_EVENT_ENDPOINT), MP_ROM_INT(WG_EVENT_ENDPOINT) },
    { MP_ROM_QSTR(MP_QSTR_EVENT_TICK), MP_ROM_INT(WG_EVENT_TICK) },
    { MP_ROM_QSTR(MP_QSTR_EVENT_ANSWER), MP_ROM_INT(WG_EVENT_ANSWER) },
};
static MP_DEFINE_CONST_DICT(globals, globals_table);

const mp_obj_module_t wg_module = {
    .base = { &mp_type_module },
    .globals = (mp_obj_dict_t *)&globals,
};
MP_REGISTER_MODULE(MP_QSTR__wireguard, wg_module);
