// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors

// ESP-IDF's esp_netif.
#pragma once

#include "esp_err.h"
#include "esp_event.h"
typedef struct esp_netif_obj esp_netif_t;
typedef struct { const void *base; } esp_netif_config_t;
typedef enum { ESP_IF_WIFI_STA = 0, ESP_IF_ETH = 2 } esp_interface_t;
#define ESP_NETIF_DEFAULT_ETH() { 0 }
extern esp_event_base_t const IP_EVENT;
enum { IP_EVENT_ETH_GOT_IP = 4 };
esp_err_t esp_netif_init(void);
esp_netif_t *esp_netif_new(const esp_netif_config_t *config);
esp_err_t esp_netif_attach(esp_netif_t *netif, void *driver);
esp_err_t esp_netif_set_hostname(esp_netif_t *netif, const char *name);
esp_netif_t *esp_netif_get_handle_from_ifkey(const char *key);
esp_err_t esp_netif_create_ip6_linklocal(esp_netif_t *netif);
