// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors
//
// _host: what tests ask of the host device and no board offers.

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "py/runtime.h"

#include "lwip/memp.h"
#include "lwip/stats.h"
#include "capture.h"
#include "clock.h"
#include "fail.h"
#include "fragments.h"
#include "lwip_call.h"
#include "threads.h"
#include "uplink.h"
#include "uplink_netif.h"

// memp() -> {pool: (used, high-water mark, failures)} for lwIP's pools
static void memp_locked(void *arg) {
    struct stats_mem *copies = arg;
    for (int i = 0; i < MEMP_MAX; i++) {
        copies[i] = *lwip_stats.memp[i];
    }
}

static mp_obj_t pool_tuple(const struct stats_mem *pool) {
    mp_obj_t items[3] = {
        mp_obj_new_int_from_uint(pool->used), mp_obj_new_int_from_uint(pool->max),
        mp_obj_new_int_from_uint(pool->err),
    };
    return mp_obj_new_tuple(3, items);
}

static mp_obj_t host_memp(void) {
    struct stats_mem copies[MEMP_MAX];
    lwip_call(memp_locked, copies);
    mp_obj_t dict = mp_obj_new_dict(MEMP_MAX);
    for (int i = 0; i < MEMP_MAX; i++) {
        mp_obj_dict_store(dict, mp_obj_new_str_from_cstr(copies[i].name), pool_tuple(&copies[i]));
    }
    return dict;
}
static MP_DEFINE_CONST_FUN_OBJ_0(host_memp_obj, host_memp);

// mem() -> (used, high-water mark, failures) in bytes of lwIP's heap, the pools included
static void mem_locked(void *arg) {
    *(struct stats_mem *)arg = lwip_stats.mem;
}

static mp_obj_t host_mem(void) {
    struct stats_mem copy;
    lwip_call(mem_locked, &copy);
    return pool_tuple(&copy);
}
static MP_DEFINE_CONST_FUN_OBJ_0(host_mem_obj, host_mem);

// mbox_drops(): messages that found a mailbox full
static mp_obj_t host_mbox_drops(void) {
    return mp_obj_new_int_from_uint(lwip_stats.sys.mbox.err);
}
static MP_DEFINE_CONST_FUN_OBJ_0(host_mbox_drops_obj, host_mbox_drops);

// netifs() -> names of lwIP's interfaces
static void netifs_locked(void *arg) {
    char *names = arg;
    for (struct netif *netif = netif_list; netif != NULL; netif = netif->next) {
        *names++ = netif->name[0];
        *names++ = netif->name[1];
    }
}

static mp_obj_t host_netifs(void) {
    char names[64] = "";
    lwip_call(netifs_locked, names);
    mp_obj_t list = mp_obj_new_list(0, NULL);
    for (const char *name = names; *name != 0; name += 2) {
        mp_obj_list_append(list, mp_obj_new_str(name, 2));
    }
    return list;
}
static MP_DEFINE_CONST_FUN_OBJ_0(host_netifs_obj, host_netifs);

