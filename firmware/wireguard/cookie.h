// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors

// Cookies that we give out: whitepaper sections 5.3, 5.4.4 and 5.4.7. (Those that we are given are
// Python's, with the handshakes.)
//
// A cookie is a MAC of where a message came from, under a secret that changes every two minutes. So
// nothing has to be remembered of who was given one. Neither lwIP nor MicroPython in here.
#ifndef WG_COOKIE_H
#define WG_COOKIE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "protocol.h"

#define WG_COOKIE_SOURCE_LEN 18  // address and port in network order; IPv4 leaves the rest zero

typedef struct wg_cookies {
    uint8_t mac1_key[WG_KEY_LEN];     // HASH(LABEL_MAC1 || our public key)
    uint8_t reply_key[WG_KEY_LEN];    // HASH(LABEL_COOKIE || our public key)
    uint8_t seed[WG_KEY_LEN];         // secrets to come are derived from it, those past are not
    uint8_t secret[WG_KEY_LEN];       // cookies are a MAC under it
    uint8_t nonce_key[WG_KEY_LEN];    // and nonces are of their number under this one
    uint32_t nonces;
    uint32_t secret_ms;
    bool seeded;
    bool has_secret;
} wg_cookies_t;

void wg_cookies_init(wg_cookies_t *c, const uint8_t public_key[WG_KEY_LEN]);

// 32 unpredictable bytes. Without, there are no cookies.
void wg_cookies_seed(wg_cookies_t *c, const uint8_t seed[WG_KEY_LEN]);

// `message` is a handshake message of type 1 or 2, of the right length.
bool wg_mac1_is_valid(const wg_cookies_t *c, const uint8_t *message, size_t len);
bool wg_mac2_is_valid(wg_cookies_t *c, const uint8_t *message, size_t len,
    const uint8_t source[WG_COOKIE_SOURCE_LEN], uint32_t now_ms);

// The answer to a message whose mac1 is valid. False: not seeded.
bool wg_cookie_reply(wg_cookies_t *c, uint8_t reply[WG_COOKIE_REPLY_LEN], const uint8_t *message,
    size_t len, const uint8_t source[WG_COOKIE_SOURCE_LEN], uint32_t now_ms);

#endif // WG_COOKIE_H
