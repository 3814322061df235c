# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors

"""Wi-Fi and Ethernet at once, and a device that gets another address: the tunnel follows."""

import time

import pytest
from support import packets, pcap

FULL = ["0.0.0.0/0", "::/0"]
ELSEWHERE = "198.51.100.1"  # the gateway, on neither of the two networks
OUTSIDE = ["203.0.113.0/24", "192.168.4.0/24", "2001:db8::/32"]

TWO = """
import _host
import network
from testing import *
wlan, lan = uplink(), network.LAN()
before = network.ipconfig("dns")
t = wireguard.Tunnel("wg.json")
t.up()
t.wait(10)
answered = {}

def ask(when):
    answered[when] = ping("203.0.113.7", 1) + ping("192.168.4.254", 1)

def plug(state):
    lan.active(state)
    until(lambda: lan.isconnected() == state, 10, "Ethernet")

ask("Wi-Fi")
plug(True)
ask("both")
_host.renew(False, "lan")
ask("the new one renewed, the default now")
_host.renew()
ask("Wi-Fi renewed")
_host.in_range(False)
until(lambda: not wlan.isconnected(), 5)
ask("Ethernet")
_host.in_range(True)
until(wlan.isconnected, 10)
ask("both again")
plug(False)
ask("Wi-Fi again")
plug(True)
_host.in_range(False, "lan")
ask("a cable that is out")
wlan.disconnect()
without = ping("203.0.113.7", 1, 1)
_host.in_range(True, "lan")
until(lan.isconnected, 10)
until(lambda: ping("203.0.113.7", 1, 1), 20)
ask("Ethernet alone")
wlan.connect("slirp", "")
until(wlan.isconnected, 10)
plug(False)
ask("as in the beginning")
t.down()
_host.renew()
time.sleep_ms(300)
report(answered=answered, without=without, same=network.ipconfig("dns") == before)
"""


def test_a_second_interface_does_not_undo_a_full_tunnel(device, wireguard_go):
    """It comes and goes, either becomes the default, and the session is one and the same."""
    wireguard_go.namespace.run("ip", "address", "add", f"{ELSEWHERE}/32", "dev", "lo")
    wireguard_go.add_address("203.0.113.7", 32)
    config = wireguard_go.config()
    config["peers"][0]["allowed_ips"] = FULL
    config["peers"][0]["endpoint"] = f"{ELSEWHERE}:{wireguard_go.port}"
    run = device.run(TWO, config, namespace=wireguard_go.namespace, inside=OUTSIDE, timeout=90)
    assert set(run.result["answered"].values()) == {2}, run.result
    assert run.result["without"] == 0 and run.result["same"]
    outer = [(s, d) for s, t, d in pcap.udp_datagrams(run.uplink) if t[1] == wireguard_go.port]
    assert {source[0] for source, _ in outer} == {"10.0.2.15", "10.0.3.15"}
    assert [d[0] for _, d in outer].count(1) == 1, "one handshake carries over all of it"


DRAW = """
import network
from testing import *
t = tunnel()
lan = network.LAN()
lan.active(True)
until(lan.isconnected, 10)
report(answered=ping("10.0.3.77", 1))
t.down()
"""


def test_a_network_in_allowed_ips_stays_inside_when_it_appears_outside(device, peer):
    config = peer.config(allowed_ips=["10.0.3.0/24"])
    run = device.run(DRAW, config, inside=[])
    assert run.result["answered"] == 1
    assert peer.inner[-1].target == "10.0.3.77"


MOVES = """
import _host
from testing import *
wlan = uplink()
t = wireguard.Tunnel("wg.json")
t.up()
t.wait(10)
answered, addresses = 0, [wlan.ifconfig()[0]]

def moved():
    return wlan.ifconfig()[0] not in addresses + ["0.0.0.0"]  # which it has in between

for n in range(5):
    _host.renew(True)
    until(moved, 10, "another address")
    addresses.append(wlan.ifconfig()[0])
    answered += ping("192.168.4.254", 1)
report(answered=answered, addresses=addresses)
t.down()
"""