// forward("tcp" | "udp", host_port, guest_port)
static mp_obj_t host_forward(mp_obj_t protocol, mp_obj_t host_port, mp_obj_t guest_port) {
    bool udp = mp_obj_str_get_qstr(protocol) == MP_QSTR_udp;
    uplink_netif_init(&wifi_netif);
    if (!uplink_forward(udp, (uint16_t)mp_obj_get_int(host_port), (uint16_t)mp_obj_get_int(guest_port))) {
        mp_raise_OSError(errno);
    }
    return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_3(host_forward_obj, host_forward);

// dns(port): questions go to 127.0.0.1:port of the host; 0 for the host's resolver
static mp_obj_t host_dns(mp_obj_t port) {
    uplink_redirect_dns((uint16_t)mp_obj_get_int(port));
    return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_1(host_dns_obj, host_dns);

// in_range(bool[, "lan"]): the access point goes out of reach (the cable out of its socket), or returns
static struct netif *which(size_t n_args, const mp_obj_t *args) {
    return n_args > 1 && mp_obj_str_get_qstr(args[1]) == MP_QSTR_lan ? &lan_netif : &wifi_netif;
}

static mp_obj_t host_in_range(size_t n_args, const mp_obj_t *args) {
    uplink_netif_in_range(which(n_args, args), mp_obj_is_true(args[0]));
    return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_VAR_BETWEEN(host_in_range_obj, 1, 2, host_in_range);

// renew([another[, "lan"]]): the DHCP lease is renewed, with what ESP-IDF does then; another: and
// there comes another address
static mp_obj_t host_renew(size_t n_args, const mp_obj_t *args) {
    uplink_netif_renew(which(n_args, args), n_args > 0 && mp_obj_is_true(args[0]));
    return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_VAR_BETWEEN(host_renew_obj, 0, 2, host_renew);

// uplink_mtu(bytes)
static mp_obj_t host_uplink_mtu(mp_obj_t mtu) {
    uplink_netif_init(&wifi_netif);
    uplink_netif_mtu((uint16_t)mp_obj_get_int(mtu));
    return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_1(host_uplink_mtu_obj, host_uplink_mtu);

// forwarding(bool): whether IPv4 is forwarded, and IPv6 from peer to peer
static mp_obj_t host_forwarding(mp_obj_t on) {
    uplink_set_forwarding(mp_obj_is_true(on));
    return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_1(host_forwarding_obj, host_forwarding);

// receive(frame): an Ethernet frame arrives over Wi-Fi that the host has not sent
static mp_obj_t host_receive(mp_obj_t frame_in) {
    mp_buffer_info_t frame;
    mp_get_buffer_raise(frame_in, &frame, MP_BUFFER_READ);
    uplink_netif_receive(&wifi_netif, frame.buf, frame.len);
    return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_1(host_receive_obj, host_receive);

// reassembly(bool): whether lwIP puts fragments of IP together
static mp_obj_t host_reassembly(mp_obj_t on) {
    fragments_reassemble(mp_obj_is_true(on));
    return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_1(host_reassembly_obj, host_reassembly);

// chain(first, rest): frames arrive as chains of pbufs, the first and the others of so many bytes;
// chain(0, 0): each in one
static mp_obj_t host_chain(mp_obj_t first_in, mp_obj_t rest_in) {
    mp_int_t first = mp_obj_get_int(first_in), rest = mp_obj_get_int(rest_in);
    if (first < 0 || rest < 0 || (first == 0) != (rest == 0)) {
        mp_raise_ValueError(NULL);
    }
    uplink_netif_chain((uint16_t)first, (uint16_t)rest);
    return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_2(host_chain_obj, host_chain);

// capture("uplink" | "tunnel", path | None)
static mp_obj_t host_capture(mp_obj_t what, mp_obj_t path) {
    capture_t capture = mp_obj_str_get_qstr(what) == MP_QSTR_tunnel ? CAPTURE_TUNNEL : CAPTURE_UPLINK;
    if (!capture_open(capture, path == mp_const_none ? NULL : mp_obj_str_get_str(path))) {
        mp_raise_OSError(errno);
    }
    return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_2(host_capture_obj, host_capture);

// call_later(ms, function): function(None) is scheduled by a thread that is not Python's, as
// lwIP's does it. One at a time.
static void call_later_thread(void *arg) {
    usleep((useconds_t)(uintptr_t)arg * 1000);
    mp_obj_t function = MP_STATE_VM(host_call_later);
    if (function != MP_OBJ_NULL) {
        mp_sched_schedule(function, mp_const_none);
    }
}

static mp_obj_t host_call_later(mp_obj_t ms, mp_obj_t function) {
    MP_STATE_VM(host_call_later) = function;
    thread_start("call_later", call_later_thread, (void *)(uintptr_t)mp_obj_get_int(ms));
    return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_2(host_call_later_obj, host_call_later);
MP_REGISTER_ROOT_POINTER(mp_obj_t host_call_later);

// fail("lwip" | "python" | "interrupt", first[, count]): refuse memory, from the first-th allocation of that kind
// after now on and count of them; 0: none. -> how many allocations there were since the last call
static mp_obj_t host_fail(size_t n_args, const mp_obj_t *args) {
    qstr name = mp_obj_str_get_qstr(args[0]);
    fail_kind_t kind = name == MP_QSTR_lwip ? FAIL_LWIP : name == MP_QSTR_python ? FAIL_PYTHON : FAIL_INTERRUPT;
    unsigned count = n_args > 2 ? (unsigned)mp_obj_get_int(args[2]) : 1;
    return MP_OBJ_NEW_SMALL_INT(fail_arm(kind, (unsigned)mp_obj_get_int(args[1]), count));
}
static MP_DEFINE_CONST_FUN_OBJ_VAR_BETWEEN(host_fail_obj, 2, 3, host_fail);

// skip(ms): so much time passes at once, for lwIP and for time.ticks_ms()
static mp_obj_t host_skip(mp_obj_t ms) {
    clock_skip((uint32_t)mp_obj_get_int(ms));
    return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_1(host_skip_obj, host_skip);

// lwip_violation(): calls lwIP from the wrong thread, which must end the process
static mp_obj_t host_lwip_violation(void) {
    netif_set_default(&wifi_netif);
    return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_0(host_lwip_violation_obj, host_lwip_violation);

static const mp_rom_map_elem_t host_globals_table[] = {
    { MP_ROM_QSTR(MP_QSTR___name__), MP_ROM_QSTR(MP_QSTR__host) },
    { MP_ROM_QSTR(MP_QSTR_memp), MP_ROM_PTR(&host_memp_obj) },
    { MP_ROM_QSTR(MP_QSTR_mem), MP_ROM_PTR(&host_mem_obj) },
    { MP_ROM_QSTR(MP_QSTR_mbox_drops), MP_ROM_PTR(&host_mbox_drops_obj) },
    { MP_ROM_QSTR(MP_QSTR_netifs), MP_ROM_PTR(&host_netifs_obj) },
    { MP_ROM_QSTR(MP_QSTR_forward), MP_ROM_PTR(&host_forward_obj) },
    { MP_ROM_QSTR(MP_QSTR_dns), MP_ROM_PTR(&host_dns_obj) },
    { MP_ROM_QSTR(MP_QSTR_in_range), MP_ROM_PTR(&host_in_range_obj) },
    { MP_ROM_QSTR(MP_QSTR_renew), MP_ROM_PTR(&host_renew_obj) },
    { MP_ROM_QSTR(MP_QSTR_uplink_mtu), MP_ROM_PTR(&host_uplink_mtu_obj) },
    { MP_ROM_QSTR(MP_QSTR_forwarding), MP_ROM_PTR(&host_forwarding_obj) },
    { MP_ROM_QSTR(MP_QSTR_receive), MP_ROM_PTR(&host_receive_obj) },
    { MP_ROM_QSTR(MP_QSTR_reassembly), MP_ROM_PTR(&host_reassembly_obj) },
    { MP_ROM_QSTR(MP_QSTR_chain), MP_ROM_PTR(&host_chain_obj) },
    { MP_ROM_QSTR(MP_QSTR_capture), MP_ROM_PTR(&host_capture_obj) },
    { MP_ROM_QSTR(MP_QSTR_call_later), MP_ROM_PTR(&host_call_later_obj) },
    { MP_ROM_QSTR(MP_QSTR_fail), MP_ROM_PTR(&host_fail_obj) },
    { MP_ROM_QSTR(MP_QSTR_skip), MP_ROM_PTR(&host_skip_obj) },
    { MP_ROM_QSTR(MP_QSTR_lwip_violation), MP_ROM_PTR(&host_lwip_violation_obj) },
};
static MP_DEFINE_CONST_DICT(host_globals, host_globals_table);

const mp_obj_module_t host_module = {
    .base = {&mp_type_module},
    .globals = (mp_obj_dict_t *)&host_globals,
};
MP_REGISTER_MODULE(MP_QSTR__host, host_module);
