# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors

"""The reference scenario, judged by tshark.

    device 192.168.4.48/24 ── uplink 10.0.2.0/24 ── gateway 192.168.4.254/24, UDP port 58120

The device pings the gateway. Its uplink shows handshake and transport data, which tshark decrypts
with the keys given; its tunnel shows the same ICMP in the clear.
"""

import pytest
from support.gateways import Boringtun

PORT = 58120
COUNT = 5

SCRIPT = """
from testing import *
keys = record_keys()
t = tunnel()
report(keys=keys, answered=ping("192.168.4.254", 5))
t.down()
"""


@pytest.fixture
def boringtun(tmp_path):
    gateway = Boringtun(tmp_path, PORT)
    yield gateway
    gateway.close()


def icmp(capture, path, keys=None):
    """Of each echo message that tshark sees: addresses, type, identifier, sequence and data.

    A tunnelled packet has two IP headers; the inner one is the last.
    """
    names = ("ip.src", "ip.dst", "icmp.type", "icmp.ident", "icmp.seq", "data.data")
    lines = capture.fields(path, "icmp", *names, keys=keys)
    return [[field.split(",")[-1] for field in line] for line in lines]


def test_reference(device, gateway, capture):
    assert gateway.port == PORT
    config = gateway.config()
    run = device.run(SCRIPT, config, namespace=gateway.namespace)
    assert run.result["answered"] == COUNT

    # The uplink: initiation, response, then transport data only.
    types = capture.fields(run.uplink, "wg", "wg.type", "udp.srcport", "udp.dstport")
    assert [t[0] for t in types[:2]] == ["1", "2"]
    assert {t[0] for t in types[2:]} == {"4"}
    assert all(str(PORT) in ports for _, *ports in types)
    assert not icmp(capture, run.uplink)

    # With the keys, what is inside.
    log = capture.key_log(
        run.directory / "keys.log",
        private_key=config["interface"]["private_key"],
        peer_public_key=gateway.public_key,
        ephemeral=run.result["keys"],
    )
    inside = icmp(capture, run.uplink, log)
    assert [line[2] for line in inside] == ["8", "0"] * COUNT
    assert {line[0] for line in inside if line[2] == "8"} == {"192.168.4.48"}
    assert {line[0] for line in inside if line[2] == "0"} == {"192.168.4.254"}

    # The tunnel: the same packets in the clear.
    assert icmp(capture, run.tunnel) == inside
