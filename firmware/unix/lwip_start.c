// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors
//
// lwIP starts when the first module that needs it is imported, as on the chip.

#include <stdbool.h>

#include "lwip/tcpip.h"
#include "esp_netif.h"

static void started(void *semaphore) {
    sys_sem_signal(semaphore);
}

esp_err_t esp_netif_init(void) {
    static bool running;
    if (!running) {
        running = true;
        sys_sem_t semaphore;
        sys_sem_new(&semaphore, 0);
        tcpip_init(started, &semaphore);
        sys_arch_sem_wait(&semaphore, 0);
        sys_sem_free(&semaphore);
    }
    return ESP_OK;
}
