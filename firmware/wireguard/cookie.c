// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors

#include <string.h>

#include "cookie.h"
#include "crypto/blake2s.h"
#include "crypto/chacha20poly1305.h"
#include "crypto/memory.h"

#define SECRET_LIFETIME_MS 120000

static void labelled(uint8_t key[WG_KEY_LEN], const char label[8], const uint8_t *public_key) {
    wg_blake2s_t state;
    wg_blake2s_init(&state, WG_KEY_LEN, NULL, 0);
    wg_blake2s_update(&state, (const uint8_t *)label, 8);
    wg_blake2s_update(&state, public_key, WG_KEY_LEN);
    wg_blake2s_final(&state, key);
}

void wg_cookies_init(wg_cookies_t *c, const uint8_t public_key[WG_KEY_LEN]) {
    memset(c, 0, sizeof(*c));
    labelled(c->mac1_key, "mac1----", public_key);
    labelled(c->reply_key, "cookie--", public_key);
}

void wg_cookies_seed(wg_cookies_t *c, const uint8_t seed[WG_KEY_LEN]) {
    memcpy(c->seed, seed, WG_KEY_LEN);
    c->seeded = true;
    c->has_secret = false;
}

static void mac(uint8_t out[WG_MAC_LEN], const uint8_t *key, size_t key_len, const uint8_t *in, size_t len) {
    wg_blake2s(out, WG_MAC_LEN, key, key_len, in, len);
}

bool wg_mac1_is_valid(const wg_cookies_t *c, const uint8_t *message, size_t len) {
    uint8_t expected[WG_MAC_LEN];
    size_t covered = len - WG_MACS_LEN;
    mac(expected, c->mac1_key, WG_KEY_LEN, message, covered);
    return wg_equal(expected, message + covered, WG_MAC_LEN);
}

static void refresh(wg_cookies_t *c, uint32_t now_ms) {
    if (c->has_secret && now_ms - c->secret_ms < SECRET_LIFETIME_MS) {
        return;
    }
    wg_kdf((uint8_t *const[]) { c->seed, c->secret, c->nonce_key }, 3, c->seed, NULL, 0);
    c->nonces = 0;
    c->secret_ms = now_ms;
    c->has_secret = true;
}

bool wg_mac2_is_valid(wg_cookies_t *c, const uint8_t *message, size_t len,
    const uint8_t source[WG_COOKIE_SOURCE_LEN], uint32_t now_ms) {
    if (!c->has_secret) {
        return false;  // nobody has been given a cookie
    }
    refresh(c, now_ms);
    uint8_t cookie[WG_MAC_LEN], expected[WG_MAC_LEN];
    size_t covered = len - WG_MAC_LEN;
    mac(cookie, c->secret, WG_KEY_LEN, source, WG_COOKIE_SOURCE_LEN);
    mac(expected, cookie, WG_MAC_LEN, message, covered);
    wg_wipe(cookie, sizeof(cookie));
    return wg_equal(expected, message + covered, WG_MAC_LEN);
}

bool wg_cookie_reply(wg_cookies_t *c, uint8_t reply[WG_COOKIE_REPLY_LEN], const uint8_t *message,
    size_t len, const uint8_t source[WG_COOKIE_SOURCE_LEN], uint32_t now_ms) {
    if (!c->seeded) {
        return false;
    }
    refresh(c, now_ms);
    uint8_t number[4], *nonce = reply + 8, cookie[WG_MAC_LEN];
    wg_store_le32(number, c->nonces++);
    wg_store_le32(reply, WG_MESSAGE_COOKIE_REPLY);
    memcpy(reply + 4, message + 4, 4);  // receiver: who sent the message
    wg_blake2s(nonce, WG_XNONCE_LEN, c->nonce_key, WG_KEY_LEN, number, sizeof(number));
    mac(cookie, c->secret, WG_KEY_LEN, source, WG_COOKIE_SOURCE_LEN);
    wg_xseal(nonce + WG_XNONCE_LEN, cookie, WG_MAC_LEN, message + len - WG_MACS_LEN, WG_MAC_LEN, nonce,
        c->reply_key);
    wg_wipe(cookie, sizeof(cookie));
    return true;
}
