// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors
//
// Memory that a deep sleep leaves alone, as the RTC's on a chip: what lies in the section rtc_data.
#pragma once

void rtc_keep(void); // before the process starts over from a deep sleep
void rtc_restore(void);
