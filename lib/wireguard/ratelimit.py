# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
"""Token buckets: handshake messages of one source, and of all of them together.

Time is kept instead of tokens, as in the kernel's ratelimiter: a bucket holds milliseconds, fills
with the clock, and a message costs a fixed number of them.
"""

from micropython import const

from . import ip

_COST_MS = const(50)  # 20 messages a second
_BURST = const(5)
_SOURCES = const(64)
_IDLE_MS = const(1000)  # a source quiet for so long has a full bucket: nothing to remember

_LOAD_COST_MS = const(200)  # five handshakes a second are as much as a chip should compute
_LOAD_BURST = const(10)
_LOAD_LINGER_MS = const(1000)


class Bucket:
    """`burst` messages at once, one every `cost` ms in the long run."""

    def __init__(self, cost, burst, now):
        self._cost = cost
        self._full = cost * burst
        self._level = self._full
        self.updated = now

    def take(self, now):
        """True if there is room for one more message."""
        self._level = min(self._full, self._level + now - self.updated)
        self.updated = now
        if self._level < self._cost:
            return False
        self._level -= self._cost
        return True


class SourceLimit:
    """One bucket a source address, an IPv6 host counting with its whole /64.

    The table is bounded. While it is full of active sources, new ones are refused.
    """

    def __init__(self):
        self._buckets = {}

    def allow(self, host, now):
        source = ip.parse(host)[:8]
        bucket = self._buckets.get(source)
        if bucket is None:
            if len(self._buckets) >= _SOURCES and not self._forget_idle(now):
                return False
            bucket = self._buckets[source] = Bucket(_COST_MS, _BURST, now)
        return bucket.take(now)

    def _forget_idle(self, now):
        idle = [s for s, bucket in self._buckets.items() if now - bucket.updated > _IDLE_MS]
        for source in idle:
            del self._buckets[source]
        return len(idle)


class Load:
    """Tells when there are more handshake messages than a chip can answer.

    As in the kernel the state lingers for a second, so that it does not flicker.
    """

    def __init__(self, now=0):
        self._bucket = Bucket(_LOAD_COST_MS, _LOAD_BURST, now)
        self._until = None

    def message(self, now):
        """Count one message; True while under load."""
        if not self._bucket.take(now):
            self._until = now + _LOAD_LINGER_MS
        if self._until is not None and now >= self._until:
            self._until = None
        return self._until is not None
