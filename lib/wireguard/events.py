# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
"""The event stream of a tunnel, for asyncio: any number of readers, none of them registered.

The log is a short ring. A reader that sleeps too long misses the oldest events, never the newest.
"""

from micropython import const

_SIZE = const(16)


class Log:
    def __init__(self):
        self.count = 0
        self._ring = [None] * _SIZE
        self._waiting = []

    def append(self, event):
        """Also from the scheduler."""
        self._ring[self.count % _SIZE] = event
        self.count += 1
        for flag in self._waiting:
            flag.set()

    def at(self, number):
        return self._ring[number % _SIZE]

    def oldest(self):
        return max(0, self.count - _SIZE)

    async def changed(self, count):
        """Wait until there are more than `count` events."""
        import asyncio

        flag = asyncio.ThreadSafeFlag()
        self._waiting.append(flag)
        try:
            if self.count <= count:  # only now: the scheduler may append at any moment
                await flag.wait()
        finally:
            self._waiting.remove(flag)


class Stream:
    """`async for` over what happens from now on; ends with the event None."""

    def __init__(self, log):
        self._log = log
        self._next = log.count

    def __aiter__(self):
        return self

    async def __anext__(self):
        while self._next >= self._log.count:
            await self._log.changed(self._next)
        self._next = max(self._next, self._log.oldest())
        event = self._log.at(self._next)
        self._next += 1
        if event is None:
            raise StopAsyncIteration
        return event
