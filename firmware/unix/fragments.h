// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors
//
// Fragments of IP: lost, as on a chip, or put together.
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct pbuf;

void fragments_reassemble(bool on);

// lwIP's input hook: 1 if the packet was a fragment, and has been freed.
int fragments_lost(struct pbuf *p);
