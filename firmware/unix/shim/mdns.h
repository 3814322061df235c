// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors
//
// modsocket.c includes it; multicast DNS is off on the host.
#pragma once
