// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors
//
// lwIP's view of the compiler and C library.
#pragma once

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/select.h>
#include <sys/time.h>
#include <sys/types.h>

#define LWIP_TIMEVAL_PRIVATE 0
#define LWIP_ERRNO_STDINCLUDE 1

typedef int sys_prot_t;

unsigned int sys_random(void);
#define LWIP_RAND() sys_random()

// Loud in every build: NDEBUG, which the port sets, must not silence lwIP.
_Noreturn void sys_assert_failed(const char *message, const char *file, int line);
#define LWIP_PLATFORM_ASSERT(message) sys_assert_failed(message, __FILE__, __LINE__)
#define LWIP_PLATFORM_DIAG(arguments) do { printf arguments; } while (0)
