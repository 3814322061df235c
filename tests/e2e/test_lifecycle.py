# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors

"""Up and down, again and again, without growing."""

import re
import time

import pytest

CYCLES = """
from testing import *
uplink(ipv6=True)  # all that lwIP sets up by itself is there

def cycle():
    t = wireguard.Tunnel("wg.json")
    t.up()
    assert t.wait(10)
    assert ping("192.168.4.254") == 1
    t.down()
    time.sleep_ms(25)  # a responder takes one initiation each 20 ms

for n in range(10):
    cycle()
first = memory()
first = memory()  # now with one such result on the heap, as the last time
for n in range(90):
    cycle()
report(first=first, last=memory())
"""


@pytest.fixture(params=["wireguard-go", "hand-made"])
def gateway(request):
    """Not boringtun: mitmproxy_rs never forgets that it had ten handshakes and is under load."""
    return request.getfixturevalue(
        {"wireguard-go": "wireguard_go", "hand-made": "peer"}[request.param]
    )


def assert_flat(first, last):
    assert last["lwip"] == first["lwip"]
    assert last["heap"] <= first["heap"] + 64


def test_a_hundred_times_up_and_down(device, gateway):
    run = device.run(CYCLES, gateway.config(), namespace=gateway.namespace, timeout=60)
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
    t.down()
    if n % 2:
        t.down()
        t.up()
        t.up()
        t.down()

for n in range(10):
    cycle(n)
first = memory()
first = memory()
for n in range(30):
    cycle(n)
report(first=first, last=memory())
"""


def test_tunnels_that_never_had_a_session_leave_nothing(device, peer):
    peer.answer_handshakes = False
    run = device.run(UNFINISHED, peer.config(), timeout=60)
    assert_flat(run.result["first"], run.result["last"])


USED = (
    "import gc, _host; gc.collect(); gc.collect(); print('USED', gc.mem_alloc(), "
    "*[_host.memp()[p][0] for p in ('NETCONN', 'RAW_PCB', 'TCP_PCB', 'UDP_PCB')], "
    "_host.netifs())\r"
)


def test_twenty_soft_resets(device, gateway):
    """The tunnel is up at each reset; the next life begins without the last one's."""
    config = gateway.config()
    config["ping"]["count"] = 1
    run = device.start(None, config, namespace=gateway.namespace)
    for n in range(21):
        run.wait_until(lambda n=n: run.output.count("1 received") > n, 30, f"ping {n}")
        run.wait_until(lambda n=n: run.output.count(">>>") > 2 * n, 10, "prompt")
        run.type(USED)
        run.wait_until(lambda n=n: len(re.findall(r"^USED", run.output, re.M)) > n, 10, "line")
        time.sleep(0.025)  # a responder takes one initiation each 20 ms
        run.type("\x04")
    run.process.stdin.close()
    run.wait(20)
    used = re.findall(r"^USED (\d+) (.*)", run.output, re.M)
    assert len(used) == 21
    assert len({lwip for _, lwip in used}) == 1, used
    heap = [int(n) for n, _ in used]
    assert max(heap[1:]) <= heap[1] + 1024, used
    assert "Traceback" not in run.output
