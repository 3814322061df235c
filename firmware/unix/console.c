// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors
//
// A thread reads the terminal, as an interrupt reads a UART, and passes bytes on through a pipe
// that takes the place of standard input. So Ctrl-C interrupts a running program whether or not
// anything reads, with a terminal, a pseudo-terminal that controls nothing, or a pipe.

#define _GNU_SOURCE

#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "py/mphal.h"
#include "py/runtime.h"
#include "console.h"
#include "threads.h"
#include "wake.h"

int mp_interrupt_char = -1; // os.dupterm() looks at it too

static bool started;
static atomic_bool ended; // no more bytes will enter the pipe
static int terminal_fd;
static int pipe_fd;
static bool is_terminal;
static struct termios terminal_mode;

static void interrupt(void) {
    mp_sched_keyboard_interrupt();
    wake_signal();
}

// SIGINT is Ctrl-C typed: it interrupts a program and leaves an idle REPL alone.
static void interrupt_handler(int signal) {
    (void)signal;
    if (mp_interrupt_char >= 0) {
        interrupt();
    }
}

static void console_thread(void *arg) {
    (void)arg;
    char in[256], out[256];
    ssize_t len;
    while ((len = read(terminal_fd, in, sizeof(in))) > 0) {
        size_t kept = 0;
        for (ssize_t i = 0; i < len; i++) {
            if (in[i] == mp_interrupt_char) {
                interrupt();
            } else {
                out[kept++] = in[i];
            }
        }
        if (kept > 0 && write(pipe_fd, out, kept) < 0) {
            break;
        }
    }
    ended = true;
    close(pipe_fd); // the reader sees the end of input
}

void console_start(void) {
    terminal_fd = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3);
    is_terminal = tcgetattr(terminal_fd, &terminal_mode) == 0;
    if (is_terminal) {
        // Bytes as they come. Output keeps its translation of "\n", which a board's driver does.
        struct termios raw = terminal_mode;
        raw.c_iflag &= ~(tcflag_t)(BRKINT | ICRNL | INPCK | ISTRIP | IXON);
        raw.c_oflag |= OPOST | ONLCR;
        raw.c_cflag = (raw.c_cflag & ~(tcflag_t)(CSIZE | PARENB)) | CS8;
        raw.c_lflag = 0;
        raw.c_cc[VMIN] = 1;
        raw.c_cc[VTIME] = 0;
        tcsetattr(terminal_fd, TCSANOW, &raw);
        atexit(console_stop);
    }
    struct sigaction action = {.sa_handler = interrupt_handler};
    sigaction(SIGINT, &action, NULL);

    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) {
        abort();
    }
    dup2(ends[0], STDIN_FILENO);
    close(ends[0]);
    pipe_fd = ends[1];
    started = true;
    thread_start("console", console_thread, NULL);
}

bool console_ended(void) {
    int unread = 0;
    ioctl(STDIN_FILENO, FIONREAD, &unread);
    return ended && unread == 0;
}

void console_stop(void) {
    if (started && is_terminal) {
        tcsetattr(terminal_fd, TCSANOW, &terminal_mode);
    }
    if (started) {
        dup2(terminal_fd, STDIN_FILENO);
    }
}

// ---- what MicroPython calls, in front of the port's own (renamed in mpconfigvariant.mk)

void unix_set_interrupt_char(char c);

void mp_hal_set_interrupt_char(char c) {
    mp_interrupt_char = (signed char)c;
    if (!started) {
        unix_set_interrupt_char(c);
    }
}

mp_uint_t unix_stdout_tx_strn(const char *text, size_t len);

// The REPL writes "\r\n" to a UART; the terminal would make "\r\r\n" of it.
mp_uint_t mp_hal_stdout_tx_strn(const char *text, size_t len) {
    const char *end = text + len;
    while (started && text < end) {
        const char *cr = memchr(text, '\r', (size_t)(end - text));
        if (cr == NULL || cr + 1 == end) {
            break;
        }
        size_t until = (size_t)(cr - text) + (cr[1] != '\n');
        if (until > 0) {
            unix_stdout_tx_strn(text, until);
        }
        text = cr + 1;
    }
    unix_stdout_tx_strn(text, (size_t)(end - text));
    return len;
}

void mp_hal_stdout_tx_str(const char *text) {
    mp_hal_stdout_tx_strn(text, strlen(text));
}
