// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors
#ifndef WG_HOST_FLASH_H
#define WG_HOST_FLASH_H

// The host's directory that is the board's flash; empty for a script.
extern char flash_directory[4096];

#endif
