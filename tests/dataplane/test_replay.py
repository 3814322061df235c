# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
"""The replay window against a set that forgets nothing (RFC 6479, whitepaper 5.4.6)."""

import ctypes

import pytest
from hypothesis import given
from hypothesis import strategies as st
from native import REJECT_AFTER_MESSAGES as LIMIT
from native import WINDOW as W
from native import Replay


class Model:
    """Every counter ever accepted."""

    def __init__(self):
        self.seen = set()

    def too_old(self, counter):
        return bool(self.seen) and max(self.seen) - counter >= W

    def accept(self, counter):
        if counter >= LIMIT or self.too_old(counter) or counter in self.seen:
            return False
        self.seen.add(counter)
        return True


def check(library, counters):
    window, model = Replay(), Model()
    for i, counter in enumerate(counters):
        assert library.wg_replay_too_old(window, counter) == model.too_old(counter), (i, counter)
        before = bytes(window)
        expected = model.accept(counter)
        assert library.wg_replay_accept(window, counter) == expected, (i, counter)
        if not expected:
            assert bytes(window) == before, "a refused counter changed the window"


ORDERS = {
    "in order, then all again": [*range(2 * W), *range(2 * W)],
    "backwards through one window, the zero last": [*range(W - 1, -1, -1), 0],
    "backwards through one more than a window": [*range(W, -1, -1)],
    "the oldest that fits and the one before it": [W, 1, 0, 1, W + 1, 2, 1],
    "zero is not special": [0, 0, 1, 0],
    "zero after the window was filled from one": [*range(1, W), 0, 0],
    "zero just past the edge": [*range(1, W + 1), 0],
    "neighbours in both directions": [9, 8, 7, 7, 10, 9, 8, 6],
    "a jump of exactly one window": [5, 5 + W, 5, 6, 6, 5 + W],
    "a jump of many windows clears the ring": [*range(W), 4 * W, 3 * W, 3 * W + 1, 3 * W + 1],
    "a jump of a whole ring meets no old bit": [3, 3 + W + 32, 4 + 32, 3 + 33 * 32 * 7],
    "a jump to the far end": [0, 2**63, 2**63 - W, 2**63 - W + 1, 2**63 - W + 1],
    "over the 32 bit edge": [*range(2**32 - 40, 2**32 + 40), 2**32 - 1, 2**32 + W, 2**32],
    "over the 37 bit edge of words": [2**37 - 1, 2**37, 2**37 - 1, 2**37 - W + 1],
    "up to REJECT_AFTER_MESSAGES": [LIMIT - 2, LIMIT - 1, LIMIT, LIMIT + 1, LIMIT - 2, LIMIT - 3],
    "the limit does not wrap to the start": [LIMIT - 1, 0, 1, 2**64 - 1, LIMIT - W, LIMIT - W - 1],
    "the greatest number first": [2**64 - 1, 2**64 - 2, 0],
}


@pytest.mark.parametrize("name", ORDERS)
def test_known_orders(dataplane, name):
    check(dataplane, ORDERS[name])


base = st.sampled_from([0, 100, 2**32, 2**37, 2**60, LIMIT - 4 * W]) | st.integers(0, 2**64 - 1)
near = st.integers(-W - 70, W + 70) | st.integers(-40, 40) | st.integers(-40 * W, 40 * W)


@given(base, st.lists(near, max_size=60))
def test_random_walks(dataplane, start, steps):
    counters = [start]
    for step in steps:
        counters.append(min(max(counters[-1] + step, 0), 2**64 - 1))
    check(dataplane, counters)


@given(base, st.lists(st.integers(0, W + 100), max_size=200))
def test_shuffled_bursts(dataplane, start, offsets):
    check(dataplane, [min(start + offset, 2**64 - 1) for offset in offsets])


def test_the_ring_holds_the_window_and_a_word():
    assert ctypes.sizeof(Replay) == 8 + 4 * 33 + 4
