// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors
//
// The device's clock: the host's, and what tests have skipped of the time. lwIP's timers and
// MicroPython's ticks go by it; the time of day and what waits in the host's kernel do not.
#pragma once

#include <stdint.h>
#include <time.h>

// As clock_gettime().
int device_clock(clockid_t id, struct timespec *t);

// Time passes at once. In steps shorter than the timers that are to be due one after the other.
void clock_skip(uint32_t ms);
