// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors

// IPv6 of the underlay, for endpoints that are reached by it. ESP-IDF speaks IPv6 on a netif that has
// a link-local address, and MicroPython gives it none. With one, a router's announcement does the rest.

#include <stdbool.h>
#include <stddef.h>

#include "esp_eth.h"
#include "esp_event.h"
#include "esp_netif.h"
#include "esp_wifi.h"
#include "soc/soc_caps.h"

#include "ipv6.h"

// The netif, by ESP-IDF's name for it, loses its addresses with the link. One that is not up gets none.
static void connected(void *key, esp_event_base_t base, int32_t id, void *data) {
    (void)base, (void)id, (void)data;
    esp_netif_t *netif = esp_netif_get_handle_from_ifkey(key);
    if (netif != NULL) {
        esp_netif_create_ip6_linklocal(netif);
    }
}

static esp_err_t follow(esp_event_base_t base, int32_t id, char *key) {
    esp_err_t err = esp_event_handler_register(base, id, connected, key);
    if (err == ESP_OK) {
        connected(key, base, id, NULL);
    }
    return err;
}

esp_err_t wg_ipv6_enable(void) {
    static bool enabled;
    if (enabled) {
        return ESP_OK;
    }
    enabled = true;
    esp_err_t err = follow(ETH_EVENT, ETHERNET_EVENT_CONNECTED, "ETH_DEF");
    #if SOC_WIFI_SUPPORTED
    if (err == ESP_OK) {
        err = follow(WIFI_EVENT, WIFI_EVENT_STA_CONNECTED, "WIFI_STA_DEF");
    }
    #endif
    return err;
}
