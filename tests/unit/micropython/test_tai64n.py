# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
"""Timestamps that never go backwards, whatever the clock and the power do."""

import os
import struct
import sys

from expect import equal
from wireguard.tai64n import FileStore, Timestamps

_SECOND = 1_000_000_000
_YEAR_2000 = 946684800 * _SECOND
_YEAR_2026 = 1795392000 * _SECOND


class Store:
    def __init__(self):
        self.mark = None
        self.writes = 0
        self.fails = False

    def load(self):
        return self.mark

    def save(self, mark):
        if self.fails:
            raise OSError(28)
        assert self.mark is None or mark > self.mark
        self.mark = mark
        self.writes += 1


def _parts(label):
    equal(len(label), 12)
    seconds, nanoseconds = struct.unpack(">QI", label)
    assert nanoseconds < _SECOND
    return seconds, nanoseconds


def test_the_format():
    label = Timestamps(clock=lambda: 0).next()
    seconds, nanoseconds = _parts(label)
    equal(seconds, (1 << 62) + 10)
    label = Timestamps(clock=lambda: _YEAR_2026 + 999_999_999).next()
    equal(_parts(label), ((1 << 62) + 10 + _YEAR_2026 // _SECOND, 59 << 24))


def test_low_bits_are_whitened():
    for nanoseconds in (1, 123_456_789, 999_999_999):
        equal(_parts(Timestamps(clock=lambda: nanoseconds).next())[1] & 0xFFFFFF, 0)


def test_rises_with_a_clock_that_stands_or_goes_back():
    now = _YEAR_2026
    labels = Timestamps(clock=lambda: now)
    last = b""
    for i in range(500):
        if i == 200:
            now -= 3600 * _SECOND
        label = labels.next()
        assert label > last
        last = label


def test_fifty_reboots_without_a_clock():
    store = Store()
    last = b""
    for _ in range(50):
        labels = Timestamps(store, lambda: _YEAR_2000)
        for _ in range(7):
            label = labels.next()
            assert label > last
            last = label
    equal(store.writes, 50)  # once a boot


def test_reboot_without_clock_after_days_with_one():
    store = Store()
    now = _YEAR_2026
    labels = Timestamps(store, lambda: now)
    for _ in range(1000):
        now += 120 * _SECOND
        last = labels.next()
    assert store.writes <= 1000 * 120 // 3600 + 2, store.writes
    assert Timestamps(store, lambda: _YEAR_2000).next() > last


def test_power_cut_at_any_moment():
    """Whatever was last stored, a label that went out is below the next boot's first."""
    store = Store()
    now = _YEAR_2000
    labels = Timestamps(store, lambda: now)
    for i in range(2000):
        now += (i % 7) * 600 * _SECOND
        last = labels.next()
        assert Timestamps(_copy(store), lambda: _YEAR_2000).next() > last


def _copy(store):
    copy = Store()
    copy.mark = store.mark
    return copy


def test_a_full_flash_is_counted_not_fatal():
    store = Store()
    store.fails = True
    labels = Timestamps(store, lambda: _YEAR_2026)
    first = labels.next()
    assert labels.next() > first
    equal(labels.save_errors, 2)
    store.fails = False
    labels.next()
    equal(store.writes, 1)


def test_the_mark_in_a_file():
    store = FileStore("test")
    equal(store.load(), None)
    store.save(1 << 40)
    store.save((1 << 40) + 1)
    equal(FileStore("test").load(), (1 << 40) + 1)
    with open("test.mark", "wb") as file:
        file.write(b"half")
    equal(FileStore("test").load(), None)
    os.remove("test.mark")


def test_a_power_cut_on_a_filesystem_that_does_not_replace():
    store = FileStore("test")
    store.save(5)
    os.rename("test.mark", "test.mark.new")  # the old one is gone, the new one not yet renamed
    equal(FileStore("test").load(), 5)
    store.save(6)
    with open("test.mark.new", "wb") as file:
        file.write(b"7...")  # cut short while it was written
    equal(FileStore("test").load(), 6)


def test_a_filesystem_that_does_not_replace():
    real = os.rename

    class Fat:
        remove = staticmethod(os.remove)

        @staticmethod
        def rename(old, new):
            if new in os.listdir():
                raise OSError(17)
            real(old, new)

    store = FileStore("test")
    sys.modules["os"] = Fat
    try:
        for mark in (5, 6, 7):
            store.save(mark)
    finally:
        sys.modules["os"] = os
    equal(store.load(), 7)
    assert "test.mark.new" not in os.listdir()
