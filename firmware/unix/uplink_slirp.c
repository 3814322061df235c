// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors
//
// The host's side of the uplinks: libslirp, each in a thread with its own poll loop. A lock guards
// slirp, which is not reentrant; it is free while the thread polls.

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
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

struct uplink {
    pthread_mutex_t slirp_lock;
    Slirp *slirp;
    uint8_t network; // 10.0.network.0/24
    void (*receive)(void *arg, const uint8_t *frame, size_t len);
    void *receive_arg;
    slirp_timer_t timers[TIMERS_MAX];
    struct pollfd polled[POLL_MAX];
    int polled_count;
    int wake_fd;

    pthread_mutex_t queue_lock;
    frame_t queue[QUEUE_FRAMES];
    unsigned queue_first, queue_count;
};

static uplink_t uplinks[UPLINKS];
static atomic_ushort dns_port;

static void wake(uplink_t *uplink) {
    uint64_t one = 1;
    (void)!write(uplink->wake_fd, &one, sizeof(one));
}

// ---- from the device

bool uplink_send(uplink_t *uplink, const uint8_t *frame, size_t len) {
    pthread_mutex_lock(&uplink->queue_lock);
    bool taken = uplink->queue_count < QUEUE_FRAMES && len <= UPLINK_FRAME_MAX;
    if (taken) {
        frame_t *slot = &uplink->queue[(uplink->queue_first + uplink->queue_count++) % QUEUE_FRAMES];
        slot->len = len;
        memcpy(slot->data, frame, len);
    }
    pthread_mutex_unlock(&uplink->queue_lock);
    if (taken) {
        wake(uplink);
    }
    return taken;
}

static bool queue_take(uplink_t *uplink, frame_t *frame) {
    pthread_mutex_lock(&uplink->queue_lock);
    bool any = uplink->queue_count > 0;
    if (any) {
        const frame_t *first = &uplink->queue[uplink->queue_first];
        frame->len = first->len;
        memcpy(frame->data, first->data, frame->len);
        uplink->queue_first = (uplink->queue_first + 1) % QUEUE_FRAMES;
        uplink->queue_count--;
    }
    pthread_mutex_unlock(&uplink->queue_lock);
    return any;
}

static void drain_queue(uplink_t *uplink) {
    frame_t frame;
    while (queue_take(uplink, &frame)) {
        dns_redirect_query(frame.data, frame.len, uplink->network, dns_port);
        slirp_input(uplink->slirp, frame.data, (int)frame.len);
    }
}

// ---- what slirp asks of its owner

