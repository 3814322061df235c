# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
"""Memory runs out at every allocation in turn, from up() to traffic: the n-th is refused.

Whatever happens then is an exception that the program sees, or a packet that is lost; after it the
tunnel works, by itself if up() had succeeded, and nothing has leaked. CHAOS_SECONDS is the budget
of all: without one only some n are tried.
"""

import os
import time

import pytest
from support.peer import HandMadePeer

SECONDS = int(os.environ.get("CHAOS_SECONDS", "0"))

pytestmark = pytest.mark.chaos

LIVES = """
from testing import *
import _host, gc
uplink(ipv6=True)
KIND, FIRST, STEP = "@KIND", @FIRST, @STEP

def traffic():
    found = ping("192.168.4.254", 1, 1)
    s = udp(0, 1)
    try:
        s.sendto(b"x" * 1300, ("192.168.4.254", 4001))
    finally:
        s.close()
    return found

def life(n):
    print("LIFE", n)
    t = wireguard.Tunnel("wg.json")
    raised = None
    _host.fail(KIND, n)
    try:
        t.up()
        t.wait(1)
        traffic()
    except (OSError, MemoryError) as e:
        raised = type(e).__name__
    seen = _host.fail(KIND, 0)
    by_itself = t.active()
    if not by_itself:
        t.up()
    start = time.ticks_ms()
    assert t.wait(20), n
    until(traffic, 20, "traffic after allocation %d" % n)
    ms = time.ticks_diff(time.ticks_ms(), start)
    indices = len(t._interface.device._by_index)
    assert indices <= 3, (n, indices)
    t.down()
    time.sleep_ms(25)  # a responder takes one initiation each 20 ms
    return seen, raised, by_itself, ms

life(0)
life(0)
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


def script(kind, first, step):
    text = LIVES.replace("@KIND", kind).replace("@FIRST", str(first))
    return text.replace("@STEP", str(step))


def flat(lwip):
    """Without the answers that MicroPython's getaddrinfo() does not free if it then raises."""
    return {name: used for name, used in lwip.items() if name not in ("NETDB", "mem")}


@pytest.mark.timeout(SECONDS + 200)
@pytest.mark.parametrize("kind, some", [("lwip", 11), ("python", 211)])
def test_memory_runs_out_anywhere(device, kind, some):
    """`some` devices at once, for most of the time is spent waiting for the next handshake."""
    devices = 6
    step = devices if SECONDS else some * devices
    firsts = [1 + i * (step // devices) for i in range(devices)]
    peers = [HandMadePeer() for _ in firsts]
    try:
        runs = [
            device.start(script(kind, first, step), peer.config())
            for first, peer in zip(firsts, peers, strict=True)
        ]
        end = time.monotonic() + (SECONDS / 2 if SECONDS else 60)
        while time.monotonic() < end and any(run.process.poll() is None for run in runs):
            time.sleep(0.2)
        for run in runs:
            run.tell("stop")
        for run in runs:
            assert run.wait(60) == 0, run.output
    finally:
        for peer in peers:
            peer.close()
    results = [run.result for run in runs]
    for result in results:
        print({k: v for k, v in result.items() if k not in ("before", "after")})
        assert result["slowest"] < 6000 + 5333
        assert flat(result["after"]["lwip"]) == flat(result["before"]["lwip"])
        assert result["after"]["heap"] <= result["before"]["heap"] + 1024
    assert sum(result["lives"] for result in results) >= 8
