// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors
//
// main(): the unix port's when given a script, a board's with --flash DIR. The board's life is the
// ESP32 port's: boot.py, main.py, REPL, and around again after a soft reset.

#define _GNU_SOURCE

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "py/builtin.h"
#include "py/cstack.h"
#include "py/gc.h"
#include "py/mphal.h"
#include "py/mpthread.h"
#include "py/runtime.h"
#include "extmod/vfs.h"
#include "extmod/vfs_posix.h"
#include "shared/readline/readline.h"
#include "shared/runtime/pyexec.h"

#include "capture.h"
#include "console.h"
#include "flash.h"
#include "rtc.h"
#include "wake.h"

#define RESET_MARK "WG_HOST_RESET" // in the environment of a process that a reset starts over
#define STACK_SIZE (40000 * (sizeof(void *) / 4))

int unix_main(int argc, char **argv);
extern long heap_size; // the port's -X heapsize

static char **board_argv;
static bool once;
static int script_status;
static int reset_cause;

static const char usage[] =
    "usage: %s --flash DIR [--once] [-X heapsize=<n>[K|M]]\n"
    "  DIR     the board's flash: boot.py and main.py run from it, /lib is DIR/lib\n"
    "  --once  end after main.py, with its exit status, instead of a REPL\n";

static long parse_size(const char *text) {
    char *end;
    long size = strtol(text, &end, 0);
    size *= *end == 'K' || *end == 'k' ? 1024 : *end == 'M' || *end == 'm' ? 1024 * 1024 : 1;
    return size;
}

static bool parse_arguments(int argc, char **argv) {
    if (argc < 3 || realpath(argv[2], flash_directory) == NULL || chdir(flash_directory) != 0) {
        return false;
    }
    for (int i = 3; i < argc; i++) {
        if (strcmp(argv[i], "--once") == 0) {
            once = true;
        } else if (strcmp(argv[i], "-X") == 0 && i + 1 < argc && strncmp(argv[i + 1], "heapsize=", 9) == 0) {
            heap_size = parse_size(argv[++i] + 9);
        } else {
            return false;
        }
    }
    return heap_size >= 4096;
}

// Called by pyexec after each script or line: 0, or what it ended with.
void board_after_exec(void *exception) {
    script_status = 0;
    if (exception == NULL) {
        return;
    }
    script_status = 1;
    if (mp_obj_is_subclass_fast(((mp_obj_base_t *)exception)->type, MP_OBJ_FROM_PTR(&mp_type_SystemExit))) {
        mp_obj_t value = mp_obj_exception_get_value(MP_OBJ_FROM_PTR(exception));
        mp_int_t status = 0;
        if (value == mp_const_none || mp_obj_get_int_maybe(value, &status)) {
            script_status = status & 0xff;
        }
    }
}

static void mount_flash(void) {
    mp_obj_t root = mp_obj_new_str_from_cstr(flash_directory);
    mp_obj_t args[2] = {
        MP_OBJ_TYPE_GET_SLOT(&mp_type_vfs_posix, make_new)(&mp_type_vfs_posix, 1, 0, &root),
        MP_OBJ_NEW_QSTR(MP_QSTR__slash_),
    };
    mp_vfs_mount(2, args, (mp_map_t *)&mp_const_empty_map);
    MP_STATE_VM(vfs_cur) = MP_STATE_VM(vfs_mount_table);
    (void)!chdir(flash_directory); // a script may have changed it before the reset
}

static void python_start(void *heap) {
    gc_init(heap, (char *)heap + heap_size);
    mp_init();
    MP_STATE_VM(host_call_later) = MP_OBJ_NULL; // a function of the last life
    mount_flash();
    mp_sys_path = mp_obj_new_list(0, NULL);
    mp_obj_list_append(mp_sys_path, MP_OBJ_NEW_QSTR(MP_QSTR_));
    mp_obj_list_append(mp_sys_path, MP_OBJ_NEW_QSTR(MP_QSTR__dot_frozen));
    mp_obj_list_append(mp_sys_path, mp_obj_new_str_from_cstr("/lib"));
    mp_obj_list_init(MP_OBJ_TO_PTR(mp_sys_argv), 0);
    readline_init0();
}

