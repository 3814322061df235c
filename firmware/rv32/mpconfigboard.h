// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors

// The qemu port's configuration, and what a board with a network has beyond it.

#include "mpconfigport.h"

#undef MICROPY_PY_SELECT
#define MICROPY_PY_SELECT (1)
#undef MICROPY_PY_ASYNCIO
#define MICROPY_PY_ASYNCIO (1)

#undef MICROPY_PY_TIME
#define MICROPY_PY_TIME (1)
#define MICROPY_PY_TIME_GMTIME_LOCALTIME_MKTIME (1)
#define MICROPY_PY_TIME_TIME_TIME_NS (1)
#define MICROPY_PY_TIME_INCLUDEFILE "rv32/modtime.c"
#define MICROPY_EPOCH_IS_1970 (1)

#define MICROPY_PY_OS_URANDOM (1)
#define MICROPY_PY_OS_INCLUDEFILE "rv32/modos.c"

#define MICROPY_ENABLE_SCHEDULER (1)
#define MICROPY_SCHEDULER_DEPTH (8)
#define MICROPY_SCHEDULER_STATIC_NODES (1)

#define MICROPY_PY_LWIP_SOCK_RAW (1)

// lwIP runs on Python's thread, wherever Python waits and now and then between bytecodes.
void board_init(void);
void board_poll(void);
void board_wait(int ms);
#define MICROPY_PORT_INIT_FUNC board_init()
#define MICROPY_INTERNAL_EVENT_HOOK board_poll()
#define MICROPY_INTERNAL_WFE(ms) board_wait(ms)
#define MICROPY_VM_HOOK_COUNT (100)
#define MICROPY_VM_HOOK_INIT static unsigned int vm_hook_left = MICROPY_VM_HOOK_COUNT;
#define MICROPY_VM_HOOK_POLL \
    if (--vm_hook_left == 0) { \
        vm_hook_left = MICROPY_VM_HOOK_COUNT; \
        board_poll(); \
    }
#define MICROPY_VM_HOOK_LOOP MICROPY_VM_HOOK_POLL
#define MICROPY_VM_HOOK_RETURN MICROPY_VM_HOOK_POLL
