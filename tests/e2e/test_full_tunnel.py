# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors

"""0.0.0.0/0 and ::/0: everything goes through, whatever the network below does, until down()."""

import socket

from support import packets
from support.dns import NameServer

FULL = ["0.0.0.0/0", "::/0"]
OUTSIDE = ["203.0.113.0/24", "8.8.8.0/24", "192.168.4.0/24", "2001:db8::/32"]

PING = """
import _host
import network
from testing import *
wlan = uplink()
before = wlan.ifconfig(), network.ipconfig("dns")
t = wireguard.Tunnel("wg.json")
t.up()
t.wait(10)
answered = []

def ask():
    answered.append(ping("203.0.113.7", 1) == ping("8.8.8.8", 1) == 1)

ask()
for n in range(3):
    _host.renew()
    ask()
_host.in_range(False)
until(lambda: not wlan.isconnected(), 5)
lost = ping("203.0.113.7", 1, 1) + ping("8.8.8.8", 1, 1)
_host.in_range(True)
until(wlan.isconnected, 10)
until(lambda: ping("203.0.113.7", 1, 1), 20)
ask()
wlan.disconnect()
lost += ping("203.0.113.7", 1, 1)
wlan.connect("slirp", "")
until(wlan.isconnected, 10)
until(lambda: ping("203.0.113.7", 1, 1), 20)
ask()
t.down()
report(answered=answered, lost=lost, same=before == (wlan.ifconfig(), network.ipconfig("dns")))
"""


def test_renewals_and_reconnects_do_not_undo_it(device, peer):
    run = device.run(PING, peer.config(allowed_ips=FULL), inside=OUTSIDE)
    assert run.result == {"answered": [True] * 6, "lost": 0, "same": True}
    assert peer.initiations == 1, "the session outlives the network"


PING6 = """
import _host
from testing import *
wlan = uplink(ipv6=True)
t = wireguard.Tunnel("wg.json")
t.up()
t.wait(10)

def ask():
    s = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
    s.settimeout(3)
    s.connect(("2001:db8::7", 7))
    try:
        s.send(b"six")
        return s.recv(10) == b"six"
    except OSError:
        return False
    finally:
        s.close()

answered = [ask()]
_host.renew()
answered.append(ask())
_host.in_range(False)
until(lambda: not wlan.isconnected(), 5)
lost = ask()
_host.in_range(True)
until(wlan.isconnected, 10)
until(ask, 30)
answered.append(ask())
t.down()
report(answered=answered, lost=lost)
"""


def test_ipv6_through_ipv6(device, wireguard_go):
    wireguard_go.add_address("2001:db8::7", 128)
    wireguard_go.add_address("fd04::254", 64)  # last: it sets the way back
    config = wireguard_go.config()
    config["interface"]["address"].append("fd04::48/64")
    config["peers"][0]["allowed_ips"] = FULL
    config["peers"][0]["endpoint"] = f"[fec0::2]:{wireguard_go.port}"
    run = device.run(PING6, config, inside=OUTSIDE, namespace=wireguard_go.namespace)
    assert run.result == {"answered": [True] * 3, "lost": False}


BACK = """
from testing import *
t = tunnel()
s = udp(0, 5)
s.sendto(b"local", ("10.0.2.2", %d))   # of the local network: not through the tunnel
s.sendto(b"through", ("203.0.113.7", 9))
t.down()
for host in ("203.0.113.7", "8.8.8.8"):
    s.sendto(b"after", (host, %d))
time.sleep_ms(300)  # what is sent leaves the device before it ends
"""


def test_after_down_the_way_is_the_old_one(device, peer):
    """And the local network is reachable all the time, as with wg-quick."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as local:
        local.bind(("127.0.0.1", 0))
        local.settimeout(5)
        port = local.getsockname()[1]
        config = peer.config(allowed_ips=FULL)
        script = BACK % (port, port)
        run = device.run(script, config, inside=["192.168.4.0/24"], extra_udp=[port])
        assert local.recv(100) == b"local"
    peer.wait_inner(lambda p: p.payload[8:] == b"through")
    assert not any(b"after" in p.raw for p in peer.inner)
    assert run.uplink.read_bytes().count(b"after") >= 2  # ICMP errors may quote them


DNS = """
import _host
import network
from testing import *
wlan = uplink()
before = network.ipconfig("dns")
t = wireguard.Tunnel("wg.json")
t.up()
t.wait(10)
until(lambda: network.ipconfig("dns") == "10.64.0.53", 5)

