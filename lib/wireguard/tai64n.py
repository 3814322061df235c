# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
"""Timestamps of handshake initiations: TAI64N labels that never go backwards.

A responder refuses an initiation whose timestamp is not later than the last one it saw, and it
remembers that for as long as it runs. A board that boots without the time of day would be locked
out, so the labels are a counter that follows the clock where there is one: the next label is the
time or the last label plus one step, whichever is later. A high-water mark is stored *ahead* of
use, so that after a reboot, with or without a clock, every label is later than any used before.

Wear: the mark lies an hour ahead. With the clock set it is stored once an hour of handshakes,
without it once a boot (a step is 1/60 s, so an hour lasts 216 000 handshakes). NVS spreads
writes over its pages: at one an hour the flash outlives the board by orders of magnitude.
"""

import struct
import time

from micropython import const

_BASE = 0x400000000000000A  # TAI64 label of 1970-01-01 00:00:00, ten leap seconds included
_STEPS = const(60)  # a second; a step is 2^24 ns, as coarse as wireguard-go's: it hides the clock
_AHEAD = const(3600 * _STEPS)


def _epoch_offset():
    """Seconds from 1970 to the epoch of this port's clock (MicroPython also counts from 2000)."""
    return 946684800 if time.gmtime(0)[0] == 2000 else 0


def wall_clock():
    """Nanoseconds since 1970 according to this machine, right or not."""
    return time.time_ns() + _epoch_offset() * 1_000_000_000


class FileStore:
    """The mark in a file, for ports without NVS. A power cut leaves the old file or the new."""

    def __init__(self, name):
        self._path = name + ".mark"
        self._new = self._path + ".new"

    def load(self):
        for path in (self._path, self._new):
            try:
                with open(path, "rb") as file:
                    data = file.read()
            except OSError:
                continue
            if len(data) == 8:
                return struct.unpack("<Q", data)[0]
        return None

    def save(self, mark):
        import os

        with open(self._new, "wb") as file:
            file.write(struct.pack("<Q", mark))
        try:
            os.rename(self._new, self._path)
        except OSError:  # FAT does not replace
            os.remove(self._path)
            os.rename(self._new, self._path)


class NvsStore:
    """The mark in the ESP32's non-volatile storage."""

    def __init__(self, name):
        from esp32 import NVS

        self._nvs = NVS("wireguard")
        self._key = name[-15:]  # as long as NVS allows

    def load(self):
        data = bytearray(8)
        try:
            if self._nvs.get_blob(self._key, data) != 8:
                return None
        except OSError:
            return None
        return struct.unpack("<Q", data)[0]

    def save(self, mark):
        self._nvs.set_blob(self._key, struct.pack("<Q", mark))
        self._nvs.commit()


def open_store(name):
    """The store of this platform."""
    try:
        return NvsStore(name)
    except ImportError:
        return FileStore(name)


class Timestamps:
    """The labels of one identity. One object each: two would repeat each other's labels.

    store   object with load() -> int or None and save(int); None keeps no mark
    clock   function that answers nanoseconds since 1970
    """

    def __init__(self, store=None, clock=wall_clock):
        self._store = store
        self._clock = clock
        mark = store.load() if store else None
        self._last = mark or 0
        self._mark = self._last
        self.save_errors = 0

    def next(self):
        """A label of 12 bytes, later than all before."""
        seconds, nanoseconds = divmod(self._clock(), 1_000_000_000)
        step = max(seconds * _STEPS + (nanoseconds >> 24), self._last + 1)
        if step > self._mark:
            self._advance(step + _AHEAD)
        self._last = step
        seconds, part = divmod(step, _STEPS)
        return struct.pack(">QI", _BASE + seconds, part << 24)

    def _advance(self, mark):
        """A full or read-only flash is no reason to lose the tunnel now: count it and go on."""
        if self._store:
            try:
                self._store.save(mark)
            except OSError:
                self.save_errors += 1
                return
        self._mark = mark
