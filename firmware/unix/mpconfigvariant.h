// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors
//
// What the device on the host is made of: a board's feature level, the ESP32's threading (GIL on)
// and scheduler, and hooks that let other threads wake the main one.

#define MICROPY_CONFIG_ROM_LEVEL (MICROPY_CONFIG_ROM_LEVEL_EXTRA_FEATURES)

#include "variants/mpconfigvariant_common.h"

// Ctrl-C must not throw out of a signal handler: the main thread may not hold the GIL just then.
#undef MICROPY_ASYNC_KBD_INTR
#define MICROPY_ASYNC_KBD_INTR (0)

#define MICROPY_PY_THREAD (1)
#define MICROPY_PY_THREAD_GIL (1)
#define MICROPY_PY_THREAD_RECURSIVE_MUTEX (1)

#define MICROPY_ENABLE_SCHEDULER (1)
#define MICROPY_SCHEDULER_DEPTH (8)
#define MICROPY_SCHEDULER_STATIC_NODES (1)

// The host's mp_hal_wake_main_task(): a callback scheduled by another thread runs at once, whatever
// the main thread sleeps in.
void wake_main(void);
#define MICROPY_SCHED_HOOK_SCHEDULED wake_main()

// Waiting inside MicroPython gives up the GIL and ends early when woken, as on the ESP32.
void wake_wait(void);
#define MICROPY_EVENT_POLL_HOOK wake_wait();

// time.sleep_us() lasts as long as it says, woken or not.
int wake_proof_usleep(unsigned int us);
#define usleep wake_proof_usleep

// The sockets have no host file descriptors: poll them as on the ESP32.
#undef MICROPY_PY_SELECT_POSIX_OPTIMISATIONS
#define MICROPY_PY_SELECT_POSIX_OPTIMISATIONS (0)
#undef MICROPY_PY_SELECT_SELECT
#define MICROPY_PY_SELECT_SELECT (1)

// WebREPL, and what it stands on.
#define MICROPY_PY_SOCKET_EVENTS (1)
#define MICROPY_PY_OS_DUPTERM (1)
#define MICROPY_PY_OS_DUPTERM_NOTIFY (1)
#define MICROPY_PY_WEBSOCKET (1)
#define MICROPY_PY_WEBREPL (1)

#define MICROPY_HW_ENABLE_MDNS_QUERIES (0)
#define MICROPY_HW_ENABLE_MDNS_RESPONDER (0)

// Boards can be reset; the unix port cannot.
extern const struct _mp_obj_fun_builtin_fixed_t board_reset_obj;
extern const struct _mp_obj_fun_builtin_fixed_t board_soft_reset_obj;
extern const struct _mp_obj_fun_builtin_fixed_t board_deepsleep_obj;
extern const struct _mp_obj_fun_builtin_fixed_t board_reset_cause_obj;
extern const struct _mp_obj_fun_builtin_fixed_t board_unique_id_obj;
#define BOARD_PWRON_RESET (1) // the ESP32 port's numbers
#define BOARD_HARD_RESET (2)
#define BOARD_DEEPSLEEP_RESET (4)
#define MICROPY_PY_MACHINE_EXTRA_GLOBALS \
    { MP_ROM_QSTR(MP_QSTR_reset), MP_ROM_PTR(&board_reset_obj) }, \
    { MP_ROM_QSTR(MP_QSTR_soft_reset), MP_ROM_PTR(&board_soft_reset_obj) }, \
    { MP_ROM_QSTR(MP_QSTR_deepsleep), MP_ROM_PTR(&board_deepsleep_obj) }, \
    { MP_ROM_QSTR(MP_QSTR_reset_cause), MP_ROM_PTR(&board_reset_cause_obj) }, \
    { MP_ROM_QSTR(MP_QSTR_PWRON_RESET), MP_ROM_INT(BOARD_PWRON_RESET) }, \
    { MP_ROM_QSTR(MP_QSTR_HARD_RESET), MP_ROM_INT(BOARD_HARD_RESET) }, \
    { MP_ROM_QSTR(MP_QSTR_DEEPSLEEP_RESET), MP_ROM_INT(BOARD_DEEPSLEEP_RESET) }, \
    { MP_ROM_QSTR(MP_QSTR_unique_id), MP_ROM_PTR(&board_unique_id_obj) },

// pyexec drops the exception that ended a script; the board wants main.py's exit status.
void board_after_exec(void *exception);
#define MICROPY_BOARD_AFTER_PYTHON_EXEC(kind, flags, exception, ret) board_after_exec(exception)

#define MICROPY_BANNER_MACHINE "device on the host"
