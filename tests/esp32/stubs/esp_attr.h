// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors

// ESP-IDF's attributes: memory of the RTC.
#pragma once

#define RTC_DATA_ATTR __attribute__((section(".rtc.data")))
