// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors

// MicroPython's esp32.NVS opens a handle and never closes it: 48 bytes for ever, each time a soft reset
// makes the object anew. So our namespace is opened once, and who opens it again gets the same handle.
// The linker sends all calls here (micropython.cmake). Python's thread, under its lock.

#include <stdbool.h>
#include <string.h>

#include "nvs.h"

#define OUR_NAMESPACE "wireguard"

esp_err_t __real_nvs_open(const char *name, nvs_open_mode_t mode, nvs_handle_t *handle);
esp_err_t __wrap_nvs_open(const char *name, nvs_open_mode_t mode, nvs_handle_t *handle);

esp_err_t __wrap_nvs_open(const char *name, nvs_open_mode_t mode, nvs_handle_t *handle) {
    static nvs_handle_t ours;
    static bool is_open;

    if (mode != NVS_READWRITE || strcmp(name, OUR_NAMESPACE) != 0) {
        return __real_nvs_open(name, mode, handle);
    }
    if (!is_open) {
        esp_err_t error = __real_nvs_open(name, mode, &ours);
        if (error != ESP_OK) {
            return error;
        }
        is_open = true;
    }
    *handle = ours;
    return ESP_OK;
}
