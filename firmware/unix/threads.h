// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors
//
// Threads that are not Python's: no signals, never scanned by the GC, gone with the process.
#pragma once

void thread_start(const char *name, void (*function)(void *), void *arg);
