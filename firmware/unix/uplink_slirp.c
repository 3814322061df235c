// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors
//
// The host's side of the uplink: libslirp in a thread with its own poll loop. A lock guards slirp,
// which is not reentrant; it is free while the thread polls.

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include <slirp/libslirp.h>

#include "dns_redirect.h"
#include "threads.h"
#include "uplink.h"

#define QUEUE_FRAMES 32 // the chip's ESP_WIFI_DYNAMIC_TX_BUFFER_NUM
#define POLL_MAX 1024
#define TIMERS_MAX 4

typedef struct {
    size_t len;
    uint8_t data[UPLINK_FRAME_MAX];
} frame_t;

typedef struct {
    SlirpTimerCb callback;
    void *arg;
    int64_t expires_ms; // < 0: not running
} slirp_timer_t;

static pthread_mutex_t slirp_lock = PTHREAD_MUTEX_INITIALIZER;
static Slirp *slirp;
static void (*receive_frame)(const uint8_t *frame, size_t len);
static slirp_timer_t timers[TIMERS_MAX];
static struct pollfd polled[POLL_MAX];
static int polled_count;
static int wake_fd = -1;
static uint16_t dns_port;

static pthread_mutex_t queue_lock = PTHREAD_MUTEX_INITIALIZER;
static frame_t queue[QUEUE_FRAMES];
static unsigned queue_first, queue_count;

static void wake(void) {
    uint64_t one = 1;
    (void)!write(wake_fd, &one, sizeof(one));
}

// ---- from the device

bool uplink_send(const uint8_t *frame, size_t len) {
    pthread_mutex_lock(&queue_lock);
    bool taken = queue_count < QUEUE_FRAMES && len <= UPLINK_FRAME_MAX;
    if (taken) {
        frame_t *slot = &queue[(queue_first + queue_count++) % QUEUE_FRAMES];
        slot->len = len;
        memcpy(slot->data, frame, len);
    }
    pthread_mutex_unlock(&queue_lock);
    if (taken) {
        wake();
    }
    return taken;
}

static bool queue_take(frame_t *frame) {
    pthread_mutex_lock(&queue_lock);
    bool any = queue_count > 0;
    if (any) {
        frame->len = queue[queue_first].len;
        memcpy(frame->data, queue[queue_first].data, frame->len);
        queue_first = (queue_first + 1) % QUEUE_FRAMES;
        queue_count--;
    }
    pthread_mutex_unlock(&queue_lock);
    return any;
}

static void drain_queue(void) {
    static frame_t frame;
    while (queue_take(&frame)) {
        dns_redirect_query(frame.data, frame.len, dns_port);
        slirp_input(slirp, frame.data, (int)frame.len);
    }
}

// ---- what slirp asks of its owner

static ssize_t slirp_send_packet(const void *data, size_t len, void *opaque) {
    (void)opaque;
    static uint8_t frame[UPLINK_FRAME_MAX];
    if (len <= sizeof(frame)) {
        memcpy(frame, data, len);
        dns_redirect_answer(frame, len, dns_port);
        receive_frame(frame, len);
    }
    return (ssize_t)len;
}

static void slirp_guest_error(const char *message, void *opaque) {
    (void)opaque;
    fprintf(stderr, "uplink: %s\n", message);
}

