# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
"""A session kept through a sleep: moved, not copied; too old, another's or damaged is none."""

from ctypes import byref, create_string_buffer, sizeof

import pytest
from hypothesis import given
from hypothesis import strategies as st
from native import Keypair, Retained

ME, OTHER, WHERE = b"i" * 32, b"o" * 32, b"endpoint".ljust(32, b"\0")
REJECT_AFTER = 180_000
NOW = 5_000_000  # of the keypairs' clock before the sleep
AFTER = 7_000  # ... and after: it has begun anew
CLOCK = 40_000_000  # of the clock that goes on


def a_keypair(dataplane, age=0):
    k = Keypair()
    dataplane.wg_keypair_init(byref(k), 11, 22, b"s" * 32, b"r" * 32, True, NOW - age)
    k.send_counter = 1234
    assert dataplane.wg_replay_accept(byref(k.replay), 77)
    return k


def keep(dataplane, age=0):
    kept, k = Retained(), a_keypair(dataplane, age)
    dataplane.wg_retain_keep(byref(kept), byref(k), ME, WHERE, NOW, CLOCK)
    assert bytes(k) == bytes(sizeof(k))
    return kept


def take(dataplane, kept, slept=1000, whose=ME):
    k, where = Keypair(), create_string_buffer(32)
    taken = dataplane.wg_retain_take(byref(kept), byref(k), whose, where, AFTER, CLOCK + slept)
    return (k, where.raw) if taken else None


def is_wiped(kept):
    return bytes(kept) == bytes(sizeof(kept))


def test_goes_on_where_it_stopped(dataplane):
    kept = keep(dataplane, age=20_000)
    k, where = take(dataplane, kept, slept=8_000)
    assert (k.local_index, k.remote_index, k.send_counter) == (11, 22, 1234)
    assert bytes(k.send_key) == b"s" * 32 and bytes(k.recv_key) == b"r" * 32
    assert k.initiator and where == WHERE
    assert not dataplane.wg_replay_accept(byref(k.replay), 77)
    assert dataplane.wg_replay_accept(byref(k.replay), 78)
    assert (AFTER - k.created_ms) % 2**32 == 20_000 + 8_000 + 1_000


def test_is_taken_once(dataplane):
    kept = keep(dataplane)
    assert take(dataplane, kept)
    assert is_wiped(kept)
    assert take(dataplane, kept) is None


def test_anothers_stays_for_its_owner(dataplane):
    kept = keep(dataplane)
    assert take(dataplane, kept, whose=OTHER) is None
    assert take(dataplane, kept)


def test_nothing_was_kept(dataplane):
    assert take(dataplane, Retained()) is None


@pytest.mark.parametrize(
    "age, slept",
    [
        (0, 160_000),  # and an eighth
        (REJECT_AFTER - 1, 1),
        (REJECT_AFTER, 0),
        (REJECT_AFTER + 1, 0),
        (0, REJECT_AFTER),
        (0, 2**32),
        (0, 2**40),
        (0, -1),  # the clock has begun anew
    ],
)
def test_too_old(dataplane, age, slept):
    kept = keep(dataplane, age)
    assert take(dataplane, kept, slept) is None
    assert is_wiped(kept)


def test_young_enough(dataplane):
    assert take(dataplane, keep(dataplane), 159_999)
    assert take(dataplane, keep(dataplane, REJECT_AFTER - 1), 0)


@given(bit=st.integers(0, 8 * (Retained.check.offset + 32) - 1))
def test_any_bit_that_turns_makes_it_void(dataplane, bit):
    kept = keep(dataplane)
    damaged = bytearray(bytes(kept))
    damaged[bit // 8] ^= 1 << bit % 8
    kept = Retained.from_buffer(damaged)
    assert take(dataplane, kept) is None
    assert is_wiped(kept)
