// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors
//
// Packet captures in pcap's own format, for tshark and for people. Any thread may call.
#pragma once

#include <stdbool.h>
#include <stddef.h>

typedef enum {
    CAPTURE_UPLINK, // Ethernet frames between device and uplink
    CAPTURE_TUNNEL, // whole IP packets of every other interface
    CAPTURE_COUNT,
} capture_t;

typedef struct {
    const void *data;
    size_t len;
} capture_part_t;

// Starts a new file; with NULL, ends the capture. False with errno set when path cannot be written.
bool capture_open(capture_t capture, const char *path);

// Starts what WG_HOST_PCAP_UPLINK and WG_HOST_PCAP_TUNNEL name, or goes on after a reset.
void capture_open_from_environment(bool go_on);

// True when a packet handed over now would be written.
bool capture_active(capture_t capture);

// Writes one packet that lies in several parts, and flushes, so that a reader can follow.
void capture_write(capture_t capture, const capture_part_t *parts, size_t count);
