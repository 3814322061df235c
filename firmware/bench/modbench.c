// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors

// _bench: what the packet path costs, counted in instructions, in MicroPython for RV32
// (firmware/rv32). The linker puts the functions named __wrap_* between the tunnel and lwIP.

#include <malloc.h>
#include <string.h>

#include "py/bc.h"
#include "py/gc.h"
#include "py/runtime.h"

#include "lwip/ip.h"
#include "lwip/prot/tcp.h"
#include "lwip/stats.h"
#include "lwip/tcp.h"
#include "lwip/timeouts.h"
#include "lwip/udp.h"

#include "wireguard/crypto/chacha20poly1305.h"
#include "wireguard/lwip_hooks.h"
#include "wireguard/modwireguard.h"
#include "wireguard/py_netif.h"

#define PAINT 0xa5c35a3cu
#define STACK_DEPTH 4096  // bytes below the caller that are painted and looked at

static struct {
    bool on;
    uint32_t arrivals;       // packets that left the tunnel, towards lwIP
    uint32_t instructions;   // the counter at the last of these
    uint32_t inside;         // instructions spent here since the start
    uint32_t lwip;           // instructions of lwIP to send the last of these
    size_t heap;             // bytes in use at the last arrival
} seen;
static uint32_t bytecode;        // calls of the virtual machine
static uint32_t dh, dh_calls;    // instructions of X25519
static uint32_t sunk;            // packets that arrived while all of them are dropped
static bool sink;

static inline uint32_t count(void) {
    uint32_t n;
    __asm__ volatile ("csrr %0, minstret" : "=r" (n) : : "memory");
    return n;
}

static size_t heap_used(void) {
    return mallinfo().uordblks + lwip_stats.mem.used;
}

// A packet leaves the tunnel: what happens until left() is lwIP's.
static void arrive(uint32_t now) {
    seen.arrivals++;
    seen.instructions = now - seen.inside;
    seen.heap = heap_used();
}

static void left(uint32_t since) {
    seen.inside += count() - since;
}

err_t __real_udp_sendto_if(struct udp_pcb *pcb, struct pbuf *p, const ip_addr_t *to, u16_t port,
    struct netif *netif);

static __attribute__((noinline)) err_t send(struct udp_pcb *pcb, struct pbuf *p,
    const ip_addr_t *to, u16_t port, struct netif *netif, uint32_t now) {
    arrive(now);
    uint32_t start = count();
    err_t err = __real_udp_sendto_if(pcb, p, to, port, netif);
    seen.lwip = count() - start;
    left(now);
    return err;
}

// Reads the counter before it saves a register.
err_t __wrap_udp_sendto_if(struct udp_pcb *pcb, struct pbuf *p, const ip_addr_t *to, u16_t port,
    struct netif *netif) {
    uint32_t now = count();
    if (!seen.on) {
        return __real_udp_sendto_if(pcb, p, to, port, netif);
    }
    return send(pcb, p, to, port, netif, now);
}

err_t __real_ip_input(struct pbuf *p, struct netif *netif);

static __attribute__((noinline)) err_t receive(struct pbuf *p, uint32_t now) {
    if (seen.on) {
        arrive(now);
    }
    sunk++;
    pbuf_free(p);
    left(now);
    return ERR_OK;
}

err_t __wrap_ip_input(struct pbuf *p, struct netif *netif) {
    uint32_t now = count();
    return seen.on || sink ? receive(p, now) : __real_ip_input(p, netif);
}

mp_vm_return_kind_t __real_mp_execute_bytecode(mp_code_state_t *state, volatile mp_obj_t exception);
mp_vm_return_kind_t __wrap_mp_execute_bytecode(mp_code_state_t *state, volatile mp_obj_t exception) {
    bytecode++;
    return __real_mp_execute_bytecode(state, exception);
}

bool __real_wg_x25519(uint8_t out[32], const uint8_t scalar[32], const uint8_t point[32]);
bool __wrap_wg_x25519(uint8_t out[32], const uint8_t scalar[32], const uint8_t point[32]) {
    uint32_t before = count();
    bool ok = __real_wg_x25519(out, scalar, point);
    dh += count() - before;
    dh_calls++;
    return ok;
}

void __real_wg_x25519_base(uint8_t out[32], const uint8_t scalar[32]);
void __wrap_wg_x25519_base(uint8_t out[32], const uint8_t scalar[32]) {
    uint32_t before = count();
    __real_wg_x25519_base(out, scalar);
    dh += count() - before;
    dh_calls++;
}

