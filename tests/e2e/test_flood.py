# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors

"""Five thousand handshake messages a second from many sources: sessions and heap do not notice.

(A slow build of the device gets fewer: its queue would be full, and pings lost.)
"""

import os
import random
import threading
import time

import pytest
from support.namespace import free_port, udp_socket
from support.noise_model import (
    COOKIE_REPLY,
    COOKIE_REPLY_SIZE,
    INITIATION,
    INITIATION_SIZE,
    RESPONSE,
    RESPONSE_SIZE,
    NoisePeer,
    ProtocolError,
)
from support.patience import PATIENCE
from support.peer import HandMadePeer
from wgpy import keys

LISTEN = 58121
RATE, SECONDS, SOURCES = int(5000 / PATIENCE**2), 5 * PATIENCE, 50

PINGS = """
from testing import *
t = tunnel(ipv6=True)  # all that lwIP sets up by itself is there
assert ping("192.168.4.254", 2) == 2
report(before=memory(), ready=True)
wait_for("flood")
sent = answered = 0
while not told("over"):
    sent += 1
    answered += ping("192.168.4.254", 1)
    time.sleep_ms(50)
time.sleep_ms(int(300 * PATIENCE))
report(sent=sent, answered=answered, after=memory(), drops=drops(t), errors=t.errors)
wait_for("end", 60)
t.down()
"""


class Flood:
    """Sends `datagrams` in turn from many sources, RATE a second. `with` it for its duration."""

    def __init__(self, port, datagrams):
        self.sent = 0
        self._sockets = [udp_socket("127.0.0.1", 0) for _ in range(SOURCES)]
        self._port, self._datagrams = port, datagrams
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def __enter__(self):
        self._start = time.monotonic()
        self._thread.start()
        return self

    def __exit__(self, *exc):
        self._stop.set()
        self._thread.join(10)
        self.seconds = time.monotonic() - self._start
        for s in self._sockets:
            s.close()

    def _run(self):
        while not self._stop.wait(0.001):
            due = int((time.monotonic() - self._start) * RATE)
            while self.sent < due:
                s = self._sockets[self.sent % SOURCES]
                s.sendto(self._datagrams[self.sent % len(self._datagrams)], self._port)
                self.sent += 1


def garbage(peer, address):
    """Random bytes of the right types and lengths."""
    chance = random.Random(5)
    kinds = (
        (INITIATION, INITIATION_SIZE),
        (RESPONSE, RESPONSE_SIZE),
        (COOKIE_REPLY, COOKIE_REPLY_SIZE),
    )
    return [bytes([kind, 0, 0, 0]) + chance.randbytes(size - 4) for kind, size in kinds * 100]


def mac1_valid(peer, address):
    """Initiations of strangers that know the device's public key, half with a mac2 of chance."""
    chance = random.Random(5)
    made = []
    for n in range(300):
        stranger = NoisePeer(os.urandom(32), peer.noise.remote_public_key)
        if n % 2:
            stranger.cookie = chance.randbytes(16)
        made.append(stranger.add_macs(bytes([INITIATION, 0, 0, 0]) + chance.randbytes(112)))
    return made


def replayed(peer, address):
    """One real initiation of the peer itself, which the device has taken before."""
    return [peer.initiate(address)]


@pytest.fixture
def talk(device, peer):
    """(peer, run, the host's address of the device) with a session in which pings are asked."""
    port = free_port()
    config = peer.config()
    config["interface"]["listen_port"] = LISTEN
    run = device.start(PINGS, config, forwards=[f"udp:{port}:{LISTEN}"], inside=["192.168.4.0/24"])
    run.wait_for("ready")
    return peer, run, ("127.0.0.1", port)


@pytest.mark.parametrize("kind", [garbage, mac1_valid, replayed])
def test_a_session_lives_through_a_flood(talk, kind):
    peer, run, address = talk
    with Flood(address, kind(peer, address)) as flood:
        run.tell("flood")
        time.sleep(SECONDS)
    run.tell("over")
    run.wait_for("errors", 20)
    run.tell("end")
    assert run.wait() == 0, run.output
    assert flood.sent > 0.9 * RATE * flood.seconds, "the flood itself was too slow"
    result = run.result
    assert result["answered"] == result["sent"] > SECONDS * 5 / PATIENCE**2
    assert result["after"]["heap"] <= result["before"]["heap"] + 2048
    assert result["after"]["lwip"] == result["before"]["lwip"]
    assert result["errors"] == 0
    refused = ("mac1", "unknown_index", "no_cookie", "messages_limit")
    assert sum(result["drops"][reason] for reason in refused) > 1000, "it did arrive"


def test_strangers_get_their_cookies_in_a_flood(device, peer):
    """Without Python: and with its cookie, a client is handed to Python before the flood."""
    address = "127.0.0.1", free_port()
    with HandMadePeer(device_private_key=peer.device_private_key) as client:
        config = peer.config()
        config["interface"]["listen_port"] = LISTEN
        config["peers"].append(
            {"public_key": keys.encode(client.noise.public_key), "allowed_ips": ["192.168.5.0/24"]}
        )
        run = device.start(PINGS, config, forwards=[f"udp:{address[1]}:{LISTEN}"])
        run.wait_for("ready")
        with Flood(address, mac1_valid(client, address)) as flood:
            run.tell("flood")
            while flood.sent < RATE // 10:  # it is load
                time.sleep(0.01)
            cookie_of(client, address)
            for _ in range(3):
                client.initiate(address, timeout=2)
                time.sleep(0.1)
        assert len(client.sessions) == 3
        run.tell("over")
        run.wait_for("errors", 20)
        run.tell("end")
        assert run.wait() == 0, run.output
        assert run.result["answered"] == run.result["sent"]
        assert run.result["drops"]["no_cookie"] > 500 / PATIENCE**2
        assert run.result["drops"]["messages_full"] < 10, "too many for Python"


def cookie_of(client, address):
    """Ask until there is an answer: the flood fills the device's mailbox, too."""
    for _ in range(100):
        before = len(client.datagrams)
        client.raw(client.noise.create_initiation(), address)
        try:
            client.wait(lambda b=before: len(client.datagrams) > b, 0.05)
        except TimeoutError:
            continue
        if client.datagrams[-1][0] == COOKIE_REPLY:
            assert len(client.datagrams[-1]) == COOKIE_REPLY_SIZE
            try:
                client.noise.consume_cookie_reply(client.datagrams[-1])
            except ProtocolError:  # late: the answer to the one before
                continue
            return
    raise AssertionError("no cookie was given")
