// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors

// A function that few packets go through, in a file that is built for speed: it and what only it calls
// are built for size, and branches towards it are the unlikely ones.
#ifndef WG_CRYPTO_COLD_H
#define WG_CRYPTO_COLD_H

#define WG_COLD __attribute__((cold))

#endif
