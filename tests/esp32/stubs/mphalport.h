// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors

// MicroPython's ESP32 port: wake the task that runs Python.
#pragma once

void mp_hal_wake_main_task(void);
