# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
"""In place of the boards' `network`: lwIP runs from the start here."""

STA_IF = 0


def WLAN(interface):
    pass
