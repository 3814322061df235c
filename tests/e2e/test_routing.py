# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors

"""IPv6 inside and outside, and a tunnel for everything."""

import pytest
from support import pcap

IPV6 = """
from testing import *
t = tunnel()
def open_to(kind, port):  # the ESP32's sendto() knows IPv4 only, its connect() both
    s = socket.socket(socket.AF_INET6, kind)
    s.settimeout(5)
    s.connect(("fd04::254", port))
    return s

s = open_to(socket.SOCK_DGRAM, 7)
s.send(b"datagram")
datagram = s.recv(100).decode()
s.close()
s = open_to(socket.SOCK_STREAM, 19)
send_all(s, b"100000\\n")
digest = hashlib.sha256()
while data := s.recv(16384):
    digest.update(data)
s.close()
expected = hashlib.sha256()
for chunk in pattern(100000):
    expected.update(chunk)
report(datagram=datagram, same=digest.digest() == expected.digest())
t.down()
"""


@pytest.fixture
def ipv6(wireguard_go):
    """(gateway, config) with IPv6 addresses added inside."""
    wireguard_go.add_address("fd04::254", 64)
    config = wireguard_go.config()
    config["interface"]["address"].append("fd04::48/64")
    config["peers"][0]["allowed_ips"].append("fd04::/64")
    return wireguard_go, config


def test_ipv6_inside(device, ipv6):
    gateway, config = ipv6
    run = device.run(IPV6, config, namespace=gateway.namespace)
    assert run.result == {"datagram": "datagram", "same": True}


def test_ipv6_inside_and_outside(device, ipv6):
    gateway, config = ipv6
    config["peers"][0]["endpoint"] = f"[fec0::2]:{gateway.port}"
    script = IPV6.replace("tunnel()", "tunnel(ipv6=True)")
    run = device.run(script, config, namespace=gateway.namespace)
    assert run.result == {"datagram": "datagram", "same": True}
    ipv4 = {port for s, t, _ in pcap.udp_datagrams(run.uplink) for port in (s[1], t[1])}
    assert gateway.port not in ipv4


BOTH = """
from testing import *
t = tunnel(ipv6=%s)
socket6 = socket.socket(socket.AF_INET6, socket.SOCK_STREAM)
socket6.settimeout(20)
socket6.connect(("fd04::254", 7))
socket4 = connect("192.168.4.254", 7)
good = 0
for n in range(20):  # in turns, both connections open all the time
    for s in (socket4, socket6):
        data = b"%%d" %% n * 400
        send_all(s, data)
        answer = b""
        while len(answer) < len(data):
            answer += s.recv(len(data))
        good += answer == data
socket4.close()
socket6.close()
report(good=good, pinged=ping("192.168.4.254"))
t.down()
"""


@pytest.mark.parametrize("outside", [4, 6])
def test_both_families_inside_at_once(device, ipv6, outside):
    gateway, config = ipv6
    if outside == 6:
        config["peers"][0]["endpoint"] = f"[fec0::2]:{gateway.port}"
    run = device.run(BOTH % (outside == 6), config, namespace=gateway.namespace)
    assert run.result == {"good": 40, "pinged": 1}
    ipv4 = {port for s, t, _ in pcap.udp_datagrams(run.uplink) for port in (s[1], t[1])}
    assert (gateway.port in ipv4) == (outside == 4)


EVERYTHING = """
from testing import *
t = tunnel()
s = udp(4000, 5)
for address in ("203.0.113.7", "192.168.4.254", "8.8.8.8"):
    s.sendto(address.encode(), (address, 4001))
wait_for("end")
t.down()
"""


def test_everything_goes_through_the_tunnel(device, peer):
    config = peer.config(allowed_ips=["0.0.0.0/0", "::/0"])
    inside = ["203.0.113.0/24", "192.168.4.0/24", "8.8.8.8/32"]
    run = device.start(EVERYTHING, config, inside=inside)
    for address in ("203.0.113.7", "192.168.4.254", "8.8.8.8"):
        packet = peer.wait_inner(lambda p, a=address: p.payload[8:] == a.encode(), what=address)
        assert (packet.source, packet.target) == ("192.168.4.48", address)
    run.tell("end")
    assert run.wait() == 0, run.output


def test_a_host_address_routes_to_the_tunnel(device, gateway):
    """AllowedIPs are the routes: the address's own prefix says nothing of where packets go."""
    script = """
from testing import *
t = tunnel()
report(answered=ping("192.168.4.254", 3))
t.down()
"""
    config = gateway.config()
    config["interface"]["address"] = ["192.168.4.48/32"]
    run = device.run(script, config, namespace=gateway.namespace)
    assert run.result["answered"] == 3
