// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors

#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "capture.h"

#define LINKTYPE_ETHERNET 1
#define LINKTYPE_RAW 101

static const uint32_t link_types[CAPTURE_COUNT] = {LINKTYPE_ETHERNET, LINKTYPE_RAW};
static const char *const variables[CAPTURE_COUNT] = {"WG_HOST_PCAP_UPLINK", "WG_HOST_PCAP_TUNNEL"};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static FILE *files[CAPTURE_COUNT];

static bool open_file(capture_t capture, const char *path, const char *mode) {
    FILE *file = NULL;
    if (path != NULL) {
        file = fopen(path, mode);
        if (file == NULL) {
            return false;
        }
    }
    if (file != NULL && fseek(file, 0, SEEK_END) == 0 && ftell(file) == 0) {
        // Magic of nanosecond captures in host order, version 2.4, no zone, no limit to a packet.
        uint32_t header[6] = {0xa1b23c4d, 2 | 4 << 16, 0, 0, 0x40000, link_types[capture]};
        fwrite(header, sizeof(header), 1, file);
        fflush(file);
    }
    pthread_mutex_lock(&lock);
    FILE *previous = files[capture];
    files[capture] = file;
    pthread_mutex_unlock(&lock);
    if (previous != NULL) {
        fclose(previous);
    }
    return true;
}

bool capture_open(capture_t capture, const char *path) {
    return open_file(capture, path, "wbe");
}

void capture_open_from_environment(bool go_on) {
    for (int i = 0; i < CAPTURE_COUNT; i++) {
        const char *path = getenv(variables[i]);
        if (path != NULL && *path != 0 && !open_file(i, path, go_on ? "abe" : "wbe")) {
            perror(path);
            exit(1);
        }
    }
}

bool capture_active(capture_t capture) {
    return __atomic_load_n(&files[capture], __ATOMIC_RELAXED) != NULL;
}

void capture_write(capture_t capture, const capture_part_t *parts, size_t count) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    uint32_t len = 0;
    for (size_t i = 0; i < count; i++) {
        len += (uint32_t)parts[i].len;
    }
    uint32_t header[4] = {(uint32_t)now.tv_sec, (uint32_t)now.tv_nsec, len, len};

    pthread_mutex_lock(&lock);
    FILE *file = files[capture];
    if (file != NULL) {
        fwrite(header, sizeof(header), 1, file);
        for (size_t i = 0; i < count; i++) {
            fwrite(parts[i].data, parts[i].len, 1, file);
        }
        fflush(file);
    }
    pthread_mutex_unlock(&lock);
}
