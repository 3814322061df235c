// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors

// ESP-IDF's Ethernet driver.
#pragma once

#include <stdint.h>
#include "esp_event.h"
typedef void *esp_eth_handle_t;
typedef struct esp_eth_mac_s esp_eth_mac_t;
typedef struct esp_eth_phy_s esp_eth_phy_t;
typedef struct { uint32_t sw_reset_timeout_ms; } eth_mac_config_t;
typedef struct {
    int32_t phy_addr;
    uint32_t autonego_timeout_ms;
    int reset_gpio_num;
} eth_phy_config_t;
typedef struct {
    esp_eth_mac_t *mac;
    esp_eth_phy_t *phy;
} esp_eth_config_t;
#define ETH_MAC_DEFAULT_CONFIG() { 0 }
#define ETH_PHY_DEFAULT_CONFIG() { 0 }
#define ETH_DEFAULT_CONFIG(emac, ephy) { .mac = emac, .phy = ephy }
typedef enum { ETH_CMD_G_MAC_ADDR, ETH_CMD_S_MAC_ADDR } esp_eth_io_cmd_t;
extern esp_event_base_t const ETH_EVENT;
enum {
    ETHERNET_EVENT_START,
    ETHERNET_EVENT_STOP,
    ETHERNET_EVENT_CONNECTED,
    ETHERNET_EVENT_DISCONNECTED,
};
esp_eth_mac_t *esp_eth_mac_new_openeth(const eth_mac_config_t *config);
esp_eth_phy_t *esp_eth_phy_new_dp83848(const eth_phy_config_t *config);
esp_err_t esp_eth_driver_install(const esp_eth_config_t *config, esp_eth_handle_t *handle);
esp_err_t esp_eth_ioctl(esp_eth_handle_t handle, esp_eth_io_cmd_t command, void *data);
esp_err_t esp_eth_start(esp_eth_handle_t handle);
esp_err_t esp_eth_stop(esp_eth_handle_t handle);
void *esp_eth_new_netif_glue(esp_eth_handle_t handle);
