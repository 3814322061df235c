// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors

// Constants and message layouts of the WireGuard whitepaper, sections 5.4 and 6.
#ifndef WG_PROTOCOL_H
#define WG_PROTOCOL_H

#include <stdint.h>

#define WG_KEY_LEN 32
#define WG_TAG_LEN 16
#define WG_MAC_LEN 16
#define WG_XNONCE_LEN 24

enum {
    WG_MESSAGE_INITIATION = 1,
    WG_MESSAGE_RESPONSE = 2,
    WG_MESSAGE_COOKIE_REPLY = 3,
    WG_MESSAGE_TRANSPORT = 4,
};

#define WG_INITIATION_LEN 148
#define WG_RESPONSE_LEN 92
#define WG_COOKIE_REPLY_LEN 64
// type 4, receiver index 4, counter 8
#define WG_TRANSPORT_HEADER_LEN 16
#define WG_TRANSPORT_OVERHEAD (WG_TRANSPORT_HEADER_LEN + WG_TAG_LEN)
#define WG_PADDING 16

// mac1 and mac2 close messages of types 1 and 2.
#define WG_MACS_LEN (2 * WG_MAC_LEN)

#define WG_REKEY_AFTER_MESSAGES (UINT64_C(1) << 60)
#define WG_REJECT_AFTER_MESSAGES (UINT64_MAX - (UINT64_C(1) << 13))

// Milliseconds.
#define WG_REKEY_AFTER_TIME 120000
#define WG_REJECT_AFTER_TIME 180000
#define WG_REKEY_TIMEOUT 5000
#define WG_REKEY_TIMEOUT_JITTER_MAX 333
#define WG_KEEPALIVE_TIMEOUT 10000

static inline uint32_t wg_load_le32(const uint8_t *p) {
    return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static inline void wg_store_le32(uint8_t *p, uint32_t v) {
    p[0] = (uint8_t)v;
    p[1] = (uint8_t)(v >> 8);
    p[2] = (uint8_t)(v >> 16);
    p[3] = (uint8_t)(v >> 24);
}

static inline uint64_t wg_load_le64(const uint8_t *p) {
    return (uint64_t)wg_load_le32(p) | (uint64_t)wg_load_le32(p + 4) << 32;
}

static inline void wg_store_le64(uint8_t *p, uint64_t v) {
    wg_store_le32(p, (uint32_t)v);
    wg_store_le32(p + 4, (uint32_t)(v >> 32));
}

#endif // WG_PROTOCOL_H
