// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors
//
// lwIP's operating-system layer on POSIX threads. Mailboxes are as small as asked for, as on the
// chip: a full one drops or blocks here too. lwIP's threads take no signals, which belong to Python.

#define _GNU_SOURCE

#include <pthread.h>
#include <stdbool.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

#include "lwip/opt.h"
#include "lwip/stats.h"
#include "lwip/sys.h"
#include "clock.h"
#include "threads.h"

struct sys_sem {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    unsigned count;
};

struct sys_mbox {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    unsigned size, first, count;
    void *messages[];
};

struct sys_mutex {
    pthread_mutex_t lock;
};

static pthread_mutex_t protect_lock = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;
static pthread_key_t thread_sem_key;
static pthread_t tcpip_thread;
static bool tcpip_thread_known;

void sys_assert_failed(const char *message, const char *file, int line) {
    fprintf(stderr, "lwIP assertion failed: %s (%s:%d)\n", message, file, line);
    abort();
}

unsigned int sys_random(void) {
    unsigned int value;
    LWIP_ASSERT("getrandom", getrandom(&value, sizeof(value), 0) == sizeof(value));
    return value;
}

// ---- time

static struct timespec monotonic_in(u32_t ms) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    t.tv_sec += ms / 1000;
    t.tv_nsec += (long)(ms % 1000) * 1000000;
    if (t.tv_nsec >= 1000000000) {
        t.tv_sec++;
        t.tv_nsec -= 1000000000;
    }
    return t;
}

u32_t sys_now(void) {
    struct timespec t;
    device_clock(CLOCK_MONOTONIC, &t);
    return (u32_t)(t.tv_sec * 1000 + t.tv_nsec / 1000000);
}

u32_t sys_jiffies(void) {
    return sys_now();
}

static void cond_init(pthread_cond_t *cond) {
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(cond, &attributes);
    pthread_condattr_destroy(&attributes);
}

// Waits for a change until deadline, or for ever without one; false when time is up.
static bool cond_wait(pthread_cond_t *cond, pthread_mutex_t *lock, const struct timespec *deadline) {
    if (deadline == NULL) {
        return pthread_cond_wait(cond, lock) == 0;
    }
    return pthread_cond_timedwait(cond, lock, deadline) == 0;
}

// ---- semaphores

err_t sys_sem_new(sys_sem_t *sem, u8_t count) {
    struct sys_sem *s = malloc(sizeof(*s));
    if (s == NULL) {
        SYS_STATS_INC(sem.err);
        return ERR_MEM;
    }
    pthread_mutex_init(&s->lock, NULL);
    cond_init(&s->changed);
    s->count = count;
    SYS_STATS_INC_USED(sem);
    *sem = s;
    return ERR_OK;
}

void sys_sem_free(sys_sem_t *sem) {
    pthread_cond_destroy(&(*sem)->changed);
    pthread_mutex_destroy(&(*sem)->lock);
    free(*sem);
    SYS_STATS_DEC(sem.used);
}

void sys_sem_signal(sys_sem_t *sem) {
    struct sys_sem *s = *sem;
    pthread_mutex_lock(&s->lock);
    s->count = 1; // binary, as lwIP expects
    pthread_cond_signal(&s->changed);
    pthread_mutex_unlock(&s->lock);
}

u32_t sys_arch_sem_wait(sys_sem_t *sem, u32_t timeout) {
    struct sys_sem *s = *sem;
    struct timespec deadline = monotonic_in(timeout);
    pthread_mutex_lock(&s->lock);
    while (s->count == 0) {
        if (!cond_wait(&s->changed, &s->lock, timeout ? &deadline : NULL)) {
            pthread_mutex_unlock(&s->lock);
            return SYS_ARCH_TIMEOUT;
        }
    }
    s->count = 0;
    pthread_mutex_unlock(&s->lock);
    return 0;
}

// One semaphore a thread for its socket calls, freed with the thread.
static void thread_sem_free(void *sem) {
    sys_sem_free(sem);
    free(sem);
}

sys_sem_t *sys_thread_sem(void) {
    sys_sem_t *sem = pthread_getspecific(thread_sem_key);
    if (sem == NULL) {
        sem = malloc(sizeof(*sem));
        LWIP_ASSERT("thread semaphore", sem != NULL && sys_sem_new(sem, 0) == ERR_OK);
        pthread_setspecific(thread_sem_key, sem);
    }
    return sem;
}

// ---- mailboxes

err_t sys_mbox_new(sys_mbox_t *mbox, int size) {
    struct sys_mbox *m = malloc(sizeof(*m) + (size_t)size * sizeof(void *));
    if (m == NULL) {
        SYS_STATS_INC(mbox.err);
        return ERR_MEM;
    }
    pthread_mutex_init(&m->lock, NULL);
    cond_init(&m->changed);
    m->size = (unsigned)size;
    m->first = m->count = 0;
    SYS_STATS_INC_USED(mbox);
    *mbox = m;
    return ERR_OK;
}