def test_a_renewal_that_gives_another_address_heals_in_one_round_trip(device, gateway):
    """The first question from each new address is answered, in the session there is."""
    run = device.run(MOVES, gateway.config(), namespace=gateway.namespace)
    assert run.result["answered"] == 5
    assert len(set(run.result["addresses"])) == 6
    outer = [(s, d) for s, t, d in pcap.udp_datagrams(run.uplink) if t[1] == gateway.port]
    assert {s[0] for s, _ in outer} == set(run.result["addresses"])
    assert [d[0] for _, d in outer].count(1) == 1, "no new handshake is needed"


def test_a_question_after_a_move_is_the_only_one(device, peer):
    """One datagram out, one in, and both sides know where the other is."""
    script = MOVES.replace("range(5)", "range(1)")
    run = device.run(script, peer.config())
    assert run.result["answered"] == 1
    ports = [source[1] for source in peer.sources]
    assert len(set(ports)) == 2, "the NAT gave the new address another port"
    assert ports.count(ports[-1]) == 1 and len(peer.datagrams[-1]) > 32
    assert peer.initiations == 1


TELLS = """
import _host
from testing import *
uplink()
t = tunnel()
report(ready=True)
wait_for("move")
_host.renew(True)
wait_for("end")
t.down()
"""


@pytest.mark.parametrize("keepalive", [3600, 0])
def test_a_move_is_told_without_traffic_where_keepalives_are_wanted(device, peer, keepalive):
    run = device.start(TELLS, peer.config(persistent_keepalive=keepalive))
    run.wait_for("ready")
    peer.wait(lambda: peer.sessions)
    echo = packets.echo(packets.ECHO_REQUEST, 7, 7)
    peer.send(packets.ipv4("192.168.4.254", "192.168.4.48", packets.ICMP, echo))
    peer.wait_inner(lambda p: p.payload[0] == packets.ECHO_REPLY)
    before, count = peer.sources[-1], len(peer.datagrams)
    run.tell("move")
    if keepalive:
        peer.wait(lambda: peer.sources[-1] != before, what="another port of the NAT")
        assert [len(d) for d in peer.datagrams[count:]] == [32] and peer.initiations == 1
    else:
        time.sleep(1)
        assert len(peer.datagrams) == count
    run.tell("end")
    assert run.wait() == 0, run.output


@pytest.mark.parametrize("ipv6", [False, True], ids=["ipv4", "ipv6"])
def test_wifi_to_ethernet_to_wifi(device, wireguard_go, ipv6):
    """Handed over with no network in between, outside in either family."""
    lo = "2001:db8:5::1" if ipv6 else ELSEWHERE
    wireguard_go.namespace.run("ip", "address", "add", lo, "dev", "lo")
    config = wireguard_go.config()
    where = f"[{lo}]" if ipv6 else lo
    config["peers"][0]["endpoint"] = f"{where}:{wireguard_go.port}"
    script = """
import _host
import network
from testing import *
wlan, lan = network.WLAN(network.STA_IF), network.LAN()
lan.active(True)
t = tunnel(ipv6=%s)
answered = 0
for n in range(3):
    wlan.disconnect()
    until(lan.isconnected, 10)
    until(lambda: ping("192.168.4.254", 1, 1), 20)
    wlan.connect("slirp", "")
    until(wlan.isconnected, 10)
    lan.active(False)
    until(lambda: ping("192.168.4.254", 1, 1), 20)
    answered += 1
    lan.active(True)
report(answered=answered)
t.down()
"""
    run = device.run(script % ipv6, config, namespace=wireguard_go.namespace, timeout=90)
    assert run.result["answered"] == 3


def test_a_board_on_ethernet(device, boringtun):
    """boot.py and main.py with 'lan' in the place of 'wifi'."""
    config = boringtun.config()
    del config["wifi"]
    config["lan"] = {}
    config["ping"]["count"] = 1
    config["peers"][0]["endpoint"] = f"10.0.3.2:{boringtun.port}"
    run = device.start(None, config)
    run.wait_for(r"^Ethernet: 10\.0\.3\.15$", 60)
    run.wait_for(r"1 packets transmitted, 1 received", 60)
    run.process.stdin.close()
    assert run.wait() == 0, run.output
