# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors

"""Endpoints by name: asked of the network's server and beside the tunnel, and nothing else is."""

import pytest
from support.dns import NameServer

NAME = "gateway.example.org"
FULL = ["0.0.0.0/0", "::/0"]

BOTH = """
import network
from testing import *
uplink()
before = network.ipconfig("dns")
t = wireguard.Tunnel("wg.json").up()
report(dns=network.ipconfig("dns"))

def lookup(name):
    try:
        return socket.getaddrinfo(name, 80)[0][-1][0]
    except OSError:
        return None

report(early=lookup("secret.example.org"))
wait_for("known")
report(connected=t.wait(30), late=t.isconnected() and ping("192.168.4.254", 1))
t.down()
report(same=network.ipconfig("dns") == before)
"""


def test_no_other_name_is_asked_for_outside_meanwhile(device, peer):
    """The question for the endpoint hangs; a program asks for something else."""
    with NameServer({NAME: None, "secret.example.org": "198.51.100.1"}) as outside:
        config = peer.config(endpoint=f"{NAME}:{peer.port}")
        config["interface"]["dns"] = ["192.168.4.53"]
        run = device.start(BOTH, config, dns=outside.port)
        run.wait_until(lambda: "early" in run.result, 60)
        assert run.result["dns"] == "192.168.4.53", "from the first moment"
        assert run.result["early"] is None, "nobody inside has answered"
        outside.names[NAME] = "10.0.2.2"
        run.tell("known")
        assert run.wait(60) == 0, run.output
        assert {name for name, _ in outside.asked} == {NAME}
    assert run.result["connected"] and run.result["late"] == 1 and run.result["same"]


FAR = """
import network
from testing import *
uplink(%s)
network.ipconfig(dns="%s")
t = wireguard.Tunnel("wg.json").up()
report(connected=t.wait(60), endpoint=t.status("peers")[0]["endpoint"][0])
report(answered=ping("192.168.4.254", 1))
t.down()
"""


@pytest.fixture
def far(wireguard_go):
    """(gateway, name server on an address of its own that is not on the device's network)."""
    run = wireguard_go.namespace.run
    run("ip", "address", "add", "198.51.100.53/32", "dev", "lo")
    make_socket = wireguard_go.namespace.udp_socket
    with NameServer(make_socket=lambda *_: make_socket("198.51.100.53", 53)) as names:
        yield wireguard_go, names


def run_far(device, gateway, ipv6=""):
    config = gateway.config()
    config["peers"][0]["endpoint"] = f"{NAME}:{gateway.port}"
    config["peers"][0]["allowed_ips"] = FULL
    inside = ["192.168.4.0/24", "203.0.113.0/24"]
    script = FAR % (ipv6, "198.51.100.53")
    options = {"namespace": gateway.namespace, "inside": inside}
    return device.run(script, config, timeout=90, **options).result


def test_a_name_server_that_the_tunnel_would_swallow(device, far):
    """0.0.0.0/0 has the server's address too, and its answers must come in beside the tunnel."""
    gateway, names = far
    names.names[NAME] = "10.0.2.2"
    result = run_far(device, gateway)
    assert result == {"connected": True, "endpoint": "10.0.2.2", "answered": 1}
    assert set(names.asked) == {(NAME, 1), (NAME, 28)}


def test_every_address_of_a_name_has_its_turn(device, far):
    gateway, names = far
    names.names[NAME] = ["192.0.2.1", "192.0.2.2", "10.0.2.2"]
    result = run_far(device, gateway)
    assert result == {"connected": True, "endpoint": "10.0.2.2", "answered": 1}
    assert names.asked.count((NAME, 1)) == 1, "one look-up knows them all"


def test_a_name_with_an_ipv6_address_only(device, far):
    gateway, names = far
    names.names[NAME] = "fec0::2"
    result = run_far(device, gateway, "ipv6=True")
    assert result == {"connected": True, "endpoint": "fec0::2", "answered": 1}


def test_a_name_that_has_moved_is_looked_up_again(device, far):
    gateway, names = far
    names.names[NAME] = "192.0.2.1"
    config = gateway.config()
    config["peers"][0]["endpoint"] = f"{NAME}:{gateway.port}"
    script = FAR.replace("report(connected", "report(up=True)\nreport(connected")
    run = device.start(script % ("", "198.51.100.53"), config, namespace=gateway.namespace)
    run.wait_until(lambda: names.asked, 30, "the first look-up")
    names.names[NAME] = "10.0.2.2"
    assert run.wait(90) == 0, run.output
    assert run.result["endpoint"] == "10.0.2.2" and run.result["answered"] == 1
    assert names.asked.count((NAME, 1)) >= 2
