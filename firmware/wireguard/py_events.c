// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors

// Events of lwIP's thread on their way to Python: one node in MicroPython's scheduler for all
// devices, which needs no memory and cannot be refused, and Netif.event(), which drains.

#include "py/mphal.h"
#include "py/runtime.h"
#if defined(ESP_PLATFORM)
#include "mphalport.h"
#endif

#include "modwireguard.h"
#include "py_netif.h"

#if !MICROPY_SCHEDULER_STATIC_NODES
#error "_wireguard needs MICROPY_SCHEDULER_STATIC_NODES"
#endif

static mp_sched_node_t node;

MP_REGISTER_ROOT_POINTER(struct wg_netif_obj *wg_netifs);

void wg_events_attach(wg_netif_obj_t *self) {
    self->next = MP_STATE_VM(wg_netifs);
    MP_STATE_VM(wg_netifs) = self;
}

void wg_events_detach(wg_netif_obj_t *self) {
    for (wg_netif_obj_t **n = &MP_STATE_VM(wg_netifs); *n != NULL; n = &(*n)->next) {
        if (*n == self) {
            *n = self->next;
            return;
        }
    }
}

// A soft reset empties the scheduler's queue, but leaves the node marked as queued. (The list of open
// Netifs their finalisers have emptied.) An import may also be a second one in the same VM's life.
static mp_obj_t module_init(void) {
    static const mp_sched_node_t empty;
    mp_uint_t state = MICROPY_BEGIN_ATOMIC_SECTION();
    mp_sched_node_t *n = MP_STATE_VM(sched_head);
    while (n != NULL && n != &node) {
        n = n->next;
    }
    if (n == NULL) {
        node = empty;
    }
    MICROPY_END_ATOMIC_SECTION(state);
    return mp_const_none;
}
MP_DEFINE_CONST_FUN_OBJ_0(wg_module_init_obj, module_init);

typedef struct {
    int kind;  // -1: none
    uint8_t slot;
    wg_message_t message;
} event_t;

static bool take_peer_event(wg_device_t *dev, event_t *event) {
    static const struct {
        uint8_t bit;
        uint8_t kind;
    } events[] = {
        { WG_PEER_SESSION, WG_EVENT_SESSION },
        { WG_PEER_ENDPOINT, WG_EVENT_ENDPOINT },
        { WG_PEER_WANTS_HANDSHAKE, WG_EVENT_HANDSHAKE },
    };
    for (uint8_t slot = 0; slot < WG_PEERS_MAX; slot++) {
        wg_peer_t *peer = dev->peers[slot];
        if (peer == NULL || peer->events == 0) {
            continue;
        }
        for (size_t i = 0; i < MP_ARRAY_SIZE(events); i++) {
            if (peer->events & events[i].bit) {
                peer->events &= ~events[i].bit;
                event->kind = events[i].kind;
                event->slot = slot;
                return true;
            }
        }
    }
    return false;
}

// Messages come last: anybody can send them, and a flood must not hide the rest.
static err_t do_event(wg_device_t *dev, void *arg) {
    event_t *event = arg;
    if (dev->wake_fired) {
        dev->wake_fired = false;
        event->kind = WG_EVENT_TICK;
    } else if (dev->answered) {
        dev->answered = false;
        event->kind = WG_EVENT_ANSWER;
    } else if (take_peer_event(dev, event)) {
        return ERR_OK;
    } else if (wg_message_take(dev, &event->message)) {
        event->kind = WG_EVENT_MESSAGE;
    } else {
        event->kind = -1;
        dev->notified = false;
    }
    return ERR_OK;
}

