# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
"""Milliseconds that never wrap, out of `time.ticks_ms`, which does (every 12 days on a chip)."""

import time


class Clock:
    """Read it at least once a wrap: the tunnel's tick, every hour at the latest, sees to that."""

    def __init__(self, ticks=time.ticks_ms, largest=None):
        self._ticks = ticks
        self._mask = time.ticks_add(0, -1) if largest is None else largest
        self._last = ticks()
        self._now = 0

    def now(self):
        """Milliseconds since this clock was made."""
        ticks = self._ticks()
        self._now += (ticks - self._last) & self._mask
        self._last = ticks
        return self._now
