// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors
//
// Where captures meet lwIP.
#pragma once

#include "capture.h"
#include "lwip/pbuf.h"

// Captures a packet that lies in a chain of pbufs.
void capture_pbuf(capture_t capture, const struct pbuf *p);

// Watches for interfaces that carry IP packets rather than frames: the tunnel. lwIP's thread only.
void capture_watch_netifs(void);