void sys_mbox_free(sys_mbox_t *mbox) {
    pthread_cond_destroy(&(*mbox)->changed);
    pthread_mutex_destroy(&(*mbox)->lock);
    free(*mbox);
    SYS_STATS_DEC(mbox.used);
}

static void mbox_put(struct sys_mbox *m, void *message) {
    m->messages[(m->first + m->count++) % m->size] = message;
    pthread_cond_broadcast(&m->changed);
}

static void mbox_take(struct sys_mbox *m, void **message) {
    if (message != NULL) {
        *message = m->messages[m->first];
    }
    m->first = (m->first + 1) % m->size;
    m->count--;
    pthread_cond_broadcast(&m->changed);
}

void sys_mbox_post(sys_mbox_t *mbox, void *message) {
    struct sys_mbox *m = *mbox;
    pthread_mutex_lock(&m->lock);
    while (m->count == m->size) {
        cond_wait(&m->changed, &m->lock, NULL);
    }
    mbox_put(m, message);
    pthread_mutex_unlock(&m->lock);
}

err_t sys_mbox_trypost(sys_mbox_t *mbox, void *message) {
    struct sys_mbox *m = *mbox;
    pthread_mutex_lock(&m->lock);
    bool full = m->count == m->size;
    if (full) {
        SYS_STATS_INC(mbox.err);
    } else {
        mbox_put(m, message);
    }
    pthread_mutex_unlock(&m->lock);
    return full ? ERR_MEM : ERR_OK;
}

err_t sys_mbox_trypost_fromisr(sys_mbox_t *mbox, void *message) {
    return sys_mbox_trypost(mbox, message);
}

u32_t sys_arch_mbox_fetch(sys_mbox_t *mbox, void **message, u32_t timeout) {
    struct sys_mbox *m = *mbox;
    struct timespec deadline = monotonic_in(timeout);
    pthread_mutex_lock(&m->lock);
    while (m->count == 0) {
        if (!cond_wait(&m->changed, &m->lock, timeout ? &deadline : NULL)) {
            pthread_mutex_unlock(&m->lock);
            return SYS_ARCH_TIMEOUT;
        }
    }
    mbox_take(m, message);
    pthread_mutex_unlock(&m->lock);
    return 0;
}

u32_t sys_arch_mbox_tryfetch(sys_mbox_t *mbox, void **message) {
    struct sys_mbox *m = *mbox;
    pthread_mutex_lock(&m->lock);
    bool empty = m->count == 0;
    if (!empty) {
        mbox_take(m, message);
    }
    pthread_mutex_unlock(&m->lock);
    return empty ? SYS_MBOX_EMPTY : 0;
}

// ---- mutexes and the critical section

err_t sys_mutex_new(sys_mutex_t *mutex) {
    *mutex = malloc(sizeof(**mutex));
    if (*mutex == NULL) {
        return ERR_MEM;
    }
    pthread_mutex_init(&(*mutex)->lock, NULL);
    return ERR_OK;
}

void sys_mutex_lock(sys_mutex_t *mutex) {
    pthread_mutex_lock(&(*mutex)->lock);
}

void sys_mutex_unlock(sys_mutex_t *mutex) {
    pthread_mutex_unlock(&(*mutex)->lock);
}

void sys_mutex_free(sys_mutex_t *mutex) {
    pthread_mutex_destroy(&(*mutex)->lock);
    free(*mutex);
}

sys_prot_t sys_arch_protect(void) {
    pthread_mutex_lock(&protect_lock);
    return 0;
}

void sys_arch_unprotect(sys_prot_t previous) {
    (void)previous;
    pthread_mutex_unlock(&protect_lock);
}

// ---- threads

sys_thread_t sys_thread_new(const char *name, lwip_thread_fn function, void *arg, int stack, int priority) {
    (void)stack;
    (void)priority;
    thread_start(name, function, arg);
    return NULL;
}

void sys_mark_tcpip_thread(void) {
    tcpip_thread = pthread_self();
    __atomic_store_n(&tcpip_thread_known, true, __ATOMIC_RELEASE);
}

// lwip_init() runs before there is a tcpip thread; from then on only that thread may call in.
void sys_check_core_locking(void) {
    if (__atomic_load_n(&tcpip_thread_known, __ATOMIC_ACQUIRE)) {
        LWIP_ASSERT("lwIP called from outside its thread", pthread_equal(pthread_self(), tcpip_thread));
    }
}

void sys_init(void) {
    pthread_key_create(&thread_sem_key, thread_sem_free);
}
