# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
"""Full queues: of handshake messages that wait for Python, and of what MicroPython is to call."""

import time

import pytest
from recovery import WITHIN, Asking
from support.noise_model import COOKIE_REPLY
from support.peer import HandMadePeer

pytestmark = pytest.mark.chaos


class Insistent(HandMadePeer):
    """Proves where it is when it is asked to."""

    def _receive(self, data, source):
        if data[0] == COOKIE_REPLY:
            self.noise.consume_cookie_reply(data)
        super()._receive(data, source)


STALLED = """
start = time.ticks_us()
sum(range(100_000))
count = 100_000 * 4_000_000 // time.ticks_diff(time.ticks_us(), start)
print("STALLED")
sum(range(count))  # four seconds of native code, in which the scheduler has no turn
report(drops=drops(t))
"""


def test_the_queue_of_handshake_messages_is_full(device):
    """Python stands still while more initiations come, all proven, than it can be handed."""
    with Insistent() as peer:
        asking = Asking(device, peer.config())
        asking.run.tell("step0", STALLED)
        asking.run.wait_for("^STALLED")
        for _ in range(40):
            peer.raw(peer.noise.create_initiation())
            time.sleep(0.03)
        asking.run.wait_for("^STEP 0$", 60)
        ms = asking.next_answer()
        drops = asking.run.result["drops"]
        assert drops["messages_full"] > 0 and drops["no_cookie"] > 0
        start = time.monotonic()
        while True:  # its cookie may be one of before
            try:
                peer.initiate(timeout=5)
                break
            except TimeoutError:
                assert time.monotonic() - start < 10
        again = int((time.monotonic() - start) * 1000)
        print(f"queue of messages full: answers after {ms} ms, another session after {again} ms")
        assert max(ms, again) < WITHIN
        asking.end()


BUSY = """
from testing import *
import micropython
refused = ran = 0

def again():
    global refused
    try:
        while True:
            micropython.schedule(busy, None)
    except RuntimeError:
        refused += 1

def busy(_):
    global ran
    ran += 1
    if not told("calm"):
        again()

uplink()
again()
start = time.ticks_ms()
t = wireguard.Tunnel("wg.json").up()
assert t.wait(10)
session = time.ticks_diff(time.ticks_ms(), start)
assert ping("192.168.4.254", 3, 1) == 3
report(session=session, refused=refused, ran=ran)
wait_for("rekeyed")
rekeyed = ping("192.168.4.254", 3, 1)
with open("calm", "w"):
    pass
report(rekeyed=rekeyed, after=ping("192.168.4.254", 1), errors=t.errors, total=refused)
t.down()
"""


def test_micropythons_scheduler_is_full_all_the_time(device, peer):
    """Whatever the program has called leaves no place free in it; the tunnel needs none."""
    run = device.start(BUSY, peer.config())
    run.wait_until(lambda: "session" in run.result, 60, "a session")
    start = time.monotonic()
    peer.initiate()
    ms = int((time.monotonic() - start) * 1000)
    run.tell("rekeyed")
    assert run.wait() == 0, run.output
    result = run.result
    print(f"scheduler full: session after {result['session']} ms, as responder after {ms} ms")
    assert result["refused"] > 100 and result["ran"] > 100
    assert max(result["session"], ms) < WITHIN
    assert result["rekeyed"] == 3 and result["after"] == 1 and result["errors"] == 0