// event() -> the next pending event, or None:
//   (EVENT_MESSAGE, bytes, (host, port)), (EVENT_HANDSHAKE, slot), (EVENT_SESSION, slot),
//   (EVENT_ENDPOINT, slot), (EVENT_TICK,), (EVENT_ANSWER,): see answer()
static mp_obj_t netif_event(mp_obj_t self_in) {
    wg_netif_obj_t *self = MP_OBJ_TO_PTR(self_in);
    if (self->dev == NULL) {
        return mp_const_none;
    }
    event_t event = { 0 };
    wg_on_device(self_in, do_event, &event);
    if (event.kind < 0) {
        return mp_const_none;
    }
    mp_obj_t items[3] = { MP_OBJ_NEW_SMALL_INT(event.kind), MP_OBJ_NEW_SMALL_INT(event.slot) };
    size_t count = 2;
    if (event.kind == WG_EVENT_TICK || event.kind == WG_EVENT_ANSWER) {
        count = 1;
    } else if (event.kind == WG_EVENT_MESSAGE) {
        items[1] = mp_obj_new_bytes(event.message.data, event.message.len);
        items[2] = wg_endpoint_to_tuple(&event.message.source);
        count = 3;
    }
    return mp_obj_new_tuple(count, items);
}
MP_DEFINE_CONST_FUN_OBJ_1(wg_netif_event_obj, netif_event);

typedef struct {
    bool armed;
    uint32_t ms;
} wake_t;

static err_t do_wake(wg_device_t *dev, void *arg) {
    const wake_t *wake = arg;
    dev->wake_armed = wake->armed;
    dev->wake_due_ms = wg_now() + wake->ms;
    wg_timeout_update(dev);
    return ERR_OK;
}

// wake(ms or None): the one EVENT_TICK to come, instead of any asked for before.
static mp_obj_t netif_wake(mp_obj_t self_in, mp_obj_t ms_in) {
    wake_t wake = { 0 };
    if (ms_in != mp_const_none) {
        mp_int_t ms = mp_obj_get_int(ms_in);
        wake.armed = true;
        wake.ms = ms < 0 ? 0 : (uint32_t)MIN(ms, 0x3fffffff);
    }
    wg_on_device(self_in, do_wake, &wake);
    return mp_const_none;
}
MP_DEFINE_CONST_FUN_OBJ_2(wg_netif_wake_obj, netif_wake);

// ERR_OK: there are events.
static err_t do_pending(wg_device_t *dev, void *arg) {
    (void)arg;
    return dev->notified ? ERR_OK : ERR_VAL;
}

static err_t do_notify_later(wg_device_t *dev, void *arg) {
    (void)arg;
    if (dev->notified) {
        wg_notify_later(dev);
    }
    return ERR_OK;
}

// Ctrl-C is for the program, not for its handler.
static void call_handler(wg_netif_obj_t *self) {
    nlr_buf_t nlr;
    if (nlr_push(&nlr) == 0) {
        mp_call_function_1(self->handler, MP_OBJ_FROM_PTR(self));
        nlr_pop();
        return;
    }
    mp_obj_t exc = MP_OBJ_FROM_PTR(nlr.ret_val);
    if (mp_obj_is_subclass_fast(MP_OBJ_FROM_PTR(mp_obj_get_type(exc)),
        MP_OBJ_FROM_PTR(&mp_type_KeyboardInterrupt))) {
        mp_sched_keyboard_interrupt();
    } else {
        mp_obj_print_exception(MICROPY_ERROR_PRINTER, exc);
    }
}

static void run_handlers(mp_sched_node_t *n) {
    (void)n;
    wg_netif_obj_t *next;
    for (wg_netif_obj_t *self = MP_STATE_VM(wg_netifs); self != NULL; self = next) {
        next = self->next;
        if (self->dev == NULL) {
            continue;  // a handler before closed it
        }
        if (wg_on_device(MP_OBJ_FROM_PTR(self), do_pending, NULL) != ERR_OK) {
            continue;
        }
        call_handler(self);
        if (self->dev != NULL) {
            // If it failed, or left events so that the rest of the program gets its turn: scheduling
            // the node here would run it again before anything else. lwIP's thread does it, later.
            wg_on_device(MP_OBJ_FROM_PTR(self), do_notify_later, NULL);
        }
    }
}

void wg_notify_python(void) {
    mp_sched_schedule_node(&node, run_handlers);
    #if defined(ESP_PLATFORM)
    mp_hal_wake_main_task();
    #endif
}