// What one call did.
typedef struct {
    uint32_t instructions;
    uint32_t stack;
} cost_t;

static cost_t overhead;

static __attribute__((noinline)) cost_t measure(void (*f)(void *), void *arg) {
    uint32_t *sp;
    __asm__ volatile ("mv %0, sp" : "=r" (sp));
    volatile uint32_t *end = sp - STACK_DEPTH / 4;
    for (volatile uint32_t *p = end; p < sp; p++) {
        *p = PAINT;
    }
    uint32_t before = count();
    f(arg);
    uint32_t after = count();
    while (end < sp && *end == PAINT) {
        end++;
    }
    return (cost_t) { after - before - overhead.instructions,
                      (uint8_t *)sp - (uint8_t *)end - overhead.stack };
}

// The counter just before the call that is measured: seen.instructions is compared with it.
static uint32_t started;

typedef struct {
    wg_device_t *dev;
    struct pbuf *p;
    ip4_addr_t dest;
    ip_addr_t from;
} packet_t;

static void nothing(void *arg) {
    (void)arg;
}

static void output(void *arg) {
    packet_t *packet = arg;
    started = count();
    packet->dev->netif.output(&packet->dev->netif, packet->p, &packet->dest);
}

static void input(void *arg) {
    packet_t *packet = arg;
    struct udp_pcb *pcb = packet->dev->pcb;
    started = count();
    pcb->recv(pcb->recv_arg, pcb, packet->p, &packet->from, 51820);
}

// (packets that reached lwIP, instructions until the last of them or, without any, all; those after
// it; stack; bytes of heap that were allocated when it arrived; lwIP's instructions to send it)
static mp_obj_t run(void (*f)(void *), packet_t *packet) {
    overhead = (cost_t) { 0, 0 };
    overhead = measure(nothing, NULL);
    memset(&seen, 0, sizeof(seen));
    size_t heap = heap_used();
    seen.on = true;
    cost_t cost = measure(f, packet);
    seen.on = false;
    uint32_t all = cost.instructions - seen.inside;
    uint32_t until = seen.arrivals ? seen.instructions - started : all;
    mp_obj_t items[] = {
        mp_obj_new_int_from_uint(seen.arrivals),
        mp_obj_new_int_from_uint(until),
        mp_obj_new_int_from_uint(all - until),
        mp_obj_new_int_from_uint(cost.stack),
        mp_obj_new_int(seen.arrivals ? (mp_int_t)(seen.heap - heap) : 0),
        mp_obj_new_int_from_uint(seen.lwip),
    };
    return mp_obj_new_tuple(MP_ARRAY_SIZE(items), items);
}

static wg_device_t *device_of(mp_obj_t netif) {
    return ((wg_netif_obj_t *)MP_OBJ_TO_PTR(netif))->dev;
}

static struct pbuf *pbuf_of(mp_obj_t bytes) {
    mp_buffer_info_t data;
    mp_get_buffer_raise(bytes, &data, MP_BUFFER_READ);
    struct pbuf *p = pbuf_alloc(PBUF_IP, data.len, PBUF_RAM);
    pbuf_take(p, data.buf, data.len);
    return p;
}

// output(netif, packet, dest): lwIP gives the tunnel a packet to send
static mp_obj_t bench_output(mp_obj_t netif, mp_obj_t bytes, mp_obj_t dest) {
    ip_addr_t ip;
    wg_arg_ip(dest, &ip);
    packet_t packet = { .dev = device_of(netif), .p = pbuf_of(bytes), .dest = *ip_2_ip4(&ip) };
    mp_obj_t result = run(output, &packet);
    pbuf_free(packet.p);
    return result;
}
static MP_DEFINE_CONST_FUN_OBJ_3(bench_output_obj, bench_output);

// A datagram as the chip's drivers hand it over: in a buffer of theirs, the outer headers before it.
#define OUTER_HEADERS 44
static uint32_t frame[(OUTER_HEADERS + 1500) / 4];
static struct pbuf_custom frame_pbuf;

static void frame_free(struct pbuf *p) {
    (void)p;
}

static struct pbuf *frame_of(mp_obj_t bytes) {
    mp_buffer_info_t data;
    mp_get_buffer_raise(bytes, &data, MP_BUFFER_READ);
    frame_pbuf.custom_free_function = frame_free;
    struct pbuf *p = pbuf_alloced_custom(PBUF_RAW, OUTER_HEADERS + data.len, PBUF_REF, &frame_pbuf,
        frame, sizeof(frame));
    pbuf_remove_header(p, OUTER_HEADERS);
    memcpy(p->payload, data.buf, data.len);
    return p;
}

