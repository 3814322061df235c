// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors

// As much of ESP-IDF's Wi-Fi driver as tells whether it is started and when it connects.
#pragma once

#include <stdint.h>
#include "esp_err.h"
#include "esp_event.h"
extern esp_event_base_t const WIFI_EVENT;
enum { WIFI_EVENT_STA_CONNECTED = 4 };
esp_err_t esp_wifi_get_max_tx_power(int8_t *power);
