// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors

// The cryptography without a sanitizer's eyes, for the targets whose subject it is not (aead is), which
// would spend nearly all their time on it. What those eyes would see from outside is looked at here
// (ld --wrap): that all that is read and written is the caller's.

#include <sanitizer/asan_interface.h>

#include "crypto/chacha20poly1305.h"

// Its report is the one of any read there.
static void check(const void *at, size_t len) {
    const volatile char *bad = len == 0 ? NULL : __asan_region_is_poisoned((void *)at, len);
    if (bad != NULL) {
        (void)*bad;
    }
}

void __real_wg_seal(uint8_t *dst, const uint8_t *src, size_t len, const uint8_t *ad, size_t ad_len,
    uint64_t counter, const uint8_t key[32]);
void __wrap_wg_seal(uint8_t *dst, const uint8_t *src, size_t len, const uint8_t *ad, size_t ad_len,
    uint64_t counter, const uint8_t key[32]);
void __wrap_wg_seal(uint8_t *dst, const uint8_t *src, size_t len, const uint8_t *ad, size_t ad_len,
    uint64_t counter, const uint8_t key[32]) {
    check(dst, len + WG_TAG_LEN);
    check(src, len);
    check(key, 32);
    __real_wg_seal(dst, src, len, ad, ad_len, counter, key);
}

void __real_wg_seal_padded(uint8_t *dst, const uint8_t *src, size_t len, size_t padding, uint64_t counter,
    const uint8_t key[32]);
void __wrap_wg_seal_padded(uint8_t *dst, const uint8_t *src, size_t len, size_t padding, uint64_t counter,
    const uint8_t key[32]);
void __wrap_wg_seal_padded(uint8_t *dst, const uint8_t *src, size_t len, size_t padding, uint64_t counter,
    const uint8_t key[32]) {
    check(dst, len + padding + WG_TAG_LEN);
    check(src, len);
    check(key, 32);
    __real_wg_seal_padded(dst, src, len, padding, counter, key);
}

bool __real_wg_open(uint8_t *dst, const uint8_t *src, size_t len, const uint8_t *ad, size_t ad_len,
    uint64_t counter, const uint8_t key[32]);
bool __wrap_wg_open(uint8_t *dst, const uint8_t *src, size_t len, const uint8_t *ad, size_t ad_len,
    uint64_t counter, const uint8_t key[32]);
bool __wrap_wg_open(uint8_t *dst, const uint8_t *src, size_t len, const uint8_t *ad, size_t ad_len,
    uint64_t counter, const uint8_t key[32]) {
    check(src, len);
    check(dst, len - WG_TAG_LEN);
    check(key, 32);
    return __real_wg_open(dst, src, len, ad, ad_len, counter, key);
}

void __real_wg_aead_encrypt(wg_aead_t *a, uint8_t *dst, const uint8_t *src, size_t len);
void __wrap_wg_aead_encrypt(wg_aead_t *a, uint8_t *dst, const uint8_t *src, size_t len);
void __wrap_wg_aead_encrypt(wg_aead_t *a, uint8_t *dst, const uint8_t *src, size_t len) {
    check(a, sizeof(*a));
    check(dst, len);
    check(src, len);
    __real_wg_aead_encrypt(a, dst, src, len);
}

void __real_wg_aead_decrypt(wg_aead_t *a, uint8_t *dst, const uint8_t *src, size_t len);
void __wrap_wg_aead_decrypt(wg_aead_t *a, uint8_t *dst, const uint8_t *src, size_t len);
void __wrap_wg_aead_decrypt(wg_aead_t *a, uint8_t *dst, const uint8_t *src, size_t len) {
    check(a, sizeof(*a));
    check(dst, len);
    check(src, len);
    __real_wg_aead_decrypt(a, dst, src, len);
}

void __real_wg_aead_tag(wg_aead_t *a, uint8_t tag[16]);
void __wrap_wg_aead_tag(wg_aead_t *a, uint8_t tag[16]);
void __wrap_wg_aead_tag(wg_aead_t *a, uint8_t tag[16]) {
    check(a, sizeof(*a));
    check(tag, WG_TAG_LEN);
    __real_wg_aead_tag(a, tag);
}