static ssize_t slirp_send_packet(const void *data, size_t len, void *opaque) {
    uplink_t *uplink = opaque;
    uint8_t frame[UPLINK_FRAME_MAX];
    if (len <= sizeof(frame)) {
        memcpy(frame, data, len);
        dns_redirect_answer(frame, len, uplink->network, dns_port);
        uplink->receive(uplink->receive_arg, frame, len);
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
    uplink_t *uplink = opaque;
    for (slirp_timer_t *timer = uplink->timers; timer < uplink->timers + TIMERS_MAX; timer++) {
        if (timer->callback == NULL) {
            *timer = (slirp_timer_t) {callback, arg, -1};
            return timer;
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
    wake(opaque);
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
    uplink_t *uplink = opaque;
    if (uplink->polled_count == POLL_MAX) {
        return -1;
    }
    struct pollfd *polled = &uplink->polled[uplink->polled_count];
    *polled = (struct pollfd) {.fd = fd};
    for (size_t i = 0; i < sizeof(poll_flags) / sizeof(*poll_flags); i++) {
        if (events & poll_flags[i].slirp) {
            polled->events |= poll_flags[i].poll;
        }
    }
    return uplink->polled_count++;
}

static int get_revents(int index, void *opaque) {
    const uplink_t *uplink = opaque;
    int events = 0;
    for (size_t i = 0; index >= 0 && i < sizeof(poll_flags) / sizeof(*poll_flags); i++) {
        if (uplink->polled[index].revents & poll_flags[i].poll) {
            events |= poll_flags[i].slirp;
        }
    }
    return events;
}

static uint32_t run_timers(uplink_t *uplink, uint32_t timeout_ms) {
    int64_t now_ms = slirp_clock_ns(NULL) / 1000000;
    for (slirp_timer_t *timer = uplink->timers; timer < uplink->timers + TIMERS_MAX; timer++) {
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
    uplink_t *uplink = arg;
    for (;;) {
        pthread_mutex_lock(&uplink->slirp_lock);
        uint32_t timeout_ms = run_timers(uplink, 1000);
        uplink->polled_count = 0;
        add_poll(uplink->wake_fd, SLIRP_POLL_IN, uplink);
        slirp_pollfds_fill(uplink->slirp, &timeout_ms, add_poll, uplink);
        pthread_mutex_unlock(&uplink->slirp_lock);

        int result = poll(uplink->polled, (nfds_t)uplink->polled_count, (int)timeout_ms);

        pthread_mutex_lock(&uplink->slirp_lock);
        uint64_t woken;
        if (uplink->polled[0].revents & POLLIN) {
            (void)!read(uplink->wake_fd, &woken, sizeof(woken));
        }
        slirp_pollfds_poll(uplink->slirp, result < 0, get_revents, uplink);
        drain_queue(uplink);
        pthread_mutex_unlock(&uplink->slirp_lock);
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
    uplink_t *uplink = &uplinks[UPLINK_WIFI];
    pthread_mutex_lock(&uplink->slirp_lock);
    int result = slirp_add_hostfwd(uplink->slirp, udp, address("127.0.0.1"), host_port,
        address("10.0.2.15"), guest_port);
    pthread_mutex_unlock(&uplink->slirp_lock);
    wake(uplink);
    return result == 0;
}

void uplink_redirect_dns(uint16_t port) {
    dns_port = port;
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

static const SlirpConfig *network_of(uplink_number_t number) {
    static SlirpConfig networks[UPLINKS];
    networks[UPLINK_WIFI] = (SlirpConfig) {
        .vnetwork = address("10.0.2.0"),
        .vhost = address("10.0.2.2"),
        .vnameserver = address("10.0.2.3"),
        .vdhcp_start = address("10.0.2.15"),
        .vprefix_addr6 = address6("fec0::"),
        .vhost6 = address6("fec0::2"),
        .vnameserver6 = address6("fec0::3"),
    };
    networks[UPLINK_LAN] = (SlirpConfig) {
        .vnetwork = address("10.0.3.0"),
        .vhost = address("10.0.3.2"),
        .vnameserver = address("10.0.3.3"),
        .vdhcp_start = address("10.0.3.15"),
        .vprefix_addr6 = address6("fec0:3::"),
        .vhost6 = address6("fec0:3::2"),
        .vnameserver6 = address6("fec0:3::3"),
    };
    SlirpConfig *config = &networks[number];
    config->version = 1;
    config->in_enabled = config->in6_enabled = true;
    config->vnetmask = address("255.255.255.0");
    config->vprefix_len = 64;
    return config;
}

uplink_t *uplink_start(uplink_number_t number,
    void (*receive)(void *arg, const uint8_t *frame, size_t len), void *arg) {
    uplink_t *uplink = &uplinks[number];
    const SlirpConfig *config = network_of(number);
    pthread_mutex_init(&uplink->slirp_lock, NULL);
    pthread_mutex_init(&uplink->queue_lock, NULL);
    uplink->receive = receive;
    uplink->receive_arg = arg;
    uplink->network = ((const uint8_t *)&config->vnetwork)[2];
    uplink->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    uplink->slirp = slirp_new(config, &callbacks, uplink);
    if (uplink->slirp == NULL || uplink->wake_fd < 0) {
        fprintf(stderr, "cannot start the uplink\n");
        abort();
    }
    const char *dns = getenv("WG_HOST_DNS");
    if (dns != NULL) {
        dns_port = (uint16_t)atoi(dns);
    }
    if (number == UPLINK_WIFI) {
        forward_from_environment();
    }
    thread_start("uplink", uplink_thread, uplink);
    return uplink;
}
