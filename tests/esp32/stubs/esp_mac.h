// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors

// The addresses that ESP-IDF gives its interfaces.
#pragma once

#include <stdint.h>
#include "esp_err.h"
typedef enum { ESP_MAC_ETH = 3 } esp_mac_type_t;
esp_err_t esp_read_mac(uint8_t *mac, esp_mac_type_t type);
