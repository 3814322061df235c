// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors
//
// Tests answer the device's DNS questions themselves: a rewrite of frames on the uplink, because
// slirp forwards to the host's resolver and lwIP asks port 53 only.
#pragma once

#include <stddef.h>
#include <stdint.h>

// Sends what goes to 10.0.network.3:53 to 10.0.network.2:port instead, in place. port 0: leaves it
// alone.
void dns_redirect_query(uint8_t *frame, size_t len, uint8_t network, uint16_t port);

// Makes the answer come from 10.0.network.3:53 again, in place.
void dns_redirect_answer(uint8_t *frame, size_t len, uint8_t network, uint16_t port);
