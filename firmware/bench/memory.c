// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors

// Word-wise memory routines, as in the chips' ROM. Debian's picolibc is built for size and goes
// byte by byte, which would charge every library here for something no board does.
#include <stddef.h>
#include <stdint.h>
#include <string.h>

typedef uint32_t __attribute__((may_alias)) word_t;

#define WORD_ALIGNED(p) (((uintptr_t)(p) & 3) == 0)

void *memcpy(void *restrict dst, const void *restrict src, size_t n) {
    uint8_t *d = dst;
    const uint8_t *s = src;
    if (WORD_ALIGNED((uintptr_t)d ^ (uintptr_t)s)) {
        for (; n > 0 && !WORD_ALIGNED(d); n--) {
            *d++ = *s++;
        }
        for (; n >= 16; n -= 16, d += 16, s += 16) {
            const word_t *from = (const word_t *)s;
            word_t a = from[0], b = from[1], c = from[2], e = from[3];
            word_t *to = (word_t *)d;
            to[0] = a, to[1] = b, to[2] = c, to[3] = e;
        }
        for (; n >= 4; n -= 4, d += 4, s += 4) {
            *(word_t *)d = *(const word_t *)s;
        }
    }
    for (; n > 0; n--) {
        *d++ = *s++;
    }
    return dst;
}

void *memmove(void *dst, const void *src, size_t n) {
    if ((uintptr_t)dst - (uintptr_t)src >= n) {
        return memcpy(dst, src, n);
    }
    uint8_t *d = dst;
    const uint8_t *s = src;
    while (n-- > 0) {
        d[n] = s[n];
    }
    return dst;
}

void *memset(void *dst, int value, size_t n) {
    uint8_t *d = dst;
    uint32_t word = (uint8_t)value * 0x01010101u;
    for (; n > 0 && !WORD_ALIGNED(d); n--) {
        *d++ = value;
    }
    for (; n >= 16; n -= 16, d += 16) {
        word_t *to = (word_t *)d;
        to[0] = word, to[1] = word, to[2] = word, to[3] = word;
    }
    for (; n >= 4; n -= 4, d += 4) {
        *(word_t *)d = word;
    }
    for (; n > 0; n--) {
        *d++ = value;
    }
    return dst;
}

int memcmp(const void *a, const void *b, size_t n) {
    const uint8_t *x = a, *y = b;
    for (; n > 0; n--, x++, y++) {
        if (*x != *y) {
            return *x - *y;
        }
    }
    return 0;
}

size_t strlen(const char *s) {
    const char *end = s;
    while (*end) {
        end++;
    }
    return end - s;
}
