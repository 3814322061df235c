# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors

"""ICMP echo over a raw socket."""

class Statistics:
    """Of one run."""

    host: str
    transmitted: int
    received: int
    duplicates: int
    elapsed_ms: int
    interrupted: bool
    def __init__(self, host: str) -> None: ...
    def add(self, rtt: int) -> None:
        """Count a reply that took `rtt` microseconds."""

    def loss(self) -> int:
        """Percent lost."""

    def rtt(self) -> tuple[int, int, int, int] | None:
        """(least, mean, most, deviation) in microseconds, or None without replies."""

    def text(self) -> str:
        """The last lines of ping's output."""

def ping(
    host: str,
    count: int = 5,
    interval: float = 1.0,
    timeout: float = 1.0,
    size: int = 56,
    quiet: bool = False,
) -> Statistics:
    """Send `count` echo requests, one every `interval` seconds; wait `timeout` for the last.

    Ctrl-C ends it early. OSError if the host is unknown.
    """

async def aping(
    host: str,
    count: int = 5,
    interval: float = 1.0,
    timeout: float = 1.0,
    size: int = 56,
    quiet: bool = False,
) -> Statistics:
    """`ping` for asyncio."""
