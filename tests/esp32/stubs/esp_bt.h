// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors

// As much of ESP-IDF's Bluetooth controller as tells whether it is on.
#pragma once

typedef enum {
    ESP_BT_CONTROLLER_STATUS_IDLE = 0,
    ESP_BT_CONTROLLER_STATUS_ENABLED = 2,
} esp_bt_controller_status_t;
esp_bt_controller_status_t esp_bt_controller_get_status(void);
