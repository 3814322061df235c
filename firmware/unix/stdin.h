// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors
//
// What is typed at another terminal than the console (os.dupterm), as in the ports for chips.
#pragma once

#include "py/ringbuf.h"

extern ringbuf_t stdin_ringbuf;
