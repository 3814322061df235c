// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors
//
// ESP-IDF builds lwIP without reassembly unless it is asked to. This lwIP has it, and fragments are
// lost before it sees them until a test turns it on.

#include <stdatomic.h>

#include "lwip/pbuf.h"

#include "fragments.h"

#define IPV6_FRAGMENT_HEADER 44

static atomic_bool reassembly;

void fragments_reassemble(bool on) {
    reassembly = on;
}

static bool is_fragment(const struct pbuf *p) {
    const uint8_t *packet = p->payload;
    if (p->len < 8) {
        return false;
    }
    if (packet[0] >> 4 == 6) {
        return packet[6] == IPV6_FRAGMENT_HEADER;
    }
    return ((packet[6] << 8 | packet[7]) & 0x3fff) != 0; // more follow, or some came before
}

int fragments_lost(struct pbuf *p) {
    if (reassembly || !is_fragment(p)) {
        return 0;
    }
    pbuf_free(p);
    return 1;
}
