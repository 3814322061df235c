// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors
//
// What the fuzz targets share: an input is read byte by byte and ends in zeros, and a broken promise
// ends the program. Each target defines fuzz(), which reads one input to its end.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHECK(condition) \
    do { \
        if (!(condition)) { \
            fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition); \
            abort(); \
        } \
    } while (0)

static struct {
    const uint8_t *at, *end;
} input;

static inline bool more(void) {
    return input.at < input.end;
}

static inline uint8_t byte(void) {
    return more() ? *input.at++ : 0;
}

static inline uint16_t word(void) {
    uint16_t high = byte();
    return (uint16_t)(high << 8 | byte());
}

static inline uint64_t number(unsigned bytes) {
    uint64_t value = 0;
    while (bytes-- > 0) {
        value = value << 8 | byte();
    }
    return value;
}

static inline void fill(uint8_t *out, size_t len) {
    while (len-- > 0) {
        *out++ = byte();
    }
}

static void fuzz(void);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    input.at = data;
    input.end = data + size;
    fuzz();
    return 0;
}
