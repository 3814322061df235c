// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors

// What field.c needs of machine.h, on the host: there the portable C multiplies.
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "machine.h"

int machine_open(const char *name, int mode) {
    return mode == MACHINE_READ ? open(name, O_RDONLY) : open(name, O_WRONLY | O_CREAT, 0644);
}

size_t machine_read(int file, void *buf, size_t len) {
    return read(file, buf, len);
}

size_t machine_write(int file, const void *buf, size_t len) {
    return write(file, buf, len);
}

void machine_exit(int status) {
    exit(status);
}
