# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors

"""A board at the end of a serial line: its firmware, its files, its tunnel."""
