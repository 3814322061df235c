// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors

// ESP-IDF's clock: microseconds since boot, light sleep included.
#pragma once

#include <stdint.h>
int64_t esp_timer_get_time(void);
