// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors

// `_wireguard_esp32`: what the package wants of the chip and other ports do not have.

#include "py/mperrno.h"
#include "py/runtime.h"

#include "entropy.h"
#include "ipv6.h"

// random(n) -> n unpredictable bytes. OSError if the chip has no source of them now.
static mp_obj_t esp32_random(mp_obj_t n_in) {
    mp_int_t n = mp_obj_get_int(n_in);
    if (n < 0) {
        mp_raise_ValueError(NULL);
    }
    vstr_t vstr;
    vstr_init_len(&vstr, n);
    if (!wg_entropy_random((uint8_t *)vstr.buf, n)) {
        mp_raise_msg(&mp_type_OSError,
            MP_ERROR_TEXT("no source of randomness: turn Wi-Fi or Bluetooth on first"));
    }
    return mp_obj_new_bytes_from_vstr(&vstr);
}
static MP_DEFINE_CONST_FUN_OBJ_1(esp32_random_obj, esp32_random);

// ipv6(): Wi-Fi and Ethernet speak IPv6 whenever they connect, from now on. After active(True).
static mp_obj_t esp32_ipv6(void) {
    if (wg_ipv6_enable() != ESP_OK) {
        mp_raise_OSError(MP_ENOMEM);
    }
    return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_0(esp32_ipv6_obj, esp32_ipv6);

static const mp_rom_map_elem_t globals_table[] = {
    { MP_ROM_QSTR(MP_QSTR___name__), MP_ROM_QSTR(MP_QSTR__wireguard_esp32) },
    { MP_ROM_QSTR(MP_QSTR_random), MP_ROM_PTR(&esp32_random_obj) },
    { MP_ROM_QSTR(MP_QSTR_ipv6), MP_ROM_PTR(&esp32_ipv6_obj) },
};
static MP_DEFINE_CONST_DICT(globals, globals_table);

const mp_obj_module_t wg_esp32_module = {
    .base = { &mp_type_module },
    .globals = (mp_obj_dict_t *)&globals,
};
MP_REGISTER_MODULE(MP_QSTR__wireguard_esp32, wg_esp32_module);
