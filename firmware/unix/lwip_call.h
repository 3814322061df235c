// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors
//
// Runs a function on lwIP's thread and waits for it.
#pragma once

void lwip_call(void (*function)(void *arg), void *arg);
