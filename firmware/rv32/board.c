// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors

// What the qemu port lacks for a network: a clock, waiting, random bytes, memory, and lwIP's turns.
//
// Under `-icount shift=0,sleep=off` every instruction is a nanosecond of the machine's clock and
// waiting for a timer takes no time at all, so that runs repeat to the instruction.

#include <stdlib.h>
#include <string.h>

#include "py/mphal.h"
#include "py/runtime.h"

#include "lwip/init.h"
#include "lwip/netif.h"
#include "lwip/tcp.h"
#include "lwip/timeouts.h"

#include "wireguard/crypto/blake2s.h"

// CLINT and real-time clock of QEMU's virt machine.
#define MTIMECMP ((volatile uint32_t *)0x02004000)
#define MTIME ((volatile uint32_t *)0x0200bff8)
#define MTIME_HZ 10000000u
#define RTC ((volatile uint32_t *)0x00101000)

#define MIE_MTIE 128

#define WAIT_MAX_MS 60000

int mp_mod_network_prefer_dns_use_ip_version = 4;

static uint64_t mtime(void) {
    uint32_t high, low;
    do {
        high = MTIME[1];
        low = MTIME[0];
    } while (high != MTIME[1]);
    return (uint64_t)high << 32 | low;
}

mp_uint_t mp_hal_ticks_us(void) {
    return (mp_uint_t)(mtime() / (MTIME_HZ / 1000000));
}

// A tick as cheap as the chip's, for lwIP asks often: no 64-bit division. Read at least once in 2^32 of
// the clock's ticks (seven minutes), which board_wait() sees to. It starts a minute before it wraps.
uint32_t board_millis(void) {
    static uint32_t read_at;
    static uint32_t millis = UINT32_MAX - 60000;
    uint32_t passed = (MTIME[0] - read_at) / (MTIME_HZ / 1000);
    millis += passed;
    read_at += passed * (MTIME_HZ / 1000);
    return millis;
}

mp_uint_t mp_hal_ticks_ms(void) {
    return board_millis();
}

mp_uint_t mp_hal_ticks_cpu(void) {
    uint32_t n;
    __asm__ volatile ("csrr %0, minstret" : "=r" (n));
    return n;
}

uint64_t mp_hal_time_ns(void) {
    uint32_t low = RTC[0];  // latches the other half
    return (uint64_t)RTC[1] << 32 | low;
}

void mp_hal_delay_us(mp_uint_t us) {
    uint64_t end = mtime() + (uint64_t)us * (MTIME_HZ / 1000000);
    while (mtime() < end) {
    }
}

void mp_hal_delay_ms(mp_uint_t ms) {
    uint32_t start = board_millis(), passed;
    mp_event_handle_nowait();
    while ((passed = board_millis() - start) < ms) {
        mp_event_wait_ms(ms - passed);
    }
}

// Sleep until something may have happened: `ms` have passed (-1: no limit), or lwIP has a timeout.
void board_wait(int ms) {
    uint32_t limit = MIN(sys_timeouts_sleeptime(), WAIT_MAX_MS);
    if (ms >= 0 && (uint32_t)ms < limit) {
        limit = (uint32_t)ms;
    }
    uint64_t due = mtime() + (uint64_t)limit * (MTIME_HZ / 1000);
    MTIMECMP[1] = UINT32_MAX;
    MTIMECMP[0] = (uint32_t)due;
    MTIMECMP[1] = (uint32_t)(due >> 32);
    // An interrupt that is enabled by itself but not globally ends the wait and is not taken.
    uint32_t enabled;
    __asm__ volatile ("csrrci %0, mstatus, 8" : "=r" (enabled));
    __asm__ volatile ("csrs mie, %0; wfi; csrc mie, %0" : : "r" (MIE_MTIE));
    __asm__ volatile ("csrs mstatus, %0" : : "r" (enabled & 8));
}

bool board_quiet;  // no turns for lwIP: somebody counts

void board_poll(void) {
    if (board_quiet) {
        return;
    }
    sys_check_timeouts();
    netif_poll_all();
}

void board_init(void) {
    static bool done;
    if (!done) {
        done = true;
        static uint32_t thread_locals[16];  // picolibc's errno is one, and the port sets up none
        __asm__ volatile ("mv tp, %0" : : "r" (thread_locals));
        lwip_init();
    }
}

// What modlwip.c means by tcp_err() and tcp_recv().
void board_tcp_err(struct tcp_pcb *pcb, tcp_err_fn fn) {
    if (pcb->state != LISTEN) {
        tcp_err(pcb, fn);
    }
}

void board_tcp_recv(struct tcp_pcb *pcb, tcp_recv_fn fn) {
    if (pcb->state != LISTEN) {
        tcp_recv(pcb, fn);
    }
}

// The same bytes in every run: for an emulator whose keys protect nothing, and so that runs repeat.
static uint64_t random_blocks;

void board_random_bytes(uint8_t *out, size_t len) {
    uint8_t block[32];
    while (len > 0) {
        random_blocks++;
        wg_blake2s(block, sizeof(block), NULL, 0, (const uint8_t *)&random_blocks, sizeof(random_blocks));
        size_t n = MIN(len, sizeof(block));
        memcpy(out, block, n);
        out += n;
        len -= n;
    }
}

// For lwIP and jitter: xorshift, no more than they need.
uint32_t board_random(void) {
    static uint32_t state = 2463534242u;
    state ^= state << 13;
    state ^= state >> 17;
    state ^= state << 5;
    return state;
}

void board_assert(const char *message, const char *file, int line) {
    mp_printf(&mp_plat_print, "%s:%d: %s\n", file, line, message);
    exit(1);
}

// malloc's memory: lwIP's and the tunnel's.
void *sbrk(ptrdiff_t n) {
    static uint8_t memory[256 * 1024] __attribute__((aligned(16)));
    static size_t used;
    if (n < 0 ? (size_t)-n > used : (size_t)n > sizeof(memory) - used) {
        return (void *)-1;
    }
    void *start = memory + used;
    used += n;
    return start;
}
