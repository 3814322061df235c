// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors
//
// The board's console: standard input and output behave as a board's UART and its REPL do.
#pragma once

#include <stdbool.h>

void console_start(void);

// True when input has ended: nobody will type again.
bool console_ended(void);

// Gives the terminal back as it was; before another program, or another image, takes over.
void console_stop(void);
