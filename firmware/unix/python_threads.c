// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors
//
// How Python's threads end at a soft reset. The port cancels them wherever they are, without
// waiting: one of them may then die while it holds the next life's GIL. Here they are told to go,
// and go when they next ask for a lock, the GIL above all; the main thread holds it meanwhile.
// mpconfigvariant.mk puts these functions in the place of those that mpthreadport.c calls.

#define _GNU_SOURCE

#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <time.h>

#include "wake.h"

#define LOOK_UP_MS 20

typedef struct {
    void *(*entry)(void *);
    void *arg;
    unsigned generation;
} start_t;

int python_thread_create(pthread_t *id, const pthread_attr_t *attr, void *(*entry)(void *), void *arg);
int python_thread_cancel(pthread_t id);
int python_thread_lock(pthread_mutex_t *mutex);

static unsigned generation = 1;
static __thread unsigned born; // 0: not a Python thread, or the main one

static bool doomed(void) {
    return born != 0 && born != __atomic_load_n(&generation, __ATOMIC_ACQUIRE);
}

static void *run(void *arg) {
    start_t start = *(start_t *)arg;
    free(arg);
    born = start.generation;
    return start.entry(start.arg);
}

int python_thread_create(pthread_t *id, const pthread_attr_t *attr, void *(*entry)(void *), void *arg) {
    start_t *start = malloc(sizeof(*start));
    *start = (start_t) {entry, arg, generation};
    return pthread_create(id, attr, run, start);
}

// The port cancels all threads or none.
int python_thread_cancel(pthread_t id) {
    __atomic_add_fetch(&generation, 1, __ATOMIC_ACQ_REL);
    wake_thread(id);
    return 0;
}

int python_thread_lock(pthread_mutex_t *mutex) {
    if (born == 0) {
        return pthread_mutex_lock(mutex);
    }
    int result;
    do {
        if (doomed()) {
            pthread_exit(NULL);
        }
        struct timespec until;
        clock_gettime(CLOCK_REALTIME, &until);
        until.tv_nsec += LOOK_UP_MS * 1000000;
        if (until.tv_nsec >= 1000000000) {
            until.tv_sec++;
            until.tv_nsec -= 1000000000;
        }
        result = pthread_mutex_timedlock(mutex, &until);
    } while (result == ETIMEDOUT);
    if (result == 0 && doomed()) {
        pthread_mutex_unlock(mutex);
        pthread_exit(NULL);
    }
    return result;
}
