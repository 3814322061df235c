// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors

// ESP-IDF's event loop.
#pragma once

#include <stdint.h>
#include "esp_err.h"
#define ESP_EVENT_ANY_ID (-1)
typedef const char *esp_event_base_t;
typedef void (*esp_event_handler_t)(void *arg, esp_event_base_t base, int32_t id, void *data);
esp_err_t esp_event_handler_register(esp_event_base_t base, int32_t id, esp_event_handler_t handler,
    void *arg);
