// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors

// What the chip has.
#pragma once

#ifndef SOC_WIFI_SUPPORTED
#define SOC_WIFI_SUPPORTED 1
#endif
