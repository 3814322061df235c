// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors
//
// The process that wakes is a new one: the section goes to it through a file without a name.

#define _GNU_SOURCE

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "rtc.h"

#define RTC_MARK "WG_HOST_RTC" // in the environment: the file's descriptor

// The linker's; nothing where no module has such data.
extern char __start_rtc_data[] __attribute__((weak)), __stop_rtc_data[] __attribute__((weak));

void rtc_keep(void) {
    size_t len = (size_t)(__stop_rtc_data - __start_rtc_data);
    int fd = memfd_create("rtc", 0);
    if (fd < 0 || pwrite(fd, __start_rtc_data, len, 0) != (ssize_t)len) {
        return; // as after any other reset
    }
    char text[16];
    snprintf(text, sizeof(text), "%d", fd);
    setenv(RTC_MARK, text, 1);
}

void rtc_restore(void) {
    const char *mark = getenv(RTC_MARK);
    if (mark == NULL) {
        return;
    }
    int fd = atoi(mark);
    size_t len = (size_t)(__stop_rtc_data - __start_rtc_data);
    (void)!pread(fd, __start_rtc_data, len, 0);
    close(fd);
    unsetenv(RTC_MARK);
}
