// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors

#define _GNU_SOURCE

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "threads.h"

typedef struct {
    void (*function)(void *);
    void *arg;
} thread_t;

static void *thread_run(void *arg) {
    thread_t thread = *(thread_t *)arg;
    free(arg);
    thread.function(thread.arg);
    return NULL;
}

void thread_start(const char *name, void (*function)(void *), void *arg) {
    thread_t *thread = malloc(sizeof(*thread));
    *thread = (thread_t) {function, arg};

    sigset_t all, previous;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &previous);
    pthread_t id;
    if (pthread_create(&id, NULL, thread_run, thread) != 0) {
        perror(name);
        abort();
    }
    pthread_setname_np(id, name);
    pthread_detach(id);
    pthread_sigmask(SIG_SETMASK, &previous, NULL);
}
