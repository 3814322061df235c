# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
"""Capture by itself. What it sees is in tests/e2e/test_capture.py."""

import _wireguard as wg
from expect import equal, raises


def test_before_any_network():
    """On a board that has just started, lwIP's thread does not run yet."""
    capture = wg.Capture(2048, 64)
    equal((capture.read(bytearray(100)), capture.lost()), (0, 0))
    capture.close()
    capture.close()
    equal(capture.read(bytearray(100)), 0)


def test_sizes_out_of_range():
    for size, longest in ((2047, 64), ((1 << 20) + 1, 64), (2048, 63), (2048, 65536)):
        raises(ValueError, wg.Capture, size, longest)
