// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors

#ifndef WG_ESP32_IPV6_H
#define WG_ESP32_IPV6_H

#include "esp_err.h"

// Give Wi-Fi and Ethernet IPv6 whenever they connect, from now on; idempotent. The interface has to be
// active: ESP-IDF's own handler must have come first.
esp_err_t wg_ipv6_enable(void);

#endif // WG_ESP32_IPV6_H
