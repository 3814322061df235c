# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors

"""Up and down, again and again, without growing."""

import re

import pytest

CYCLES = """
from testing import *
uplink(ipv6=True)  # all that lwIP sets up by itself is there
s = udp(4000, 5)

def cycle():
    t = wireguard.Tunnel("wg.json")
    t.up()
    t.wait(10)
    s.sendto(b"x", ("192.168.4.254", 7))
    assert s.recv(10) == b"x"
    t.down()
    time.sleep_ms(110)  # boringtun takes ten handshakes a second before it asks for cookies

for n in range(10):
    cycle()
first = memory()
for n in range(90):
    cycle()
last = memory()
report(first=first, last=last)
"""


def assert_flat(first, last):
    assert last["lwip"] == first["lwip"]
    assert last["heap"] <= first["heap"] + 256


@pytest.mark.timeout(150)
def test_a_hundred_times_up_and_down(device, gateway):
    run = device.run(CYCLES, gateway.config(), namespace=gateway.namespace, timeout=120)
    assert_flat(run.result["first"], run.result["last"])


UNFINISHED = """
from testing import *
uplink(ipv6=True)  # all that lwIP sets up by itself is there

def cycle(n):
    t = wireguard.Tunnel("wg.json")
    t.up()
    s = udp(0, 0)
    try:
        s.sendto(b"x", ("192.168.4.254", 7))
    except OSError:
        pass
    s.close()
    if n % 3 == 0:
        t.down()
        t.down()
    elif n % 3 == 1:
        t = None
        gc.collect()
    else:
        try:
            raise ValueError
        except ValueError:
            t.down()

for n in range(10):
    cycle(n)
first = memory()
for n in range(30):
    cycle(n)
report(first=first, last=memory())
"""


def test_tunnels_that_never_had_a_session_leave_nothing(device, peer):
    peer.answer_handshakes = False
    run = device.run(UNFINISHED, peer.config(), timeout=60)
    assert_flat(run.result["first"], run.result["last"])


@pytest.mark.timeout(200)
def test_twenty_soft_resets(device, gateway):
    config = gateway.config()
    config["ping"]["count"] = 1
    run = device.start(None, config, namespace=gateway.namespace)
    for n in range(21):
        run.wait_until(lambda n=n: run.output.count("1 received") > n, 30, f"ping {n}")
        run.wait_until(lambda n=n: run.output.count(">>>") > 2 * n, 10, "prompt")
        run.type("import gc; gc.collect(); gc.collect(); print('HEAP', gc.mem_alloc())\r")
        run.wait_until(lambda n=n: len(re.findall(r"^HEAP", run.output, re.M)) > n, 10, "heap")
        run.type("\x04")
    run.process.stdin.close()
    run.wait(20)
    seen = [int(n) for n in re.findall(r"^HEAP (\d+)", run.output, re.M)]
    assert len(seen) == 21
    assert max(seen[1:]) <= seen[1] + 1024, seen
    assert "Traceback" not in run.output
