// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors

// X25519 (RFC 7748): constant time in scalar and point.

#ifndef WG_X25519_H
#define WG_X25519_H

#include <stdbool.h>
#include <stdint.h>

// out = scalar * point. Clamps the scalar and masks the point's top bit as
// RFC 7748 section 5 demands. False, and out zeroed, when the result is
// all-zero (a low-order point). out may be scalar or point.
bool wg_x25519(uint8_t out[32], const uint8_t scalar[32], const uint8_t point[32]);

// out = scalar * 9: the public key of a private key. out may be scalar.
void wg_x25519_base(uint8_t out[32], const uint8_t scalar[32]);

#endif
