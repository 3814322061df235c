// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors

// Mbed TLS behind our functions' names, for the comparison: its generic elliptic curve code on
// Curve25519, and its ChaCha20-Poly1305. It has no BLAKE2s.
#include <string.h>

#include "chacha20poly1305.h"
#include "mbedtls/chachapoly.h"
#include "mbedtls/ecp.h"
#include "x25519.h"

// Big numbers live on a heap: blocks of one size, taken in turn and given back.
enum { BLOCK = 256, BLOCKS = 128 };
static uint64_t heap[BLOCKS][BLOCK / 8];
static uint8_t used[BLOCKS];

void *calloc(size_t n, size_t size) {
    for (int i = 0; n * size <= BLOCK && i < BLOCKS; i++) {
        if (!used[i]) {
            used[i] = 1;
            return memset(heap[i], 0, n * size);
        }
    }
    return NULL;
}

void free(void *p) {
    if (p) {
        used[(uint64_t (*)[BLOCK / 8])p - heap] = 0;
    }
}

static int no_random(void *context, unsigned char *out, size_t len) {
    (void)context;
    memset(out, 0x55, len);
    return 0;
}

bool wg_x25519(uint8_t out[32], const uint8_t scalar[32], const uint8_t point[32]) {
    mbedtls_ecp_group group;
    mbedtls_ecp_point q, result;
    mbedtls_mpi d;
    uint8_t u[32];
    memcpy(u, point, 32);
    mbedtls_ecp_group_init(&group);
    mbedtls_ecp_point_init(&q);
    mbedtls_ecp_point_init(&result);
    mbedtls_mpi_init(&d);
    uint8_t clamped[32];
    memcpy(clamped, scalar, 32);
    clamped[0] &= 248;
    clamped[31] = (clamped[31] & 127) | 64;
    bool ok = mbedtls_ecp_group_load(&group, MBEDTLS_ECP_DP_CURVE25519) == 0
        && mbedtls_ecp_point_read_binary(&group, &q, u, 32) == 0
        && mbedtls_mpi_read_binary_le(&d, clamped, 32) == 0
        && mbedtls_ecp_mul(&group, &result, &d, &q, no_random, NULL) == 0
        && mbedtls_mpi_write_binary_le(&result.X, out, 32) == 0;
    mbedtls_mpi_free(&d);
    mbedtls_ecp_point_free(&result);
    mbedtls_ecp_point_free(&q);
    mbedtls_ecp_group_free(&group);
    return ok;
}

void wg_x25519_base(uint8_t out[32], const uint8_t scalar[32]) {
    static const uint8_t nine[32] = { 9 };
    wg_x25519(out, scalar, nine);
}

static void make_nonce(uint8_t nonce[12], uint64_t counter) {
    memset(nonce, 0, 4);
    memcpy(nonce + 4, &counter, 8);
}

void wg_seal(uint8_t *dst, const uint8_t *src, size_t len, const uint8_t *ad, size_t ad_len,
    uint64_t counter, const uint8_t key[32]) {
    mbedtls_chachapoly_context c;
    uint8_t nonce[12];
    make_nonce(nonce, counter);
    mbedtls_chachapoly_init(&c);
    mbedtls_chachapoly_setkey(&c, key);
    mbedtls_chachapoly_encrypt_and_tag(&c, len, nonce, ad, ad_len, src, dst, dst + len);
    mbedtls_chachapoly_free(&c);
}

bool wg_open(uint8_t *dst, const uint8_t *src, size_t len, const uint8_t *ad, size_t ad_len,
    uint64_t counter, const uint8_t key[32]) {
    mbedtls_chachapoly_context c;
    uint8_t nonce[12];
    make_nonce(nonce, counter);
    mbedtls_chachapoly_init(&c);
    mbedtls_chachapoly_setkey(&c, key);
    int error = mbedtls_chachapoly_auth_decrypt(&c, len - 16, nonce, ad, ad_len, src + len - 16, src, dst);
    mbedtls_chachapoly_free(&c);
    return error == 0;
}
