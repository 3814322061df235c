# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
"""Milliseconds that never wrap."""

import time

from expect import equal
from wireguard.clock import Clock

_MASK = (1 << 30) - 1


def test_goes_on_over_fifty_wraps():
    real = _MASK - 5
    began = real
    clock = Clock(lambda: real & _MASK, _MASK)
    for _ in range(50 * 400):
        real += _MASK // 400 + 1
        equal(clock.now(), real - began)


def test_one_reading_may_be_almost_a_wrap_late():
    real = 12345
    clock = Clock(lambda: real & _MASK, _MASK)
    real += _MASK
    equal(clock.now(), _MASK)


def test_on_the_ticks_of_this_port():
    clock = Clock()
    first = clock.now()
    time.sleep_ms(20)
    assert 19 <= clock.now() - first < 2000
