# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors

"""The Python interface with real peers: MicroPython's conventions, asyncio, context managers."""

import pytest
from support.namespace import udp_socket

CONVENTIONS = """
from testing import *
uplink()
t = wireguard.Tunnel("wg.json")
seen = [t.active(), t.isconnected(), t.status("active")]
t.connect()
t.wait(10)
seen += [t.active(), t.isconnected(), t.status("active")]
peer = t.status("peers")[0]
report(
    seen=seen, addr4=t.ipconfig("addr4"), mtu=t.config("mtu"), port=t.config("listen_port"),
    key=t.config("public_key"), peer=peer["public_key"], endpoint=peer["endpoint"],
    connected=peer["connected"], age=peer["handshake_age"], errors=t.status("errors"),
)
t.show()
t.disconnect()
report(after=[t.active(), t.isconnected(), t.status("active")])
with wireguard.Tunnel("wg.json") as t:
    report(inside=t.wait(10) and ping("192.168.4.254"))
report(outside=t.active())
"""


def test_the_conventions_of_network_interfaces(device, gateway):
    config = gateway.config()
    run = device.run(CONVENTIONS, config, namespace=gateway.namespace)
    result = run.result
    assert result["seen"] == [False] * 3 + [True] * 3
    assert result["after"] == [False] * 3
    assert (result["inside"], result["outside"]) == (1, False)
    assert result["addr4"] == ["192.168.4.48", "255.255.255.0"]
    assert result["mtu"] == 1420 and result["port"] > 0
    assert result["peer"] == gateway.public_key and result["connected"]
    assert result["endpoint"] == ["10.0.2.2", gateway.port]
    assert result["age"] in (0, 1) and result["errors"] == 0
    shown = run.output
    assert f"peer: {gateway.public_key}\n  endpoint: 10.0.2.2:{gateway.port}\n" in shown
    assert "private key: (hidden)" in shown
    assert config["interface"]["private_key"] not in shown


ASYNCIO = """
import asyncio
from testing import *
uplink()

async def listen(stream, events):
    async for event in stream:
        events.append(event)
        print("event", *event)

async def main():
    events, ticks = [], 0
    t = wireguard.Tunnel("wg.json")
    listener = asyncio.create_task(listen(t.events(), events))  # before up(): a gateway is quick
    async with t:
        await asyncio.wait_for(t.connected(), 10)
        report(connected=t.isconnected())
        while not told("end"):
            ticks += 1
            await asyncio.sleep_ms(10)
    await asyncio.wait_for(listener, 5)  # the stream ends with the tunnel
    report(active=t.active(), events=events, ticks=ticks)
    try:
        await t.connected()
    except OSError as error:
        report(after=error.errno)

asyncio.run(main())
"""


def test_asyncio_hears_of_the_handshake_and_the_end(device, gateway):
    run = device.start(ASYNCIO, gateway.config(), namespace=gateway.namespace)
    run.wait_for("event handshake")
    run.tell("end")
    assert run.wait() == 0, run.output
    assert run.result["connected"] and not run.result["active"]
    assert run.result["events"] == [["handshake", gateway.public_key]]
    assert run.result["after"] == 107  # ENOTCONN


def test_asyncio_hears_of_a_peer_that_moves(device, peer):
    run = device.start(ASYNCIO, peer.config())
    run.wait_for("event handshake")
    with udp_socket("127.0.0.1", 0) as elsewhere:
        elsewhere.sendto(peer.sessions[-1].seal(b""), peer.address)
        run.wait_for("event endpoint")
        run.tell("end")
        assert run.wait() == 0, run.output
    expected = [["handshake", peer.public_key], ["endpoint", peer.public_key]]
    assert run.result["events"] == expected


@pytest.mark.timeout(150)
def test_asyncio_hears_of_a_peer_that_is_lost(device, peer):
    """Section 6.4: after 90 s of unanswered initiations; new traffic begins anew."""
    peer.answer_handshakes = False
    script = ASYNCIO.replace("await asyncio.wait_for(t.connected(), 10)", "pass")
    run = device.start(script, peer.config())
    run.wait_for("event lost", timeout=110)
    assert 17 <= peer.initiations <= 19
    run.tell("end")
    assert run.wait() == 0, run.output
    assert run.result["events"] == [["lost", peer.public_key]]
