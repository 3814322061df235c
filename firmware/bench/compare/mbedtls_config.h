// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors

// The parts of Mbed TLS that the comparison needs.
#define MBEDTLS_BIGNUM_C
#define MBEDTLS_ECP_C
#define MBEDTLS_ECP_DP_CURVE25519_ENABLED
#define MBEDTLS_CHACHA20_C
#define MBEDTLS_POLY1305_C
#define MBEDTLS_CHACHAPOLY_C
#define MBEDTLS_HAVE_ASM
#define MBEDTLS_ECP_NO_INTERNAL_RNG
#if defined(__XTENSA__)
#define MBEDTLS_NO_UDBL_DIVISION        // needs a routine of libgcc
#endif
