// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors
//
// Waking the main thread out of whatever it sleeps in.
#pragma once

void wake_init(void);
void wake_main(void);
void wake_wait(void);
