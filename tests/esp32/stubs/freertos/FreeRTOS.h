// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors

// The tick of FreeRTOS as MicroPython sets it: 100 a second.
#pragma once

#define portTICK_PERIOD_MS 10