// input(netif, datagram, source): the underlay gives the tunnel a datagram
static mp_obj_t bench_input(mp_obj_t netif, mp_obj_t bytes, mp_obj_t source) {
    packet_t packet = { .dev = device_of(netif), .p = frame_of(bytes) };
    wg_arg_ip(source, &packet.from);
    return run(input, &packet);
}
static MP_DEFINE_CONST_FUN_OBJ_3(bench_input_obj, bench_input);

static void turn(void *arg) {
    (void)arg;
    started = count();
    sys_check_timeouts();
}

// turn(): lwIP looks at its timeouts once one is due. None: there is none soon
static mp_obj_t bench_turn(void) {
    if (sys_timeouts_sleeptime() > 2) {
        return mp_const_none;
    }
    while (sys_timeouts_sleeptime() > 0) {
    }
    return run(turn, NULL);
}
static MP_DEFINE_CONST_FUN_OBJ_0(bench_turn_obj, bench_turn);

// The cipher alone, of a message of `len` bytes where the tunnel would have it.
typedef struct {
    uint8_t *data;
    size_t len;
    bool ok;
} message_t;

static const uint8_t key[32];

static void seal(void *arg) {
    message_t *m = arg;
    wg_seal(m->data, m->data, m->len, NULL, 0, 7, key);
}

static void open(void *arg) {
    message_t *m = arg;
    m->ok = wg_open(m->data, m->data, m->len + 16, NULL, 0, 7, key);
}

// aead(len) -> instructions to seal, and to open
static mp_obj_t bench_aead(mp_obj_t len) {
    message_t m = { .len = mp_obj_get_int(len) };
    m.data = m_malloc(m.len + 16);
    memset(m.data, 1, m.len);
    overhead = (cost_t) { 0, 0 };
    overhead = measure(nothing, NULL);
    uint32_t to_seal = measure(seal, &m).instructions;
    uint32_t to_open = measure(open, &m).instructions;
    mp_obj_t items[] = {
        mp_obj_new_int_from_uint(to_seal), mp_obj_new_int_from_uint(to_open), mp_obj_new_bool(m.ok),
    };
    return mp_obj_new_tuple(MP_ARRAY_SIZE(items), items);
}
static MP_DEFINE_CONST_FUN_OBJ_1(bench_aead_obj, bench_aead);

typedef struct {
    const wg_device_t *dev;
    ip_addr_t dest;
    wg_route_t route;
} lookup_t;

static void lookup(void *arg) {
    lookup_t *l = arg;
    const uint8_t *dest = (const uint8_t *)&l->dest.u_addr;
    l->route = IP_IS_V6(&l->dest) ? wg_allowedips_lookup6(l->dev->allowedips, dest)
                                  : wg_allowedips_lookup4(l->dev->allowedips, dest);
}

// lookup(netif, address) -> (length of the prefix in AllowedIPs that it has, instructions)
static mp_obj_t bench_lookup(mp_obj_t netif, mp_obj_t address) {
    lookup_t l = { .dev = device_of(netif) };
    wg_arg_ip(address, &l.dest);
    overhead = (cost_t) { 0, 0 };
    overhead = measure(nothing, NULL);
    uint32_t instructions = measure(lookup, &l).instructions;
    mp_obj_t items[] = { MP_OBJ_NEW_SMALL_INT(l.route.len), mp_obj_new_int_from_uint(instructions) };
    return mp_obj_new_tuple(2, items);
}
static MP_DEFINE_CONST_FUN_OBJ_2(bench_lookup_obj, bench_lookup);

// traffic(netif, packet, dest, count) -> (packets that came out of another netif, bytes of Python's
// heap that this took, calls of the virtual machine)
static mp_obj_t bench_traffic(size_t n_args, const mp_obj_t *args) {
    (void)n_args;
    wg_device_t *dev = device_of(args[0]);
    ip_addr_t dest;
    wg_arg_ip(args[2], &dest);
    struct pbuf *p = pbuf_of(args[1]);
    gc_info_t before, after;
    gc_info(&before);
    uint32_t bytecode_before = bytecode;
    sink = true;
    sunk = 0;
    for (mp_int_t left = mp_obj_get_int(args[3]); left > 0; left--) {
        dev->netif.output(&dev->netif, p, ip_2_ip4(&dest));
        netif_poll_all();
        sys_check_timeouts();
        mp_handle_pending(true);
    }
    sink = false;
    gc_info(&after);
    pbuf_free(p);
    mp_obj_t items[] = {
        mp_obj_new_int_from_uint(sunk), mp_obj_new_int(after.used - before.used),
        mp_obj_new_int_from_uint(bytecode - bytecode_before),
    };
    return mp_obj_new_tuple(MP_ARRAY_SIZE(items), items);
}
static MP_DEFINE_CONST_FUN_OBJ_VAR_BETWEEN(bench_traffic_obj, 4, 4, bench_traffic);

