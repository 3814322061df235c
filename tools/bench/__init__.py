# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors

"""What it costs: instructions on emulated chips, throughput of the device on the host."""
