// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors
//
// The REPL's input: from the console, or from where os.dupterm_notify() gets it, WebREPL say.
// MicroPython keeps waiting here, so a turn of it also looks after sockets with callbacks.

#include <poll.h>
#include <unistd.h>

#include "py/mphal.h"
#include "py/runtime.h"
#include "stdin.h"
#include "wake.h"

#define CTRL_D (4)

static uint8_t typed[260];
ringbuf_t stdin_ringbuf = {typed, sizeof(typed), 0, 0};

static bool readable(void) {
    struct pollfd console = {.fd = STDIN_FILENO, .events = POLLIN};
    return poll(&console, 1, 0) > 0;
}

int mp_hal_stdin_rx_chr(void) {
    for (;;) {
        int c = ringbuf_get(&stdin_ringbuf);
        if (c >= 0) {
            return c;
        }
        if (readable()) {
            unsigned char byte;
            if (read(STDIN_FILENO, &byte, 1) != 1) {
                return CTRL_D; // the end of input
            }
            return byte == '\n' ? '\r' : byte;
        }
        wake_wait();
    }
}
