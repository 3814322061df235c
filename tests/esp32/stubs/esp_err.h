// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors

// ESP-IDF's error type.
#pragma once

typedef int esp_err_t;
#define ESP_OK 0
