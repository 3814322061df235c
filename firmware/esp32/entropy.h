// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors

// Unpredictable bytes on a chip whose hardware generator is only as good as its noise.
#ifndef WG_ESP32_ENTROPY_H
#define WG_ESP32_ENTROPY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Fill `out`. False: there is no source of noise, and `out` is untouched. MicroPython's thread only.
bool wg_entropy_random(uint8_t *out, size_t len);

#endif // WG_ESP32_ENTROPY_H
