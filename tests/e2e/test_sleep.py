# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
"""A session that is put aside and goes on. On a chip a deep sleep lies between, here nothing."""

import struct

import pytest

# Which peers of which `up` went on with a session.
WATCH = """
from testing import *
from wireguard.interface import Interface

resumed = []
resume = Interface._resume
def watched(self, slot, peer):
    resumed.append(resume(self, slot, peer))
    return resumed[-1]
Interface._resume = watched
"""

GOES_ON = (
    WATCH
    + """

t = tunnel()
assert ping("192.168.4.254") == 1
before = t.status()["peers"][0]
assert t.suspend()
assert not t.active() and not t.isconnected()
t.up()
at_once = t.isconnected()
after = t.status()["peers"][0]
answered = ping("192.168.4.254", 3)
t.down()
t.up()
report(
    at_once=at_once,
    answered=answered,
    endpoint=before["endpoint"] == after["endpoint"],
    younger=after["handshake_age"] < before["handshake_age"],
    resumed=resumed,
)
"""
)


def test_goes_on_without_a_handshake(device, gateway):
    run = device.run(GOES_ON, gateway.config(), namespace=gateway.namespace)
    assert run.result == {
        "at_once": True,
        "answered": 3,
        "endpoint": True,
        "younger": False,
        "resumed": [False, True, False],  # what was taken back is kept no more
    }


SLEEPS = """
from testing import *

t = tunnel()
for _ in range(10):
    assert ping("192.168.4.254") == 1
    assert t.suspend()
    t.up()
    assert t.isconnected()
assert ping("192.168.4.254") == 1
t.down()
assert not t.suspend()
"""


def test_one_handshake_and_no_counter_twice(device, peer):
    device.run(SLEEPS, peer.config())
    assert peer.initiations == 1
    transport = [d for d in peer.datagrams if d[0] == 4]
    counters = [struct.unpack_from("<Q", d, 8)[0] for d in transport]
    assert counters == sorted(set(counters))
    assert len(counters) > 20
    assert len({d[4:8] for d in transport}) == 1


ANOTHER = (
    WATCH
    + """
import json

t = tunnel()
assert t.suspend()
with open("wg.json") as f:
    config = json.load(f)
changed = %s
wireguard.Tunnel(config).up().down()
t.up()
report(resumed=resumed)
"""
)


@pytest.mark.parametrize(
    "change",
    [
        'config["interface"].update(private_key="' + "A" * 42 + 'E=")',
        'config["peers"][0].update(public_key="' + "C" * 42 + 'A=")',
    ],
    ids=["interface", "peer"],
)
def test_another_tunnel_forgets_it(device, peer, change):
    """Of another device or to another peer: it is not theirs, and is not to lie about either."""
    run = device.run(ANOTHER % change, peer.config())
    assert run.result == {"resumed": [False, False, False]}


SECOND_PEER = """
import json
from testing import *

with open("wg.json") as f:
    config = json.load(f)
silent = dict(config["peers"][0], public_key="%s", allowed_ips=["10.9.9.0/24"])
silent.pop("endpoint")
config["peers"].insert(0, silent)
t = tunnel(config)
assert t.suspend()
t.up()
report(connected=t.isconnected(), answered=ping("192.168.4.254"))
""" % ("C" * 42 + "A=")


def test_whichever_peer_has_the_session(device, peer):
    run = device.run(SECOND_PEER, peer.config())
    assert run.result == {"connected": True, "answered": 1}


def test_of_a_session_that_the_other_side_began(device, peer):
    script = """
from testing import *

t = tunnel()
wait_for("began")
assert ping("192.168.4.254") == 1
assert t.suspend()
t.up()
report(connected=t.isconnected(), answered=ping("192.168.4.254"))
"""
    run = device.start(script, peer.config())
    peer.wait(lambda: len(peer.sessions) == 1)
    peer.initiate()
    run.tell("began", "x")
    assert run.wait(60) == 0, run.output
    assert run.result == {"connected": True, "answered": 1}
    assert peer.initiations == 1


WAKES = """
import machine
import wireguard
from ping import ping
from wireguard.interface import Interface

resume = Interface._resume
def watched(self, slot, peer):
    resumed = resume(self, slot, peer)
    print("RESUMED", resumed)
    return resumed
Interface._resume = watched

try:
    with open("wakes") as f:
        wakes = int(f.read()) + 1
except OSError:
    wakes = 0
with open("wakes", "w") as f:
    f.write(str(wakes))
t = wireguard.Tunnel().up()
print("WAKE", wakes, t.wait(10), ping("192.168.4.254", count=1, quiet=True).received)
if wakes == 4:
    print("DONE")
else:
    assert t.suspend()
    machine.reset() if wakes == 2 else machine.deepsleep(50)
"""


def test_a_board_that_sleeps(device, peer):
    """Sleeps, sleeps, is reset, sleeps: only the reset costs a handshake."""
    run = device.start(None, peer.config(), files={"main.py": WAKES})
    run.wait_for("^DONE$", 60)
    lines = [x for x in run.output.splitlines() if x.startswith(("RESUMED", "WAKE"))]
    assert lines[1::2] == [f"WAKE {n} True 1" for n in range(5)]
    resumed = [line.split()[1] for line in lines[::2]]
    assert resumed == ["False", "True", "True", "False", "True"]
    assert peer.initiations == 2
