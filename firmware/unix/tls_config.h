// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors
//
// What Debian's Mbed TLS has and MicroPython's module is not to use.

#undef MBEDTLS_DEBUG_C
