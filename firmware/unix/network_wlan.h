// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors
//
// Values of the ESP32 port's constants, so that programs cannot tell the difference.
#pragma once

#include "py/obj.h"

enum { WIFI_IF_STA, WIFI_IF_AP };

enum {
    STAT_BEACON_TIMEOUT = 200,
    STAT_NO_AP_FOUND = 201,
    STAT_WRONG_PASSWORD = 202,
    STAT_ASSOC_FAIL = 203,
    STAT_HANDSHAKE_TIMEOUT = 204,
    STAT_IDLE = 1000,
    STAT_CONNECTING = 1001,
    STAT_GOT_IP = 1010,
};

extern const mp_obj_type_t network_wlan_type;
