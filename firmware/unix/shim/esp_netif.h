// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors
//
// As much of ESP-IDF's esp_netif.h as MicroPython's ports/esp32/modsocket.c and modnetwork.h need.
#pragma once

#include "lwip/opt.h"
#include "lwip/netif.h"

typedef int esp_err_t;
typedef int esp_interface_t;
typedef struct netif esp_netif_t;

#define ESP_OK 0

// Starts lwIP and its thread; harmless when they run already.
esp_err_t esp_netif_init(void);
