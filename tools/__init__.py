# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors

"""WireGuard for MicroPython from the host: keys, configurations, boards, a device on it."""
