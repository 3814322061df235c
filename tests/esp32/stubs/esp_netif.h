// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors

// ESP-IDF's esp_netif.
#pragma once

#include "esp_err.h"
esp_err_t esp_netif_init(void);
