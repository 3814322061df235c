// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors

// The options of ESP-IDF that our code asks for, as firmware/esp32/sdkconfig.wireguard sets them.
#pragma once

#define CONFIG_BT_ENABLED 1
#define CONFIG_LWIP_HOOK_IP6_INPUT_CUSTOM 1
#define CONFIG_LWIP_PPP_SUPPORT 1
