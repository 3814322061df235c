# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors

"""The bad network does what it says, and no more."""

import socket
import time

import pytest
from support.relay import DOWN, UP, Relay


@pytest.fixture
def ends():
    """(gateway socket, device socket, make a relay between them)"""
    gateway, device = (socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(2))
    gateway.bind(("127.0.0.1", 0))
    gateway.settimeout(5)
    device.settimeout(5)
    relays = []

    def make(**settings):
        relays.append(Relay(gateway.getsockname(), **settings))
        device.connect(("127.0.0.1", relays[-1].port))
        return relays[-1]

    yield gateway, device, make
    for s in (*relays, gateway, device):
        s.close()


def received(sock, end=b"end"):
    """All datagrams before the one that says end."""
    data = []
    while (datagram := sock.recv(2000)) != end:
        data.append(datagram)
    return data


NUMBERS = [bytes([4, 0, 0, 0, n]) for n in range(200)]


def through(ends, **settings):
    gateway, device, make = ends
    relay = make(**settings)
    for number in NUMBERS:
        device.send(number)
    while relay.count(UP, 4) < len(NUMBERS):
        time.sleep(0.001)
    relay.drop = relay.duplicate = relay.corrupt = relay.reorder = 0.0
    relay.delay = 0.1
    device.send(b"end")
    return received(gateway)


def test_a_good_network_changes_nothing(ends):
    gateway, device, make = ends
    relay = make()
    device.send(b"ping")
    data, source = gateway.recvfrom(100)
    gateway.sendto(data + b"!", source)
    assert device.recv(100) == b"ping!"
    assert relay.passed == [(UP, b"ping"), (DOWN, b"ping!")]


def test_order_is_kept_without_reorder(ends):
    assert through(ends) == NUMBERS


def test_drop(ends):
    got = through(ends, drop=0.3)
    assert 100 < len(got) < 180 and got == sorted(got)


def test_duplicate(ends):
    got = through(ends, duplicate=0.3)
    assert 220 < len(got) < 300 and set(got) == set(NUMBERS)


def test_reorder(ends):
    got = through(ends, reorder=0.3)
    assert got != NUMBERS and sorted(got) == NUMBERS


def test_corrupt(ends):
    got = through(ends, corrupt=0.3)
    assert len(got) == 200 and 30 < sum(a != b for a, b in zip(got, NUMBERS, strict=True)) < 100


def test_the_same_seed_makes_the_same_network(ends):
    assert through(ends, drop=0.5, seed=7) == through(ends, drop=0.5, seed=7)


def test_rebind_changes_the_source_and_still_answers(ends):
    gateway, device, make = ends
    relay = make()
    sources = []
    for _ in range(2):
        device.send(b"?")
        data, source = gateway.recvfrom(100)
        sources.append(source)
        gateway.sendto(b"!", source)
        assert device.recv(100) == b"!"
        relay.rebind()
    assert sources[0] != sources[1]


def test_blocked_passes_nothing_but_what_is_injected(ends):
    gateway, device, make = ends
    relay = make(blocked=True)
    device.send(b"lost")
    while not relay.passed:
        time.sleep(0.001)
    relay.inject(UP, b"end")
    assert received(gateway) == []
