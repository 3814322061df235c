# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
"""Faults of the network, each with the time to recovery, which make chaos prints.

A session must be back within a round trip and 5 s after the path is: where it has to find out
first that there is none, that is 15 s of silence, WireGuard's own, and the test says so.
"""

import os
import threading
import time

import pytest
from recovery import A_RETRY, WITHIN, Asking
from support.dns import NameServer
from support.namespace import Namespace, why_not
from support.peer import HandMadePeer

SECONDS = int(os.environ.get("CHAOS_SECONDS", "0"))
SILENCE = 15_333
NAME = "gateway.example.org"
ELSEWHERE = "198.51.100.7"

pytestmark = pytest.mark.chaos

OFF = "_host.in_range(False)\nuntil(lambda: not wlan.isconnected(), 5)"
ON = "_host.in_range(True)\nuntil(wlan.isconnected, 20)"


@pytest.mark.parametrize("away", [1, 60] if SECONDS else [1])
def test_wifi_is_gone_for_a_while(device, peer, away):
    """The device goes on asking meanwhile."""
    asking = Asking(device, peer.config())
    asking.step(OFF)
    time.sleep(away)
    asking.step(ON)
    ms = asking.next_answer()
    print(f"Wi-Fi gone for {away} s: answers {ms} ms after it is back")
    assert ms < WITHIN
    asking.end()


HALF_AN_HOUR = """
_host.in_range(False)
s = udp()
for second in range(31 * 60):
    _host.skip(1000)
    time.sleep_ms(1)
    if {asks} and second % 10 == 0:
        try:
            s.sendto(b"question", (host, 7))
        except OSError:
            pass
s.close()
report(age=t.status("peers")[0]["handshake_age"], connected=t.isconnected(),
    session=t._interface.netif.session(0))
"""


@pytest.mark.parametrize("asks", [True, False], ids=["asking", "silent"])
def test_wifi_is_gone_for_31_minutes(device, peer, asks):
    """On the device itself, whose clock skips second after second. All its keys are gone then."""
    asking = Asking(device, peer.config())
    asking.step(HALF_AN_HOUR.format(asks=asks) + ON, 100)
    ms = asking.next_answer()
    result = asking.run.result
    assert result["age"] >= 31 * 60
    assert result["connected"] is False and result["session"] is None
    print(f"Wi-Fi gone for 31 min, {'' if asks else 'not '}asked for: {ms} ms after it is back")
    assert ms < WITHIN
    assert peer.initiations == 2
    asking.end()


def test_another_address_by_dhcp(device, peer):
    """The session goes on: the first packet from there tells the peer."""
    asking = Asking(device, peer.config())
    before = "address = wlan.ifconfig()[0]\n_host.renew(True)\n"
    moved = "until(lambda: wlan.ifconfig()[0] not in (address, '0.0.0.0'), 20)"
    asking.step(before + moved)
    ms = asking.next_answer()
    print(f"another address by DHCP: answers after {ms} ms")
    assert ms < WITHIN and peer.initiations == 1
    asking.end()


class Movable(HandMadePeer):
    """A peer that is somewhere else all at once, and no more where it was."""

    def __init__(self, space):
        space.run("ip", "address", "add", f"{ELSEWHERE}/32", "dev", "lo")
        self._space = space
        super().__init__(make_socket=space.udp_socket)

    def move(self, port):
        super().close()
        self.socket = self._space.udp_socket(ELSEWHERE, port)
        self.socket.settimeout(0.1)
        self._closing = False
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        return self.socket.getsockname()[1]


@pytest.fixture
def space():
    if reason := why_not():
        pytest.skip(reason)
    space = Namespace()
    yield space
    space.close()


def test_the_gateway_speaks_from_another_address_and_port(device, space):
    """One packet is enough, and no handshake."""
    with Movable(space) as peer:
        asking = Asking(device, peer.config(), namespace=space, inside=["192.168.4.0/24"])

        def move():
            assert peer.move(0) != peer.port
            peer.send(b"")

        ms = asking.answer_after(move)
        port = peer.socket.getsockname()[1]
        asking.step("report(endpoint=t.status('peers')[0]['endpoint'])")
        print(f"the gateway's address and port moved: answers after {ms} ms")
        assert asking.run.result["endpoint"] == [ELSEWHERE, port]
        assert ms < WITHIN and peer.initiations == 1
        asking.end()


@pytest.mark.timeout(150)
def test_a_gateway_that_says_nothing_is_found_by_its_name(device, space):
    """15 s of silence, two handshakes to where it was; then to where its name says."""
    with Movable(space) as peer, NameServer({NAME: "10.0.2.2"}, space.udp_socket) as names:
        config = peer.config(endpoint=f"{NAME}:{peer.port}")
        asking = Asking(device, config, namespace=space, dns=names.port, inside=["192.168.4.0/24"])
        names.names[NAME] = ELSEWHERE
        ms = asking.answer_after(peer.move, peer.port)
        print(f"the gateway's name has another address: answers after {ms} ms")
        assert ms < SILENCE + 2 * A_RETRY + WITHIN
        assert peer.initiations == 2, "the second is the first that it hears of"
        asking.end()


@pytest.mark.parametrize("dead", [3.5, 8.5, 20] if SECONDS else [3.5])
def test_dead_name_servers_come_to_life(device, peer, dead):
    with NameServer({NAME: None}) as names:
        config = peer.config(endpoint=f"{NAME}:{peer.port}")
        asking = Asking(device, config, is_answered=False, dns=names.port)
        asking.run.wait_until(lambda: names.asked, 30, "a question")
        time.sleep(dead)
        names.names[NAME] = "10.0.2.2"
        ms = asking.next_answer()
        print(f"name servers dead for {dead} s: answers {ms} ms after they are back")
        assert ms < WITHIN
        asking.end()
