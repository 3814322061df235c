# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors

"""Host side of WireGuard for MicroPython: keys, gateway and the device on the host."""
