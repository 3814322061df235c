// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors

// Packets copied into a bounded ring, for whoever looks for a fault. See capture.c.
#ifndef WG_CAPTURE_H
#define WG_CAPTURE_H

#include <stddef.h>
#include <stdint.h>

enum { WG_CAPTURE_UPLINK, WG_CAPTURE_TUNNEL };

// Each packet is one of these, little-endian, and then its first `len` bytes.
typedef struct {
    uint8_t where;  // WG_CAPTURE_UPLINK: an Ethernet frame, WG_CAPTURE_TUNNEL: an IP packet
    uint8_t reserved;
    uint16_t len, whole_len;
    uint16_t reserved2;
    uint32_t ms;  // lwIP's clock
} wg_capture_header_t;

typedef struct {
    uint8_t *data;
    size_t size, start, used;
    uint32_t lost;  // packets that found it full
    uint16_t longest;  // bytes kept of a packet
} wg_ring_t;

// On lwIP's thread. Netifs that have come since are captured from a further start() on.
void wg_capture_start(wg_ring_t *ring);
void wg_capture_stop(const wg_ring_t *ring);

// Takes whole packets out, as many as fit. On any thread. Answers how many bytes.
size_t wg_ring_read(wg_ring_t *ring, uint8_t *to, size_t size);

#endif // WG_CAPTURE_H