def lookup(name):
    try:
        return socket.getaddrinfo(name, 80)[0][-1][0]
    except OSError:
        return None

report(first=lookup("one.example.org"))
_host.renew()
time.sleep_ms(300)  # the answer sets the network's server again
report(second=lookup("two.example.org"))
t.down()
report(same=network.ipconfig("dns") == before, third=lookup("three.example.org"))
"""


class Resolver:
    """Answers DNS questions of the device that come out of the tunnel."""

    def __init__(self, peer, names):
        self.peer, self.names, self.asked = peer, names, []
        self.original, peer._transport = peer._transport, self.transport

    def transport(self, data, source):
        count = len(self.peer.inner)
        self.original(data, source)
        for packet in self.peer.inner[count:]:
            if packet.protocol == packets.UDP and packet.ports()[1] == 53:
                self.asked.append(packet.target)
                answer = self.names._answer(packet.payload[8:])
                back = (packet.target, 53), (packet.source, packet.ports()[0])
                self.peer.send(packets.udp(*back, answer), source)


def test_names_are_asked_for_inside_only(device, peer):
    inside = {"one.example.org": "198.51.100.1", "two.example.org": "198.51.100.2"}
    with NameServer({"three.example.org": "198.51.100.3"}) as outside, NameServer(inside) as names:
        resolver = Resolver(peer, names)
        config = peer.config(allowed_ips=["10.64.0.0/24"])
        config["interface"]["dns"] = ["10.64.0.53"]
        run = device.run(DNS, config, dns=outside.port)
        assert run.result == {
            "first": "198.51.100.1",
            "second": "198.51.100.2",
            "third": "198.51.100.3",
            "same": True,
        }
        assert {name for name, _ in outside.asked} == {"three.example.org"}
    assert set(resolver.asked) == {"10.64.0.53"}


def test_only_the_endpoints_own_name_is_asked_for_outside(device, peer):
    inside = {"one.example.org": "198.51.100.1", "two.example.org": "198.51.100.2"}
    known = {"gateway.example.org": "10.0.2.2", "three.example.org": "198.51.100.3"}
    with NameServer(known) as outside, NameServer(inside) as names:
        Resolver(peer, names)
        config = peer.config(
            allowed_ips=["10.64.0.0/24"], endpoint=f"gateway.example.org:{peer.port}"
        )
        config["interface"]["dns"] = ["10.64.0.53"]
        run = device.run(DNS, config, dns=outside.port)
        assert (run.result["first"], run.result["second"]) == ("198.51.100.1", "198.51.100.2")
        expected = {"gateway.example.org", "three.example.org"}
        assert {name for name, _ in outside.asked} == expected


EARLY = """
from testing import *
t = wireguard.Tunnel("wg.json").up()
assert not t.wait(1.5), "there is no network"

def lookup(name):
    return socket.getaddrinfo(name, 80)[0][-1][0]

uplink()
report(session=t.wait(10), mtu=t.config("mtu"), inside=lookup("one.example.org"))
t.down()
report(outside=lookup("three.example.org"))
"""


def test_a_tunnel_that_is_up_before_its_network_leaks_nothing(device, peer):
    """As main.py begins: boot.py does not wait for the network."""
    known = {"gateway.example.org": "10.0.2.2", "three.example.org": "198.51.100.3"}
    with NameServer(known) as outside, NameServer({"one.example.org": "198.51.100.1"}) as names:
        Resolver(peer, names)
        config = peer.config(allowed_ips=FULL, endpoint=f"gateway.example.org:{peer.port}")
        config["interface"]["dns"] = ["10.64.0.53"]
        run = device.run(EARLY, config, dns=outside.port, inside=OUTSIDE)
        assert run.result == {
            "session": True,
            "mtu": 1420,
            "inside": "198.51.100.1",
            "outside": "198.51.100.3",
        }
        assert {name for name, _ in outside.asked} == set(known)
