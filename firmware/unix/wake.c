// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors
//
// The host's mp_hal_wake_main_task(). A signal with an empty handler ends a blocking call with
// EINTR, and MicroPython then runs what is pending. A signal that comes just before the call
// blocks would be lost, so the handler repeats itself until nothing is pending.

#define _GNU_SOURCE

#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "py/mpstate.h"
#include "py/mpthread.h"
#include "py/runtime.h"
#include "wake.h"

void socket_events_handler(void); // of modsocket.c

#define WAKE_SIGNAL (SIGRTMIN + 6) // +5 is the GC's
#define WAKE_REPEAT_MS (2)
#define SIGNAL_STACK (64 * 1024)

static pthread_t main_thread;
static timer_t repeat_timer;

static void wake_handler(int signal) {
    (void)signal;
    bool pending = MP_STATE_VM(sched_state) != MP_SCHED_IDLE
        || MP_STATE_MAIN_THREAD(mp_pending_exception) != MP_OBJ_NULL;
    if (pending) {
        int saved = errno;
        struct itimerspec soon = {.it_value.tv_nsec = WAKE_REPEAT_MS * 1000000};
        timer_settime(repeat_timer, 0, &soon, NULL);
        errno = saved;
    }
}

// A stack of its own, with a name: the registers that the kernel saves when a signal comes, with what
// keys they may hold, then lie in one place that each signal overwrites.
static void signal_stack_init(void) {
    int fd = memfd_create("wake-signals", MFD_CLOEXEC);
    if (fd < 0 || ftruncate(fd, SIGNAL_STACK) != 0) {
        return;
    }
    void *memory = mmap(NULL, SIGNAL_STACK, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
    close(fd);
    stack_t stack = {.ss_sp = memory, .ss_size = SIGNAL_STACK};
    if (memory != MAP_FAILED) {
        sigaltstack(&stack, NULL);
    }
}

void wake_init(void) {
    main_thread = pthread_self();
    signal_stack_init();

    struct sigevent event = {.sigev_notify = SIGEV_THREAD_ID, .sigev_signo = WAKE_SIGNAL};
    event._sigev_un._tid = gettid();
    timer_create(CLOCK_MONOTONIC, &event, &repeat_timer);

    // no SA_RESTART: calls must end
    struct sigaction action = {.sa_handler = wake_handler, .sa_flags = SA_ONSTACK};
    sigemptyset(&action.sa_mask);
    sigaction(WAKE_SIGNAL, &action, NULL);
}

void wake_thread(pthread_t id) {
    pthread_kill(id, WAKE_SIGNAL);
}

void wake_signal(void) {
    wake_thread(main_thread);
}

// The main thread itself is not asleep.
void wake_main(void) {
    if (!pthread_equal(pthread_self(), main_thread)) {
        wake_signal();
    }
}

void wake_deinit(void) {
    signal(WAKE_SIGNAL, SIG_IGN);
}

// One turn of waiting inside MicroPython (time.sleep_ms, select, asyncio): run what is pending,
// then sleep a little without the GIL. Sockets are polled, hence the short turn.
void wake_wait(void) {
    mp_handle_pending(true);
    if (mp_thread_is_main_thread()) {
        socket_events_handler();
    }
    struct timespec turn = {.tv_nsec = 1000000};
    MP_THREAD_GIL_EXIT();
    nanosleep(&turn, NULL);
    MP_THREAD_GIL_ENTER();
}

int wake_proof_usleep(unsigned int us) {
    struct timespec left = {us / 1000000, (long)(us % 1000000) * 1000};
    while (nanosleep(&left, &left) != 0 && errno == EINTR) {
    }
    return 0;
}

// mpthreadport.c waits for other threads to be scanned by the GC and takes no EINTR into account.
int wake_proof_sem_wait(sem_t *sem);
int wake_proof_sem_wait(sem_t *sem) {
    int result;
    do {
        result = sem_wait(sem);
    } while (result == -1 && errno == EINTR);
    return result;
}
