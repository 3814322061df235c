# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
"""What tests ask of the host device, as far as this one can tell."""

from _bench import heap
from _bench import netifs as netifs


def memp():
    """One pool for all, in bytes: the heap."""
    return {"heap": (heap(), 0, 0)}
