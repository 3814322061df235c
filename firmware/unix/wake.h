// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors
//
// Waking the main thread out of whatever it sleeps in.
#pragma once

#include <pthread.h>

void wake_init(void);

// No wake-up call can arrive from here on.
void wake_deinit(void);

// Ends the blocking call of any thread.
void wake_thread(pthread_t id);

// From any thread: what is pending runs now.
void wake_main(void);

// The same from a signal handler, which may be running on the main thread.
void wake_signal(void);

// One turn of waiting inside MicroPython.
void wake_wait(void);
