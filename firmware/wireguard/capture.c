// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors

// A capture of the tunnels and of the networks below them, while one is running: the functions of
// the netifs are replaced by ones that copy the packet first. When none is running, the packet path
// does not know that there could be.

#include <stdbool.h>
#include <string.h>

#include "lwip/netif.h"
#include "lwip/sys.h"

#include "capture.h"
#include "device.h"
#include "lwip_compat.h"

#define WATCHED_MAX 6

// What was there before. Entries stay when a capture ends: a driver's thread may be on its way
// through one of ours.
typedef struct {
    struct netif *netif;
    uint8_t where;
    netif_input_fn input;
    #if LWIP_IPV4
    netif_output_fn output;
    #endif
    #if LWIP_IPV6
    netif_output_ip6_fn output_ip6;
    #endif
    netif_linkoutput_fn linkoutput;
} watched_t;

static watched_t watched[WATCHED_MAX];
static wg_ring_t *ring;

// ---- the ring

static void put(const void *data, size_t len) {
    size_t end = (ring->start + ring->used) % ring->size;
    size_t first = LWIP_MIN(len, ring->size - end);
    memcpy(ring->data + end, data, first);
    memcpy(ring->data, (const uint8_t *)data + first, len - first);
    ring->used += len;
}

static void record(uint8_t where, const struct pbuf *p) {
    SYS_ARCH_DECL_PROTECT(level);
    SYS_ARCH_PROTECT(level);
    if (ring != NULL) {
        wg_capture_header_t header = {
            .where = where, .len = LWIP_MIN(p->tot_len, ring->longest), .whole_len = p->tot_len,
            .ms = wg_now(), // sys_now() goes in ticks of 10 ms on the ESP32
        };
        if (sizeof(header) + header.len > ring->size - ring->used) {
            ring->lost++;
        } else {
            put(&header, sizeof(header));
            size_t left = header.len;
            for (; left > 0; p = p->next) {
                size_t len = LWIP_MIN(left, p->len);
                put(p->payload, len);
                left -= len;
            }
        }
    }
    SYS_ARCH_UNPROTECT(level);
}

static void peek(const wg_ring_t *from, size_t offset, void *to, size_t len) {
    size_t at = (from->start + offset) % from->size;
    size_t first = LWIP_MIN(len, from->size - at);
    memcpy(to, from->data + at, first);
    memcpy((uint8_t *)to + first, from->data, len - first);
}

size_t wg_ring_read(wg_ring_t *from, uint8_t *to, size_t size) {
    size_t done = 0;
    SYS_ARCH_DECL_PROTECT(level);
    SYS_ARCH_PROTECT(level);
    while (from->used > 0) {
        wg_capture_header_t header;
        peek(from, 0, &header, sizeof(header));
        size_t len = sizeof(header) + header.len;
        if (len > size - done) {
            break;
        }
        peek(from, 0, to + done, len);
        from->start = (from->start + len) % from->size;
        from->used -= len;
        done += len;
    }
    SYS_ARCH_UNPROTECT(level);
    return done;
}

// ---- in front of the netifs' functions

static watched_t *find(const struct netif *netif) {
    for (watched_t *w = watched; w < watched + WATCHED_MAX; w++) {
        if (w->netif == netif) {
            return w;
        }
    }
    return NULL;
}

static err_t capture_input(struct pbuf *p, struct netif *netif) {
    const watched_t *w = find(netif); // this may be a driver's thread: it asks no tunnel
    record(w->where, p);
    return w->input(p, netif);
}

static err_t capture_linkoutput(struct netif *netif, struct pbuf *p) {
    record(WG_CAPTURE_UPLINK, p);
    return find(netif)->linkoutput(netif, p);
}

#if LWIP_IPV4
static err_t capture_output(struct netif *netif, struct pbuf *p, const ip4_addr_t *to) {
    record(WG_CAPTURE_TUNNEL, p);
    return find(netif)->output(netif, p, to);
}
#endif

#if LWIP_IPV6
static err_t capture_output_ip6(struct netif *netif, struct pbuf *p, const ip6_addr_t *to) {
    record(WG_CAPTURE_TUNNEL, p);
    return find(netif)->output_ip6(netif, p, to);
}
#endif

// ---- beginning and end

static void watch(struct netif *netif, watched_t *w) {
    bool tunnel = wg_netif_is_tunnel(netif);
    *w = (watched_t) {
        .netif = netif, .where = tunnel ? WG_CAPTURE_TUNNEL : WG_CAPTURE_UPLINK,
        .input = netif->input, .linkoutput = netif->linkoutput,
    };
    netif->input = capture_input;
    if (!tunnel) {
        netif->linkoutput = capture_linkoutput;
        return;
    }
    #if LWIP_IPV4
    w->output = netif->output;
    netif->output = capture_output;
    #endif
    #if LWIP_IPV6
    w->output_ip6 = netif->output_ip6;
    netif->output_ip6 = capture_output_ip6;
    #endif
}

static bool is_attached(const struct netif *netif) {
    return netif->input == capture_input;
}

// An entry for the netif: the one it had, or one of a netif that is no more, or a free one.
static watched_t *entry_for(struct netif *netif) {
    watched_t *w = find(netif);
    for (int i = 0; i < WATCHED_MAX && w == NULL; i++) {
        struct netif *other = watched[i].netif, *n;
        bool alive = false;
        NETIF_FOREACH(n) {
            alive = alive || n == other;
        }
        w = alive ? NULL : &watched[i];
    }
    return w;
}

void wg_capture_start(wg_ring_t *new_ring) {
    struct netif *netif;
    NETIF_FOREACH(netif) {
        bool carries = (netif->flags & NETIF_FLAG_ETHARP) || wg_netif_is_tunnel(netif);
        watched_t *w = carries && !is_attached(netif) ? entry_for(netif) : NULL;
        if (w != NULL) {
            watch(netif, w);
        }
    }
    SYS_ARCH_DECL_PROTECT(level);
    SYS_ARCH_PROTECT(level);
    ring = new_ring;
    SYS_ARCH_UNPROTECT(level);
}

void wg_capture_stop(const wg_ring_t *old_ring) {
    if (ring != old_ring) {
        return; // another one has taken over
    }
    SYS_ARCH_DECL_PROTECT(level);
    SYS_ARCH_PROTECT(level);
    ring = NULL;
    SYS_ARCH_UNPROTECT(level);
    struct netif *netif;
    NETIF_FOREACH(netif) {
        if (!is_attached(netif)) {
            continue;
        }
        const watched_t *w = find(netif);
        netif->input = w->input;
        if (!wg_netif_is_tunnel(netif)) {
            netif->linkoutput = w->linkoutput;
            continue;
        }
        #if LWIP_IPV4
        netif->output = w->output;
        #endif
        #if LWIP_IPV6
        netif->output_ip6 = w->output_ip6;
        #endif
    }
}