static void python_stop(void) {
    mp_thread_deinit();
    gc_sweep_all(); // finalisers: sockets, files and the tunnel are closed
}

// boot.py, main.py, then the REPL until it asks for a reset.
static void run(void) {
    int result = pyexec_file_if_exists("boot.py");
    if (result & PYEXEC_FORCED_EXIT) {
        return;
    }
    if (pyexec_mode_kind == PYEXEC_MODE_FRIENDLY_REPL && result != 0) {
        result = pyexec_file_if_exists("main.py");
        if (result & PYEXEC_FORCED_EXIT) {
            return;
        }
    }
    while (!once) {
        if (pyexec_mode_kind == PYEXEC_MODE_RAW_REPL ? pyexec_raw_repl() : pyexec_friendly_repl()) {
            return;
        }
    }
}

static MP_NOINLINE int board_main(void) {
    void *heap = malloc((size_t)heap_size);
    for (;;) {
        python_start(heap);
        run();
        python_stop();
        if (once || console_ended()) {
            return once ? script_status : 0;
        }
        mp_hal_stdout_tx_str("MPY: soft reboot\r\n");
        mp_deinit();
        mp_thread_init();
    }
}

// ---- machine

// The process starts over: what a reset does to a chip. Standard streams stay. Until then the chip
// sleeps, all else off.
static NORETURN void start_over(int cause, unsigned sleep_ms) {
    char text[8];
    snprintf(text, sizeof(text), "%d", cause);
    console_stop();
    wake_deinit();
    close_range(3, ~0u, 0);
    struct timespec left = {sleep_ms / 1000, sleep_ms % 1000 * 1000000L};
    while (nanosleep(&left, &left) < 0) {
    }
    setenv(RESET_MARK, text, 1);
    if (cause == BOARD_DEEPSLEEP_RESET) {
        rtc_keep();
    }
    execv("/proc/self/exe", board_argv);
    _exit(127);
}

static mp_obj_t board_reset(void) {
    start_over(BOARD_HARD_RESET, 0);
}
MP_DEFINE_CONST_FUN_OBJ_0(board_reset_obj, board_reset);

static mp_obj_t board_deepsleep(mp_obj_t ms) {
    mp_int_t sleep_ms = mp_obj_get_int(ms);
    if (sleep_ms < 0) {
        mp_raise_ValueError(NULL);
    }
    start_over(BOARD_DEEPSLEEP_RESET, sleep_ms);
}
MP_DEFINE_CONST_FUN_OBJ_1(board_deepsleep_obj, board_deepsleep);

static mp_obj_t board_reset_cause(void) {
    return MP_OBJ_NEW_SMALL_INT(reset_cause);
}
MP_DEFINE_CONST_FUN_OBJ_0(board_reset_cause_obj, board_reset_cause);

static mp_obj_t board_soft_reset(void) {
    mp_raise_type(&mp_type_SystemExit);
}
MP_DEFINE_CONST_FUN_OBJ_0(board_soft_reset_obj, board_soft_reset);

static mp_obj_t board_unique_id(void) {
    static const byte id[6] = {0x02, 0x57, 0x47, 0x00, 0x02, 0x0f};
    return mp_obj_new_bytes(id, sizeof(id));
}
MP_DEFINE_CONST_FUN_OBJ_0(board_unique_id_obj, board_unique_id);

int main(int argc, char **argv) {
    board_argv = argv;
    wake_init();
    const char *mark = getenv(RESET_MARK);
    reset_cause = mark ? atoi(mark) : BOARD_PWRON_RESET;
    capture_open_from_environment(mark != NULL);
    unsetenv(RESET_MARK);
    rtc_restore();
    if (argc < 2 || strcmp(argv[1], "--flash") != 0) {
        return unix_main(argc, argv);
    }
    if (!parse_arguments(argc, argv)) {
        fprintf(stderr, usage, argv[0]);
        return 2;
    }
    signal(SIGPIPE, SIG_IGN);
    mp_thread_init();
    mp_cstack_init_with_sp_here(STACK_SIZE);
    console_start();
    int status = board_main();
    exit(status);
}
