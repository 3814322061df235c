// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors

// ESP-IDF's Ethernet events.
#pragma once

#include "esp_event.h"
extern esp_event_base_t const ETH_EVENT;
enum { ETHERNET_EVENT_CONNECTED = 2 };
