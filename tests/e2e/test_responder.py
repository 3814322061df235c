# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors

"""The other side begins: the device needs no endpoint, only a port that can be reached."""

import time

import pytest
from support.namespace import free_port
from support.noise_model import tai64n
from support.peer import HandMadePeer
from wgpy import keys

LISTEN = 58121

WAIT = """
from testing import *
uplink()
t = wireguard.Tunnel("wg.json")
t.up()
report(ready=True)
t.wait(20)
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.settimeout(5)
s.sendto(b"hello", ("192.168.4.254", 7))
try:
    report(answer=s.recv(100).decode())
except OSError:
    report(answer=None)
wait_for("end")
t.down()
"""


def without_endpoint(config):
    config["interface"]["listen_port"] = LISTEN
    for peer in config["peers"]:
        peer.pop("endpoint")
        peer.pop("persistent_keepalive", None)
    return config


@pytest.mark.parametrize("preshared", [False, True])
def test_wireguard_go_initiates(device, wireguard_go, preshared):
    port = 40000
    config = without_endpoint(wireguard_go.config())
    if preshared:
        config["peers"][0]["preshared_key"] = keys.genpsk()
        wireguard_go.preshared_key(config["peers"][0]["preshared_key"])
    run = device.start(
        WAIT, config, namespace=wireguard_go.namespace, forwards=[f"udp:{port}:{LISTEN}"]
    )
    run.wait_for("ready")
    wireguard_go.peer("endpoint", f"127.0.0.1:{port}")
    wireguard_go.namespace.ping("192.168.4.48")
    run.wait_for("answer")
    run.tell("end")
    assert run.wait() == 0, run.output
    assert run.result["answer"] == "hello"


@pytest.fixture(params=[None, bytes(range(32))], ids=["", "psk"])
def responder(device, request):
    """(peer, run, address of the device) with the device waiting for the peer's initiation."""
    port = free_port()
    with HandMadePeer(preshared_key=request.param) as peer:
        config = without_endpoint(peer.config())
        run = device.start(WAIT, config, forwards=[f"udp:{port}:{LISTEN}"])
        run.wait_for("ready")
        yield peer, run, ("127.0.0.1", port)


def test_a_hand_made_peer_initiates(responder):
    peer, run, address = responder
    peer.initiate(address)
    packet = peer.wait_inner(lambda p: p.payload[8:] == b"hello", what="the device's datagram")
    assert packet.source == "192.168.4.48"
    assert not peer.errors
    run.tell("end")
    assert run.wait() == 0, run.output


def test_the_responder_sends_nothing_before_the_initiator_confirms(responder):
    peer, run, address = responder
    message = peer.noise.create_initiation()
    peer.raw(message, address)
    peer.wait(lambda: peer.sessions, what="the response")
    time.sleep(0.5)  # a time in which nothing may come
    assert len(peer.datagrams) == 1
    peer.send(b"")
    peer.wait_inner(lambda p: p.payload[8:] == b"hello")
    run.tell("end")
    assert run.wait() == 0, run.output


def test_a_replayed_initiation_is_not_answered(responder):
    peer, run, address = responder
    first = peer.initiate(address)
    peer.wait_inner(lambda p: p.payload[8:] == b"hello")
    count = len(peer.datagrams)
    peer.raw(first, address)
    time.sleep(0.3)  # the device takes at most one initiation each 20 ms anyhow
    peer.initiate(address)  # a new one is answered: the device is alive and has read the old one
    kinds = [d[0] for d in peer.datagrams[count:]]
    assert kinds.count(2) == 1
    run.tell("end")
    assert run.wait() == 0, run.output


def test_an_older_timestamp_is_not_answered(responder):
    peer, run, address = responder
    peer.initiate(address)
    peer.wait_inner(lambda p: p.payload[8:] == b"hello")
    count = len(peer.datagrams)
    stale = peer.noise.create_initiation(timestamp=tai64n(int(time.time()) - 1000))
    peer.raw(stale, address)
    time.sleep(0.3)
    peer.initiate(address)
    assert [d[0] for d in peer.datagrams[count:]].count(2) == 1
    run.tell("end")
    assert run.wait() == 0, run.output
