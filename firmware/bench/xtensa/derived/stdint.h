// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors

// The compiler's own, which it hides behind a C library that is not there.
#include <stdint-gcc.h>
