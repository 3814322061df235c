// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors

#include <stdlib.h>
#include <string.h>

#include "allowedips.h"

typedef struct {
    uint32_t start;  // host order
    wg_route_t route;
} range4_t;

typedef struct {
    uint32_t start[4];  // host order, most significant first
    wg_route_t route;
} range6_t;

struct wg_allowedips {
    uint32_t count4, count6;
    range4_t *ranges4;
    range6_t *ranges6;
};

static const wg_route_t no_route = { WG_NO_PEER, 0 };

static uint32_t load_be32(const uint8_t *p) {
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

void wg_prefix_clear_host_bits(wg_prefix_t *p) {
    for (unsigned bit = p->len; bit < 128; bit++) {
        p->addr[bit / 8] &= (uint8_t)~(0x80u >> (bit % 8));
    }
}

bool wg_prefix_equal(const wg_prefix_t *a, const wg_prefix_t *b) {
    return a->v6 == b->v6 && a->len == b->len && memcmp(a->addr, b->addr, 16) == 0;
}

// Family first, then where a prefix starts, an outer one before those inside it.
static int compare(const void *pa, const void *pb) {
    const wg_prefix_t *a = pa, *b = pb;
    if (a->v6 != b->v6) {
        return a->v6 ? 1 : -1;
    }
    int order = memcmp(a->addr, b->addr, 16);
    return order != 0 ? order : (int)a->len - (int)b->len;
}

static wg_route_t route_of(const wg_prefix_t *p) {
    return (wg_route_t) { p->slot, p->len };
}

// First address past the prefix. False: there is none, it reaches the end of the address space.
static bool end_of(const wg_prefix_t *p, uint8_t end[16]) {
    memcpy(end, p->addr, 16);
    unsigned bit = p->len;
    while (bit-- > 0) {
        uint8_t mask = 0x80u >> (bit % 8);
        end[bit / 8] ^= mask;
        if (end[bit / 8] & mask) {
            return true;  // no carry left
        }
    }
    return false;
}

// One family's ranges while they are written, in order of their start.
typedef struct {
    range4_t *ranges4;
    range6_t *ranges6;
    uint32_t count;
} writer_t;

static void emit(writer_t *w, const uint8_t start[16], wg_route_t route) {
    uint32_t words[4];
    for (unsigned i = 0; i < 4; i++) {
        words[i] = load_be32(start + 4 * i);
    }
    // An inner prefix that starts where the outer one does replaces the outer's range.
    if (w->ranges4 != NULL) {
        if (w->count > 0 && w->ranges4[w->count - 1].start == words[0]) {
            w->count--;
        }
        w->ranges4[w->count++] = (range4_t) { words[0], route };
        return;
    }
    if (w->count > 0 && memcmp(w->ranges6[w->count - 1].start, words, 16) == 0) {
        w->count--;
    }
    memcpy(w->ranges6[w->count].start, words, 16);
    w->ranges6[w->count++].route = route;
}

// Close the prefixes that end at or before `limit` (NULL: all), innermost first. Behind each, the one
// around it is valid again; where that ends too, it is closed next and replaces the range.
static size_t close_until(writer_t *w, const wg_prefix_t *prefixes, uint16_t *open, size_t depth,
    const uint8_t *limit) {
    while (depth > 0) {
        const wg_prefix_t *innermost = &prefixes[open[depth - 1]];
        uint8_t end[16];
        bool bounded = end_of(innermost, end);
        if (limit != NULL && (!bounded || memcmp(end, limit, 16) > 0)) {
            break;
        }
        depth--;
        if (bounded) {
            emit(w, end, depth == 0 ? no_route : route_of(&prefixes[open[depth - 1]]));
        }
    }
    return depth;
}

static uint32_t flatten(writer_t *w, const wg_prefix_t *prefixes, size_t count) {
    static const uint8_t zero[16];
    uint16_t open[129];  // indices of the prefixes around the current one: lengths grow, so at most 129
    size_t depth = 0;
    emit(w, zero, no_route);
    for (size_t i = 0; i < count; i++) {
        depth = close_until(w, prefixes, open, depth, prefixes[i].addr);
        emit(w, prefixes[i].addr, route_of(&prefixes[i]));
        open[depth++] = (uint16_t)i;
    }
    close_until(w, prefixes, open, depth, NULL);
    return w->count;
}

wg_allowedips_t *wg_allowedips_build(wg_prefix_t *prefixes, size_t count) {
    if (count > UINT16_MAX) {
        return NULL;
    }
    for (size_t i = 0; i < count; i++) {
        wg_prefix_clear_host_bits(&prefixes[i]);
    }
    qsort(prefixes, count, sizeof(*prefixes), compare);
    size_t count4 = 0;
    while (count4 < count && !prefixes[count4].v6) {
        count4++;
    }
    size_t count6 = count - count4;

    // Every prefix opens one range and closes one; one more covers what lies before them all.
    size_t max4 = 2 * count4 + 1, max6 = 2 * count6 + 1;
    wg_allowedips_t *t = malloc(sizeof(*t) + max6 * sizeof(range6_t) + max4 * sizeof(range4_t));
    if (t == NULL) {
        return NULL;
    }
    t->ranges6 = (range6_t *)(t + 1);
    t->ranges4 = (range4_t *)(t->ranges6 + max6);
    t->count4 = flatten(&(writer_t) { .ranges4 = t->ranges4 }, prefixes, count4);
    t->count6 = flatten(&(writer_t) { .ranges6 = t->ranges6 }, prefixes + count4, count6);
    return t;
}

void wg_allowedips_free(wg_allowedips_t *table) {
    free(table);
}

wg_route_t wg_allowedips_lookup4(const wg_allowedips_t *table, const uint8_t addr[4]) {
    if (table == NULL) {
        return no_route;
    }
    uint32_t key = load_be32(addr);
    // The last range that starts at or below the key; range 0 starts at zero.
    uint32_t low = 0, high = table->count4;
    while (high - low > 1) {
        uint32_t middle = (low + high) / 2;
        if (table->ranges4[middle].start <= key) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return table->ranges4[low].route;
}

static bool at_or_below(const uint32_t start[4], const uint32_t key[4]) {
    for (unsigned i = 0; i < 4; i++) {
        if (start[i] != key[i]) {
            return start[i] < key[i];
        }
    }
    return true;
}

wg_route_t wg_allowedips_lookup6(const wg_allowedips_t *table, const uint8_t addr[16]) {
    if (table == NULL) {
        return no_route;
    }
    uint32_t key[4];
    for (unsigned i = 0; i < 4; i++) {
        key[i] = load_be32(addr + 4 * i);
    }
    uint32_t low = 0, high = table->count6;
    while (high - low > 1) {
        uint32_t middle = (low + high) / 2;
        if (at_or_below(table->ranges6[middle].start, key)) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return table->ranges6[low].route;
}
