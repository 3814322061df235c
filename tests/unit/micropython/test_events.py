# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
"""The event stream."""

import asyncio

import micropython
from expect import equal
from wireguard.events import Log, Stream


async def _read(log, got):
    async for event in Stream(log):
        got.append(event)
    got.append("end")


def test_every_reader_gets_every_event_also_from_the_scheduler():
    async def main():
        log, one, two = Log(), [], []
        log.append("before")
        tasks = [asyncio.create_task(_read(log, got)) for got in (one, two)]
        await asyncio.sleep_ms(10)
        log.append("a")
        await asyncio.sleep_ms(10)
        log.append("b")
        log.append("c")
        micropython.schedule(log.append, "d")
        await asyncio.sleep_ms(10)
        log.append(None)
        await asyncio.wait_for_ms(asyncio.gather(*tasks), 1000)
        for got in (one, two):
            equal(got, ["a", "b", "c", "d", "end"])

    asyncio.run(main())


def test_a_slow_reader_loses_the_oldest():
    async def main():
        log = Log()
        stream = Stream(log)
        for i in range(100):
            log.append(i)
        got = []
        for _ in range(16):
            got.append(await stream.__anext__())
        equal(got, list(range(84, 100)))

    asyncio.run(main())


def test_readers_that_leave_leave_nothing_behind():
    async def main():
        log = Log()
        for _ in range(20):
            task = asyncio.create_task(_read(log, []))
            await asyncio.sleep_ms(1)
            task.cancel()
            await asyncio.sleep_ms(1)
        equal(log._waiting, [])

    asyncio.run(main())
