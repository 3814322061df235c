// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors
//
// The ESP32 port's socket module, as it is, against this build's lwIP. On the chip the POSIX names
// reach lwIP through ESP-IDF's VFS; here they are renamed.

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <strings.h>

#include "lwip/sockets.h"

#define fcntl(fd, command, ...) socket_fcntl(fd, command, ##__VA_ARGS__, 0)
#define socket_fcntl(fd, command, value, ...) lwip_fcntl(fd, command, value)
#define getsockopt lwip_getsockopt
#define select lwip_select

#define SOMAXCONN 2 // the port takes its default backlog from here; the chip's is 2

#pragma GCC diagnostic ignored "-Wsign-compare"
#pragma GCC diagnostic ignored "-Wold-style-declaration"
#pragma GCC diagnostic ignored "-Wmissing-prototypes"
#pragma GCC diagnostic ignored "-Wfloat-conversion"

#include "ports/esp32/modsocket.c"
