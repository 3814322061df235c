// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors

// ESP-IDF's noise for entropy.c on the host: what is on, what was asked, and a log of it.

#include <stdio.h>
#include <string.h>

#include "bootloader_random.h"
#include "esp_bt.h"
#include "esp_random.h"
#include "esp_wifi.h"
#include "lwip_compat.h"

int wifi_started, bluetooth_on;
uint8_t noise;       // what the hardware generator answers, whatever is on
char calls[4096];

static void log_call(const char *text) {
    strncat(calls, text, sizeof(calls) - strlen(calls) - 1);
}

esp_err_t esp_wifi_get_max_tx_power(int8_t *power) {
    *power = 80;
    return wifi_started ? ESP_OK : 0x3002;
}

esp_bt_controller_status_t esp_bt_controller_get_status(void) {
    return bluetooth_on ? ESP_BT_CONTROLLER_STATUS_ENABLED : ESP_BT_CONTROLLER_STATUS_IDLE;
}

void bootloader_random_enable(void) {
    log_call("enable ");
}

void bootloader_random_disable(void) {
    log_call("disable ");
}

void esp_fill_random(void *buf, size_t len) {
    char text[32];
    snprintf(text, sizeof(text), "fill(%u) ", (unsigned)len);
    log_call(text);
    memset(buf, noise, len);
}

int64_t esp_timer_get_time(void) {
    return 0;
}

uint32_t ms_of_us(uint64_t us) {
    return wg_ms_of_us(us);
}
