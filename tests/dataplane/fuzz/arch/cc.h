// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors
#pragma once

#include <stdio.h>
#include <stdlib.h>

unsigned fuzz_random(void);
#define LWIP_RAND() fuzz_random()
#define LWIP_PLATFORM_DIAG(arguments) do { printf arguments; } while (0)
#define LWIP_PLATFORM_ASSERT(message) do { fprintf(stderr, "%s\n", message); abort(); } while (0)
