// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors

// As much of ESP-IDF's Wi-Fi driver as tells whether it is started.
#pragma once

#include <stdint.h>
#include "esp_err.h"
esp_err_t esp_wifi_get_max_tx_power(int8_t *power);
