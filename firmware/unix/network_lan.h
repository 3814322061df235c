// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors
//
// network.LAN of the host device.
#pragma once

#include "py/obj.h"

extern const mp_obj_type_t network_lan_type;
