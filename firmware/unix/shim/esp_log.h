// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors
//
// ESP-IDF's log macros for modsocket.c: errors are worth seeing, the rest is not.
#pragma once

#include <stdio.h>

#define ESP_LOGE(tag, ...) ((void)tag, fprintf(stderr, __VA_ARGS__))
#define ESP_LOGI(tag, ...) ((void)tag)
