// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors

// ESP-IDF: noise of the ADC for the hardware generator.
#pragma once

void bootloader_random_enable(void);
void bootloader_random_disable(void);
