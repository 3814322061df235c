// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors

// What differs between lwIP 2.2 and the 2.1 of ESP-IDF, and between their clocks.
#ifndef WG_LWIP_COMPAT_H
#define WG_LWIP_COMPAT_H

#include "lwip/ip_addr.h"
#include "lwip/sys.h"
#if defined(ESP_PLATFORM)
#include "esp_timer.h"
#include "freertos/FreeRTOS.h"
#endif

#ifndef ip4_addr_eq
#define ip4_addr_eq(a, b) ip4_addr_cmp(a, b)
#define ip4_addr_net_eq(a, b, mask) ip4_addr_netcmp(a, b, mask)
#define ip6_addr_eq(a, b) ip6_addr_cmp(a, b)
#define ip6_addr_net_eq(a, b) ip6_addr_netcmp(a, b)
#define ip6_addr_zoneless_eq(a, b) ip6_addr_cmp_zoneless(a, b)
#define ip_addr_eq(a, b) ip_addr_cmp(a, b)
#endif

// us / 1000, modulo 2^32, without the division of 64 bits that a 32-bit chip has no instruction for.
static inline uint32_t wg_ms_of_us(uint64_t us) {
    uint32_t high = (uint32_t)(us >> 32), low = (uint32_t)us;
    // 2^32 = 4294967 * 1000 + 296
    return high * UINT32_C(4294967) + low / 1000 + (high * UINT32_C(296) + low % 1000) / 1000;
}

// Milliseconds for the ages of keys and what else must not stop. ESP-IDF's sys_now() counts the ticks
// of FreeRTOS, which stand still while machine.lightsleep() does; its high-resolution timer is set right
// on waking.
static inline uint32_t wg_now(void) {
    #if defined(ESP_PLATFORM)
    return wg_ms_of_us((uint64_t)esp_timer_get_time());
    #else
    return sys_now();
    #endif
}

// For sys_timeout(). ESP-IDF's lwIP sleeps in whole ticks, and spins until what is finer is due.
static inline uint32_t wg_timeout_ms(uint32_t ms) {
    #if defined(ESP_PLATFORM)
    return (ms / portTICK_PERIOD_MS + 1) * portTICK_PERIOD_MS;
    #else
    return ms;
    #endif
}

#endif // WG_LWIP_COMPAT_H