static int64_t slirp_clock_ns(void *opaque) {
    (void)opaque;
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static void *slirp_timer_new(SlirpTimerCb callback, void *arg, void *opaque) {
    (void)opaque;
    for (int i = 0; i < TIMERS_MAX; i++) {
        if (timers[i].callback == NULL) {
            timers[i] = (slirp_timer_t) {callback, arg, -1};
            return &timers[i];
        }
    }
    abort();
}

static void slirp_timer_free(void *timer, void *opaque) {
    (void)opaque;
    ((slirp_timer_t *)timer)->callback = NULL;
}

static void slirp_timer_mod(void *timer, int64_t expires_ms, void *opaque) {
    (void)opaque;
    ((slirp_timer_t *)timer)->expires_ms = expires_ms;
}

static void slirp_poll_fd_changed(int fd, void *opaque) {
    (void)fd;
    (void)opaque;
}

static void slirp_notify(void *opaque) {
    (void)opaque;
    wake();
}

static const SlirpCb callbacks = {
    .send_packet = slirp_send_packet,
    .guest_error = slirp_guest_error,
    .clock_get_ns = slirp_clock_ns,
    .timer_new = slirp_timer_new,
    .timer_free = slirp_timer_free,
    .timer_mod = slirp_timer_mod,
    .register_poll_fd = slirp_poll_fd_changed,
    .unregister_poll_fd = slirp_poll_fd_changed,
    .notify = slirp_notify,
};

// ---- the loop

static const struct {
    int slirp;
    short poll;
} poll_flags[] = {
    {SLIRP_POLL_IN, POLLIN}, {SLIRP_POLL_OUT, POLLOUT}, {SLIRP_POLL_PRI, POLLPRI},
    {SLIRP_POLL_ERR, POLLERR}, {SLIRP_POLL_HUP, POLLHUP},
};

static int add_poll(int fd, int events, void *opaque) {
    (void)opaque;
    if (polled_count == POLL_MAX) {
        return -1;
    }
    polled[polled_count] = (struct pollfd) {.fd = fd};
    for (size_t i = 0; i < sizeof(poll_flags) / sizeof(*poll_flags); i++) {
        if (events & poll_flags[i].slirp) {
            polled[polled_count].events |= poll_flags[i].poll;
        }
    }
    return polled_count++;
}

static int get_revents(int index, void *opaque) {
    (void)opaque;
    int events = 0;
    for (size_t i = 0; index >= 0 && i < sizeof(poll_flags) / sizeof(*poll_flags); i++) {
        if (polled[index].revents & poll_flags[i].poll) {
            events |= poll_flags[i].slirp;
        }
    }
    return events;
}

static uint32_t run_timers(uint32_t timeout_ms) {
    int64_t now_ms = slirp_clock_ns(NULL) / 1000000;
    for (slirp_timer_t *timer = timers; timer < timers + TIMERS_MAX; timer++) {
        if (timer->callback == NULL || timer->expires_ms < 0) {
            continue;
        }
        if (timer->expires_ms <= now_ms) {
            timer->expires_ms = -1;
            timer->callback(timer->arg);
            timeout_ms = 0;
        } else if (timer->expires_ms - now_ms < timeout_ms) {
            timeout_ms = (uint32_t)(timer->expires_ms - now_ms);
        }
    }
    return timeout_ms;
}

static void uplink_thread(void *arg) {
    (void)arg;
    for (;;) {
        pthread_mutex_lock(&slirp_lock);
        uint32_t timeout_ms = run_timers(1000);
        polled_count = 0;
        add_poll(wake_fd, SLIRP_POLL_IN, NULL);
        slirp_pollfds_fill(slirp, &timeout_ms, add_poll, NULL);
        pthread_mutex_unlock(&slirp_lock);

        int result = poll(polled, (nfds_t)polled_count, (int)timeout_ms);

        pthread_mutex_lock(&slirp_lock);
        uint64_t woken;
        if (polled[0].revents & POLLIN) {
            (void)!read(wake_fd, &woken, sizeof(woken));
        }
        slirp_pollfds_poll(slirp, result < 0, get_revents, NULL);
        drain_queue();
        pthread_mutex_unlock(&slirp_lock);
    }
}

// ---- set-up

static struct in_addr address(const char *text) {
    struct in_addr a;
    inet_pton(AF_INET, text, &a);
    return a;
}

static struct in6_addr address6(const char *text) {
    struct in6_addr a;
    inet_pton(AF_INET6, text, &a);
    return a;
}

bool uplink_forward(bool udp, uint16_t host_port, uint16_t guest_port) {
    pthread_mutex_lock(&slirp_lock);
    int result = slirp_add_hostfwd(slirp, udp, address("127.0.0.1"), host_port,
        address("10.0.2.15"), guest_port);
    pthread_mutex_unlock(&slirp_lock);
    wake();
    return result == 0;
}

void uplink_redirect_dns(uint16_t port) {
    pthread_mutex_lock(&slirp_lock);
    dns_port = port;
    pthread_mutex_unlock(&slirp_lock);
}

// WG_HOST_FORWARD: "tcp:host_port:guest_port,udp:..."
static void forward_from_environment(void) {
    const char *text = getenv("WG_HOST_FORWARD");
    while (text != NULL && *text != 0) {
        char protocol[4];
        unsigned host_port, guest_port;
        int used = 0;
        bool good = sscanf(text, "%3[a-z]:%u:%u%n", protocol, &host_port, &guest_port, &used) == 3
            && (strcmp(protocol, "tcp") == 0 || strcmp(protocol, "udp") == 0)
            && (text[used] == 0 || text[used] == ',');
        if (!good || !uplink_forward(protocol[0] == 'u', (uint16_t)host_port, (uint16_t)guest_port)) {
            fprintf(stderr, "WG_HOST_FORWARD: cannot forward %s\n", text);
            exit(1);
        }
        text += used + (text[used] == ',');
    }
}

void uplink_start(void (*receive)(const uint8_t *frame, size_t len)) {
    receive_frame = receive;
    wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    SlirpConfig config = {
        .version = 1,
        .in_enabled = true,
        .vnetwork = address("10.0.2.0"),
        .vnetmask = address("255.255.255.0"),
        .vhost = address("10.0.2.2"),
        .vdhcp_start = address("10.0.2.15"),
        .vnameserver = address("10.0.2.3"),
        .in6_enabled = true,
        .vprefix_addr6 = address6("fec0::"),
        .vprefix_len = 64,
        .vhost6 = address6("fec0::2"),
        .vnameserver6 = address6("fec0::3"),
    };
    slirp = slirp_new(&config, &callbacks, NULL);
    if (slirp == NULL || wake_fd < 0) {
        fprintf(stderr, "cannot start the uplink\n");
        abort();
    }
    const char *dns = getenv("WG_HOST_DNS");
    if (dns != NULL) {
        dns_port = (uint16_t)atoi(dns);
    }
    forward_from_environment();
    thread_start("uplink", uplink_thread, NULL);
}
