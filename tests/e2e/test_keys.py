# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors

"""Right keys and wrong ones: without a session nothing works and nothing leaks."""

import pytest
from support import pcap
from wgpy import keys

TRY = """
from testing import *
uplink()
t = wireguard.Tunnel("wg.json")
t.up()
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.settimeout(0)
start = time.ticks_ms()
while time.ticks_diff(time.ticks_ms(), start) < 7000 and not t.isconnected():
    try:
        # Inside the interface's own network, and inside AllowedIPs only.
        for host in ("192.168.4.254", "172.20.1.2"):
            s.sendto(b"a secret", (host, 7))
    except OSError:
        pass
    time.sleep_ms(200)
report(connected=t.isconnected())
t.show()
t.down()
"""

ECHO = """
from testing import *
t = tunnel()
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.settimeout(5)
s.sendto(b"hello", ("192.168.4.254", 7))
report(answer=s.recv(100).decode())
t.down()
"""


def assert_refused(device, config, namespace=None):
    config["peers"][0]["allowed_ips"].append("172.20.0.0/16")
    run = device.run(TRY, config, namespace=namespace)
    assert run.result == {"connected": False}
    assert "latest handshake" not in run.output
    assert "trying: no answer from" in run.output
    sent = [
        int.from_bytes(data[:4], "little")
        for source, target, data in pcap.udp_datagrams(run.uplink)
        if source[0] == "10.0.2.15" and target[0] == "10.0.2.2"
    ]
    assert sent and set(sent) == {1}, "only initiations may leave"
    assert len(sent) <= 3, "one each 5 seconds"
    for _, frame in pcap.read(run.uplink):
        assert b"a secret" not in frame


def test_wrong_key_of_the_gateway(device, gateway):
    config = gateway.config()
    config["peers"][0]["public_key"] = keys.pubkey(keys.genkey())
    assert_refused(device, config, gateway.namespace)


def test_wrong_key_of_the_device(device, gateway):
    config = gateway.config()
    config["interface"]["private_key"] = keys.genkey()
    assert_refused(device, config, gateway.namespace)


def test_nobody_listens(device):
    gateway_key, device_key = keys.genkey(), keys.genkey()
    config = {
        "interface": {"private_key": device_key, "address": ["192.168.4.48/24"]},
        "peers": [
            {
                "public_key": keys.pubkey(gateway_key),
                "endpoint": "10.0.2.2:9",
                "allowed_ips": ["192.168.4.0/24"],
            }
        ],
    }
    assert_refused(device, config)


def test_preshared_key(device, wireguard_go):
    config = wireguard_go.config()
    config["peers"][0]["preshared_key"] = keys.genpsk()
    wireguard_go.preshared_key(config["peers"][0]["preshared_key"])
    run = device.run(ECHO, config, namespace=wireguard_go.namespace)
    assert run.result == {"answer": "hello"}


@pytest.mark.parametrize("ours, theirs", [(True, False), (False, True), (True, True)])
def test_preshared_keys_that_differ(device, wireguard_go, ours, theirs):
    config = wireguard_go.config()
    if ours:
        config["peers"][0]["preshared_key"] = keys.genpsk()
    if theirs:
        wireguard_go.preshared_key(keys.genpsk())
    assert_refused(device, config, wireguard_go.namespace)
