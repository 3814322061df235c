// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors
//
// The tunnel is captured from outside, so that its code on the chip knows nothing of captures:
// packets going out by wrapping the netif's output functions when it is added, packets coming in
// by lwIP's input hooks (lwipopts.h).

#include <stdlib.h>

#include "lwip/netif.h"
#include "capture_netif.h"

#define PARTS_MAX 16

#define WATCHED_MAX 4

typedef struct {
    const struct netif *netif;
    netif_output_fn output;
    netif_output_ip6_fn output_ip6;
} watched_t;

static watched_t watched[WATCHED_MAX]; // lwIP's thread only

void capture_pbuf(capture_t capture, const struct pbuf *p) {
    if (!capture_active(capture)) {
        return;
    }
    capture_part_t parts[PARTS_MAX];
    size_t count = 0;
    uint8_t *whole = NULL;
    for (const struct pbuf *q = p; q != NULL; q = q->next) {
        if (count == PARTS_MAX) { // drivers hand over few parts, tests many
            whole = malloc(p->tot_len);
            parts[0] = (capture_part_t) {whole, pbuf_copy_partial(p, whole, p->tot_len, 0)};
            count = 1;
            break;
        }
        parts[count++] = (capture_part_t) {q->payload, q->len};
        if (q->tot_len == q->len) {
            break; // end of this packet; a queue may go on
        }
    }
    capture_write(capture, parts, count);
    free(whole);
}

static bool carries_ip(const struct netif *netif) {
    bool loopback = netif->name[0] == 'l' && netif->name[1] == 'o';
    return !(netif->flags & NETIF_FLAG_ETHARP) && !loopback;
}

// The entry of a netif, or with NULL a free one, or NULL.
static watched_t *find(const struct netif *netif) {
    for (watched_t *w = watched; w < watched + WATCHED_MAX; w++) {
        if (w->netif == netif) {
            return w;
        }
    }
    return NULL;
}

static err_t capture_output(struct netif *netif, struct pbuf *p, const ip4_addr_t *to) {
    capture_pbuf(CAPTURE_TUNNEL, p);
    return find(netif)->output(netif, p, to);
}

static err_t capture_output_ip6(struct netif *netif, struct pbuf *p, const ip6_addr_t *to) {
    capture_pbuf(CAPTURE_TUNNEL, p);
    return find(netif)->output_ip6(netif, p, to);
}

static void netif_changed(struct netif *netif, netif_nsc_reason_t reason, const netif_ext_callback_args_t *args) {
    (void)args;
    watched_t *w = find(netif);
    if ((reason & LWIP_NSC_NETIF_REMOVED) && w != NULL) {
        // lwIP says so first and resets the netif's connections after it.
        netif->output = w->output;
        netif->output_ip6 = w->output_ip6;
        w->netif = NULL;
    }
    if ((reason & LWIP_NSC_NETIF_ADDED) && carries_ip(netif) && (w = find(NULL)) != NULL) {
        *w = (watched_t) {netif, netif->output, netif->output_ip6};
        netif->output = capture_output;
        netif->output_ip6 = capture_output_ip6;
    }
}

void capture_watch_netifs(void) {
    NETIF_DECLARE_EXT_CALLBACK(callback)
    static bool watching;
    if (!watching) {
        watching = true;
        netif_add_ext_callback(&callback, netif_changed);
    }
}

// lwIP's input hook: looks, never consumes. (A packet sent to oneself comes in here as well.)
int capture_ip_input(struct pbuf *p, struct netif *netif);
int capture_ip_input(struct pbuf *p, struct netif *netif) {
    if (carries_ip(netif)) {
        capture_pbuf(CAPTURE_TUNNEL, p);
    }
    return 0;
}
