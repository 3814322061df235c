# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
"""Faults, each with the time it takes to recover, which make chaos prints.

Here is what happens to the two machines and to the program; what happens to the network is in
test_network_faults.py, and in tests/e2e.
"""

import os
import random
import re
import signal
import time
from pathlib import Path

import pytest
from lives import LIVES, ROLES
from recovery import WITHIN, Asking

SECONDS = int(os.environ.get("CHAOS_SECONDS", "0"))

pytestmark = pytest.mark.chaos

# A life of the device: session, then transfers that are compared, for ever.
LIFE = """
from testing import *
booted = time.ticks_ms()
uplink()
up = time.ticks_ms()
t = wireguard.Tunnel("wg.json").up()
ok = t.wait(20)
print("SESSION", ok, time.ticks_diff(time.ticks_ms(), up))
while True:
    s = connect("192.168.4.254", 19)
    send_all(s, b"100000\\n")
    for chunk in pattern(100000, 2048):
        got = 0
        while got < len(chunk):
            data = s.recv(len(chunk) - got)
            assert data == chunk[got : got + len(data)] and data, "not what was sent"
            got += len(data)
    s.close()
    print("COMPARED")
"""
# Starts what follows again and again; the device keeps its directory, as a board its flash.
AGAIN = ("sh", "-c", 'while [ ! -e stop ]; do "$@"; done', "again")


def children(pid):
    return [int(n) for n in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


@pytest.mark.timeout(SECONDS + 150)
def test_killed_at_random_moments_of_a_transfer(device, wireguard_go):
    kills = 200 if SECONDS else 8
    chance = random.Random(8)
    config, space = wireguard_go.config(), wireguard_go.namespace
    run = device.start(LIFE, config, namespace=space, prefix=AGAIN)
    for number in range(kills):
        run.wait_until(lambda n=number: run.output.count("SESSION") > n, 30, "a session")
        time.sleep(chance.expovariate(2.5))
        # namespace's own command may stand between the shell and the device
        pid = run.process.pid
        while below := children(pid):
            pid = below[0]
        os.kill(pid, signal.SIGKILL)
    run.wait_until(lambda: run.output.count("SESSION") > kills, 30, "a session")
    compared = run.output.count("COMPARED")
    run.wait_until(lambda: run.output.count("COMPARED") > compared, 60, "a transfer")
    lives = re.findall(r"^SESSION (\w+) (\d+)", run.output, re.M)
    times = sorted(int(ms) for _, ms in lives)
    print(f"{kills} kills; session after {times[len(times) // 2]} ms, {times[-1]} ms at most")
    assert {ok for ok, _ in lives} == {"True"}
    # The first initiation of a life was taken: the labels went on where the last life was killed.
    assert times[-1] < 5000
    assert "not what was sent" not in run.output
    (run.flash / "stop").touch()


def test_the_gateway_is_killed_and_restarted(device, wireguard_go):
    """It has forgotten all sessions. What is sent meanwhile is unanswered, and 15 s of that are
    what WireGuard takes for it; from then on it is a handshake."""
    asking = Asking(device, wireguard_go.config(), namespace=wireguard_go.namespace)
    ms = asking.answer_after(wireguard_go.restart)
    print(f"answers {ms} ms after the gateway's restart")
    assert ms < 15_333 + WITHIN
    asking.end()


CLOCKS = """
from testing import *
from wireguard import tai64n
uplink()
year = 365 * 24 * 3600 * 1_000_000_000
offset = 0
wall_clock = tai64n.wall_clock
class Shifted:
    def time_ns():
        return time.time_ns() + offset
    gmtime = time.gmtime
tai64n.time = Shifted
took = []
for offset in (0, -year, year, 0, -year):
    start = time.ticks_ms()
    t = wireguard.Tunnel("wg.json").up()
    assert t.wait(4), offset
    assert ping("192.168.4.254") == 1
    t.down()
    took.append(time.ticks_diff(time.ticks_ms(), start))
    time.sleep_ms(30)
report(took=took)
"""


def test_the_clock_jumps_by_a_year_either_way(device, peer):
    """Every first initiation is taken: its timestamp is later than all before."""
    result = device.run(CLOCKS, peer.config()).result
    print("session and ping within", max(result["took"]), "ms")
    assert len(result["took"]) == 5
    assert peer.initiations == 5


def test_a_soft_reset_in_the_middle_of_a_handshake(device, peer):
    peer.answer_handshakes = False
    config = peer.config()
    config["ping"]["count"] = 1
    run = device.start(None, config)
    for number in range(1, 4):
        peer.wait(lambda n=number: peer.initiations >= n, 30, "an initiation")
        if number == 3:
            peer.answer_handshakes = True
        run.interrupt()
        run.wait_until(lambda: run.output.rstrip().endswith(">>>"), 20, "the prompt")
        run.type("\x04")
    reset, before = time.monotonic(), run.output.count("received")
    run.wait_until(lambda: run.output.count("received") > before, 30, "the end of the ping")
    assert "1 received" in run.output
    ms = int((time.monotonic() - reset) * 1000)
    print(f"soft reset in a handshake: booted, on the network and answered after {ms} ms")
    assert ms < WITHIN


INTERRUPTED = (
    LIVES
    + """
def loop():
    for _ in range(20):
        pass

def life(n):
    t = wireguard.Tunnel("wg.json")
    _host.fail("interrupt", n)
    try:
        live(t)
        loop()
    except KeyboardInterrupt:
        pass
    except OSError:  # its answer was lost with what was broken off
        pass
    try:  # one that came last
        loop()
    except KeyboardInterrupt:
        pass
    seen = _host.fail("interrupt", 0)
    recover(t, n)
    return seen

for n in (0, 0, 100, 200) * 3:  # MicroPython's scheduler keeps what it last called, eight times
    life(n)
before = memory()
before = memory()
n, lives = @FIRST, 0
while not told("stop"):
    lives += 1
    if life(n) < n:
        break
    n += @STEP
report(lives=lives, last=n, before=before, after=memory())
"""
)


@pytest.mark.timeout(SECONDS + 150)
@pytest.mark.parametrize("role", ROLES)
def test_ctrl_c_anywhere(device, role):
    """The program is interrupted while it brings the tunnel up, uses it, changes its peers and
    brings it down; then it uses it."""
    step = 3 if SECONDS else 97
    text = INTERRUPTED.replace("@FIRST", "1").replace("@STEP", str(step))
    with ROLES[role]() as peer:
        interrupted(device.start(text, peer.config()))


def interrupted(run):
    deadline = time.monotonic() + (SECONDS / 4 if SECONDS else 60)
    while run.process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.2)
    run.tell("stop")
    assert run.wait(60) == 0, run.output
    result = run.result
    print("interrupted", result["lives"], "times, up to allocation", result["last"])
    assert result["lives"] > 5
    assert result["after"]["heap"] <= result["before"]["heap"] + 1024
    lwip = [
        {k: v for k, v in result[w]["lwip"].items() if k != "mem"} for w in ("before", "after")
    ]
    assert lwip[0] == lwip[1]
