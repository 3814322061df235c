# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
"""Looks for secrets in the memory of a running process: heaps, stacks of all threads, data."""

import os
import re
from pathlib import Path

import pytest

SEARCHABLE = pytest.mark.skipif(
    os.environ.get("SANITIZE") == "1",
    reason="AddressSanitizer keeps what was freed, and maps more memory than can be searched",
)

# As much of a secret as must not be found: a whole one may have lost its ends to whatever came
# after it, or to clamping.
PIECES = (slice(4, 18), slice(16, 30))


def regions(pid: int):
    """(start, end, what) of all that the process may write to.

    Not the stack on which the device on the host takes the signals that wake it (wake.c): the
    kernel saves the registers there, and one may come while a key is being copied. No program can
    wipe that; the next signal overwrites it.
    """
    for line in Path(f"/proc/{pid}/maps").read_text().splitlines():
        match = re.match(r"(\w+)-(\w+) (....) \S+ \S+ \S+ *(.*)", line)
        if match[3].startswith("rw") and "wake-signals" not in match[4]:
            yield int(match[1], 16), int(match[2], 16), match[4] or "anonymous"


def snapshot(pid: int) -> list[tuple[str, int, bytes]]:
    """[(what, address, contents)] of all writable memory."""
    parts = []
    with open(f"/proc/{pid}/mem", "rb", buffering=0) as memory:
        for start, end, what in regions(pid):
            try:
                memory.seek(start)
                parts.append((what, start, memory.read(end - start)))
            except (OSError, ValueError):  # a mapping that went away, or [vvar]
                continue
    return parts


def forms(secret: bytes):
    """As it is, and as HMAC masks it."""
    yield "", secret
    for mask in (0x36, 0x5C):
        yield f" ^ {mask:#x}", bytes(b ^ mask for b in secret)


def find(parts, secrets: dict[str, bytes]) -> list[str]:
    """Where each of the named secrets, or half of it, is: one line a place."""
    found = []
    for name, secret in secrets.items():
        for form, value in forms(secret):
            for piece in PIECES:
                for what, start, contents in parts:
                    at = contents.find(value[piece])
                    while at >= 0:
                        found.append(f"{name}{form}[{piece.start}:] in {what} at {start + at:#x}")
                        at = contents.find(value[piece], at + 1)
    return found
