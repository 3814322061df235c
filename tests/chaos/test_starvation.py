# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
"""Memory runs out at every allocation in turn, from up() to down(): the n-th is refused.

Whatever happens then is an exception that the program sees, or a packet that is lost; after it the
tunnel works, by itself if up() had succeeded, and nothing has leaked. CHAOS_SECONDS is the budget
of all: without one only some n are tried.
"""

import os
import time

import pytest
from lives import LIVES, ROLES

SECONDS = int(os.environ.get("CHAOS_SECONDS", "0"))

pytestmark = pytest.mark.chaos

STARVED = (
    LIVES
    + """
KIND, FIRST, STEP = "@KIND", @FIRST, @STEP

def life(n):
    print("LIFE", n)
    t = wireguard.Tunnel("wg.json")
    raised = None
    _host.fail(KIND, n)
    try:
        live(t)
    except (OSError, MemoryError) as e:
        raised = type(e).__name__
    seen = _host.fail(KIND, 0)
    by_itself = t.active()
    return seen, raised, by_itself, recover(t, n)

for n in (0, 0, 100, 200) * 3:  # MicroPython's scheduler keeps what it last called, eight times
    life(n)
before = memory()
before = memory()
n, lives, raised, alone, slowest = FIRST, 0, 0, 0, 0
while not told("stop"):
    seen, error, by_itself, ms = life(n)
    lives += 1
    raised += error is not None
    alone += by_itself
    slowest = max(slowest, ms)
    if seen < n:
        break
    n += STEP
gc.collect()
print("AFTER", n)
report(lives=lives, last=n, raised=raised, alone=alone, slowest=slowest, before=before,
    after=memory())
"""
)


def script(kind, first, step):
    text = STARVED.replace("@KIND", kind).replace("@FIRST", str(first))
    return text.replace("@STEP", str(step))


def flat(lwip):
    """Without the answers that MicroPython's getaddrinfo() does not free if it then raises."""
    return {name: used for name, used in lwip.items() if name not in ("NETDB", "mem")}


@pytest.mark.timeout(SECONDS + 200)
@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("kind, some", [("lwip", 7), ("python", 151)])
def test_memory_runs_out_anywhere(device, kind, some, role):
    """`some` devices at once, for most of the time is spent waiting for the next handshake."""
    devices = 6
    step = devices if SECONDS else some * devices
    firsts = [1 + i * (step // devices) for i in range(devices)]
    peers = [ROLES[role]() for _ in firsts]
    try:
        runs = [
            device.start(script(kind, first, step), peer.config())
            for first, peer in zip(firsts, peers, strict=True)
        ]
        end = time.monotonic() + (SECONDS / 4 if SECONDS else 60)
        while time.monotonic() < end and any(run.process.poll() is None for run in runs):
            time.sleep(0.2)
        for run in runs:
            run.tell("stop")
        for run in runs:
            assert run.wait(90) == 0, run.output
    finally:
        for peer in peers:
            peer.close()
    results = [run.result for run in runs]
    for result in results:
        print({k: v for k, v in result.items() if k not in ("before", "after")})
    for result in results:
        assert result["slowest"] < 6000 + 5333
        assert flat(result["after"]["lwip"]) == flat(result["before"]["lwip"])
        assert result["after"]["heap"] <= result["before"]["heap"] + 1024
    assert sum(result["lives"] for result in results) >= 8
