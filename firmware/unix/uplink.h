// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors
//
// The wires between the device and the host: libslirp, the user-mode network of QEMU, once for
// Wi-Fi and once for Ethernet. On the first the device is 10.0.2.15, the host's loopback 10.0.2.2, a
// name server 10.0.2.3, all by DHCP, IPv6 the same below fec0::/64; on the second it is 10.0.3.15 and
// so on, and fec0:3::/64. No root, no interface on the host.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define UPLINK_FRAME_MAX 1514

typedef struct uplink uplink_t;
typedef enum { UPLINK_WIFI, UPLINK_LAN, UPLINKS } uplink_number_t;

// Starts the host's side of one and its thread; receive() is called on that thread for each frame to
// the device. WG_HOST_FORWARD (of the first) and WG_HOST_DNS are honoured. Once each.
uplink_t *uplink_start(uplink_number_t number,
    void (*receive)(void *arg, const uint8_t *frame, size_t len), void *arg);

// Hands a frame to the host. False when the queue, as long as the chip's, is full.
bool uplink_send(uplink_t *uplink, const uint8_t *frame, size_t len);

// Lets the host's 127.0.0.1:host_port reach the device's guest_port over the first. False with errno set.
bool uplink_forward(bool udp, uint16_t host_port, uint16_t guest_port);

// Answers to the device's DNS questions come from 127.0.0.1:port instead of the host's resolver;
// 0 undoes it.
void uplink_redirect_dns(uint16_t port);
