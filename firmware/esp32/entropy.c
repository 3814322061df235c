// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors

// ESP-IDF: without Wi-Fi or Bluetooth the hardware generator is "pseudo-random only", and os.urandom()
// asks it all the same. Keys want better. So a generator of our own is seeded once a boot from real
// noise, the radio's or, on a board without, that of the ADC; and each request stirs in whatever the
// hardware has, so that the seed is the least there is and not the most.

#include <string.h>

#include "bootloader_random.h"
#include "esp_idf_version.h"
#include "esp_random.h"
#include "sdkconfig.h"
#include "soc/soc_caps.h"
#if SOC_WIFI_SUPPORTED
#include "esp_wifi.h"
#endif
#if CONFIG_BT_ENABLED
#include "esp_bt.h"
#endif

#include "../wireguard/crypto/blake2s.h"
#include "../wireguard/crypto/memory.h"
#include "entropy.h"

#define BLOCK 32
#define SEED (2 * BLOCK)

// ESP-IDF before 5.4 has no ADC noise for these two: the function is there and does nothing.
#if (CONFIG_IDF_TARGET_ESP32C5 || CONFIG_IDF_TARGET_ESP32C61) \
    && ESP_IDF_VERSION < ESP_IDF_VERSION_VAL(5, 4, 0)
#define HAVE_ADC_NOISE 0
#else
#define HAVE_ADC_NOISE 1
#endif

static uint8_t state[BLOCK];
static bool seeded;

static bool radio_is_on(void) {
    #if SOC_WIFI_SUPPORTED
    int8_t power;
    if (esp_wifi_get_max_tx_power(&power) == ESP_OK) {
        return true;  // it answers only while the driver is started
    }
    #endif
    #if CONFIG_BT_ENABLED
    if (esp_bt_controller_get_status() == ESP_BT_CONTROLLER_STATUS_ENABLED) {
        return true;
    }
    #endif
    return false;
}

static bool noise(uint8_t *out, size_t len) {
    if (radio_is_on()) {
        esp_fill_random(out, len);
        return true;
    }
    if (!HAVE_ADC_NOISE) {
        return false;
    }
    bootloader_random_enable();
    esp_fill_random(out, len);
    bootloader_random_disable();
    return true;
}

static bool seed(void) {
    uint8_t bytes[SEED];
    if (!noise(bytes, sizeof(bytes))) {
        return false;
    }
    wg_blake2s(state, BLOCK, NULL, 0, bytes, sizeof(bytes));
    wg_wipe(bytes, sizeof(bytes));
    seeded = true;
    return true;
}

bool wg_entropy_random(uint8_t *out, size_t len) {
    if (!seeded && !seed()) {
        return false;
    }
    uint8_t fresh[BLOCK], block[BLOCK];
    while (len > 0) {
        size_t n = len < BLOCK ? len : BLOCK;
        esp_fill_random(fresh, sizeof(fresh));
        // The old state is gone with this: what was given out cannot be found from what comes.
        wg_kdf((uint8_t *const[]){ state, block }, 2, state, fresh, sizeof(fresh));
        memcpy(out, block, n);
        out += n;
        len -= n;
    }
    wg_wipe(fresh, sizeof(fresh));
    wg_wipe(block, sizeof(block));
    return true;
}