// spent() -> (instructions, those of them in X25519, calls of X25519) since the start, modulo 2^30
static mp_obj_t bench_spent(void) {
    uint32_t mask = 0x3fffffff;
    mp_obj_t items[] = {
        MP_OBJ_NEW_SMALL_INT(count() & mask), MP_OBJ_NEW_SMALL_INT(dh & mask),
        MP_OBJ_NEW_SMALL_INT(dh_calls & mask),
    };
    return mp_obj_new_tuple(MP_ARRAY_SIZE(items), items);
}
static MP_DEFINE_CONST_FUN_OBJ_0(bench_spent_obj, bench_spent);

// quiet(bool): whether lwIP loses its turns for now
extern bool board_quiet;
static mp_obj_t bench_quiet(mp_obj_t quiet) {
    board_quiet = mp_obj_is_true(quiet);
    return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_1(bench_quiet_obj, bench_quiet);

static mp_obj_t bench_heap(void) {
    return mp_obj_new_int_from_uint(heap_used());
}
static MP_DEFINE_CONST_FUN_OBJ_0(bench_heap_obj, bench_heap);

static struct netif underlay;

static err_t underlay_output(struct netif *netif, struct pbuf *p, const ip4_addr_t *dest) {
    (void)netif, (void)p, (void)dest;
    return ERR_OK;
}

static err_t underlay_init(struct netif *netif) {
    netif->name[0] = 'u';
    netif->name[1] = 'l';
    netif->output = underlay_output;
    netif->mtu = 1500;
    netif->flags |= NETIF_FLAG_BROADCAST;
    return ERR_OK;
}

// underlay(): an interface with a gateway, 192.0.2.2/24; what goes out is lost
static mp_obj_t bench_underlay(void) {
    ip4_addr_t addr, mask, gw;
    IP4_ADDR(&addr, 192, 0, 2, 2);
    IP4_ADDR(&mask, 255, 255, 255, 0);
    IP4_ADDR(&gw, 192, 0, 2, 1);
    netif_add(&underlay, &addr, &mask, &gw, NULL, underlay_init, ip_input);
    netif_set_link_up(&underlay);
    netif_set_up(&underlay);
    netif_set_default(&underlay);
    return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_0(bench_underlay_obj, bench_underlay);

// The hooks through which lwIP asks the tunnel about every packet.
typedef struct {
    struct pbuf *p;
    struct netif *inp;
    ip4_addr_t dest;
    bool answer;
} hook_t;

static void filter(void *arg) {
    hook_t *h = arg;
    h->answer = wg_ip4_input_hook(h->p, h->inp) != 0;
}

static void route(void *arg) {
    hook_t *h = arg;
    h->answer = wg_ip4_route_hook(NULL, &h->dest) != NULL;
}

// filter(netif, packet, inside) -> instructions to let an IPv4 packet in, from the tunnel or beside it
static mp_obj_t bench_filter(mp_obj_t netif, mp_obj_t bytes, mp_obj_t inside) {
    hook_t h = { .p = pbuf_of(bytes) };
    h.inp = mp_obj_is_true(inside) ? &device_of(netif)->netif : &underlay;
    overhead = (cost_t) { 0, 0 };
    overhead = measure(nothing, NULL);
    uint32_t instructions = measure(filter, &h).instructions;
    if (!h.answer) {
        pbuf_free(h.p);
    }
    return h.answer ? mp_const_none : mp_obj_new_int_from_uint(instructions);
}
static MP_DEFINE_CONST_FUN_OBJ_3(bench_filter_obj, bench_filter);

// route(address) -> instructions to find out whether that is in the tunnel
static mp_obj_t bench_route(mp_obj_t address) {
    ip_addr_t ip;
    wg_arg_ip(address, &ip);
    hook_t h = { .dest = *ip_2_ip4(&ip) };
    overhead = (cost_t) { 0, 0 };
    overhead = measure(nothing, NULL);
    return mp_obj_new_int_from_uint(measure(route, &h).instructions);
}
static MP_DEFINE_CONST_FUN_OBJ_1(bench_route_obj, bench_route);

typedef struct {
    struct tcp_pcb pcb;
    struct tcp_hdr header;
    struct pbuf data;
    err_t answer;
} segment_t;

static void window(void *arg) {
    segment_t *s = arg;
    s->answer = wg_tcp_input_hook(&s->pcb, &s->header, &s->data);
}

// window() -> instructions to let a TCP segment in that comes in order
static mp_obj_t bench_window(void) {
    static segment_t s;
    s.pcb.state = ESTABLISHED;
    s.pcb.rcv_wnd = 5760;
    s.data.tot_len = 1380;
    overhead = (cost_t) { 0, 0 };
    overhead = measure(nothing, NULL);
    uint32_t instructions = measure(window, &s).instructions;
    return s.answer != ERR_OK ? mp_const_none : mp_obj_new_int_from_uint(instructions);
}
static MP_DEFINE_CONST_FUN_OBJ_0(bench_window_obj, bench_window);

// sizes() -> (device, peer, keypair): bytes of the tunnel's structures
static mp_obj_t bench_sizes(void) {
    mp_obj_t items[] = {
        MP_OBJ_NEW_SMALL_INT(sizeof(wg_device_t)), MP_OBJ_NEW_SMALL_INT(sizeof(wg_peer_t)),
        MP_OBJ_NEW_SMALL_INT(sizeof(wg_keypair_t)),
    };
    return mp_obj_new_tuple(MP_ARRAY_SIZE(items), items);
}
static MP_DEFINE_CONST_FUN_OBJ_0(bench_sizes_obj, bench_sizes);

// netifs() -> names of lwIP's interfaces
static mp_obj_t bench_netifs(void) {
    mp_obj_t list = mp_obj_new_list(0, NULL);
    struct netif *netif;
    NETIF_FOREACH(netif) {
        mp_obj_list_append(list, mp_obj_new_str(netif->name, 2));
    }
    return list;
}
static MP_DEFINE_CONST_FUN_OBJ_0(bench_netifs_obj, bench_netifs);

static const mp_rom_map_elem_t globals_table[] = {
    { MP_ROM_QSTR(MP_QSTR___name__), MP_ROM_QSTR(MP_QSTR__bench) },
    { MP_ROM_QSTR(MP_QSTR_output), MP_ROM_PTR(&bench_output_obj) },
    { MP_ROM_QSTR(MP_QSTR_input), MP_ROM_PTR(&bench_input_obj) },
    { MP_ROM_QSTR(MP_QSTR_turn), MP_ROM_PTR(&bench_turn_obj) },
    { MP_ROM_QSTR(MP_QSTR_aead), MP_ROM_PTR(&bench_aead_obj) },
    { MP_ROM_QSTR(MP_QSTR_filter), MP_ROM_PTR(&bench_filter_obj) },
    { MP_ROM_QSTR(MP_QSTR_route), MP_ROM_PTR(&bench_route_obj) },
    { MP_ROM_QSTR(MP_QSTR_window), MP_ROM_PTR(&bench_window_obj) },
    { MP_ROM_QSTR(MP_QSTR_lookup), MP_ROM_PTR(&bench_lookup_obj) },
    { MP_ROM_QSTR(MP_QSTR_traffic), MP_ROM_PTR(&bench_traffic_obj) },
    { MP_ROM_QSTR(MP_QSTR_spent), MP_ROM_PTR(&bench_spent_obj) },
    { MP_ROM_QSTR(MP_QSTR_quiet), MP_ROM_PTR(&bench_quiet_obj) },
    { MP_ROM_QSTR(MP_QSTR_heap), MP_ROM_PTR(&bench_heap_obj) },
    { MP_ROM_QSTR(MP_QSTR_underlay), MP_ROM_PTR(&bench_underlay_obj) },
    { MP_ROM_QSTR(MP_QSTR_sizes), MP_ROM_PTR(&bench_sizes_obj) },
    { MP_ROM_QSTR(MP_QSTR_netifs), MP_ROM_PTR(&bench_netifs_obj) },
};
static MP_DEFINE_CONST_DICT(globals, globals_table);

const mp_obj_module_t bench_module = {
    .base = { &mp_type_module },
    .globals = (mp_obj_dict_t *)&globals,
};
MP_REGISTER_MODULE(MP_QSTR__bench, bench_module);
