# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
"""Plaintext that arrives beside the tunnel: nobody there can speak for the tunnel's addresses."""

import socket
import struct
import time

import _host
import _wireguard as wg
import network
from expect import equal
from ip_packets import ICMP6, address6, frame, icmp6, ip4, ip6, udp4, udp6
from transport import Sender
from two_netifs import ignore, public, until

HERE, NEIGHBOUR = "10.0.2.15", "10.0.2.77"  # on the uplink's own network
INSIDE, TUNNEL, OUTSIDE = "10.9.0.254", "10.9.0.1", "203.0.113.5"
HERE6, NEIGHBOUR6 = "fec0::57:47ff:fe00:20f", "fec0::77"
INSIDE6, TUNNEL6, OUTSIDE6 = "fd09::254", "fd09::1", "2001:db8::5"
FULL = [("0.0.0.0", 0), ("::", 0)]
ALL_NODES, LINK_LOCAL = "ff02::1", "fe80::57:47ff:fe00:20f"

numbers = iter(range(1 << 20))


def setup(allowed_ips, ipv6=False):
    """(netif, socket): the uplink, a tunnel with one peer, and who listens on port 5000."""
    wlan = network.WLAN(network.STA_IF)
    wlan.active(True)
    wlan.connect("slirp", "")
    until(wlan.isconnected, "uplink", 10000)
    family = socket.AF_INET
    if ipv6:
        until(lambda: any(a[:3] == "FEC" for a in wlan.ipconfig("addr6")), "address", 10000)
        family = socket.AF_INET6
    netif = wg.Netif(public(1), ignore)
    netif.open([(TUNNEL, 24), (TUNNEL6, 64)], 1420)
    netif.allowed_ips(netif.peer_add(), allowed_ips)
    s = socket.socket(family, socket.SOCK_DGRAM)
    s.bind(("::" if ipv6 else "0.0.0.0", 5000))
    s.settimeout(3)
    return netif, s


def inject(packet):
    _host.receive(frame(packet))


def refused(netif):
    return netif.counters()["spoofed"]


def judge(netif, s, cases):
    """Each case is (source, destination, passes). They are sent in turn and come in turn."""
    udp = udp6 if ":" in cases[0][0] else udp4
    before, wrong = refused(netif), 0
    for source, destination, passes in cases:
        data = str(next(numbers)).encode()
        inject(udp(source, destination, 5000, data))
        if passes:
            equal(s.recv(100), data)  # and nothing else came before
        else:
            wrong += 1
            until(lambda: refused(netif) - before == wrong, (source, destination))
    equal(refused(netif) - before, wrong)


def test_split_tunnel():
    netif, s = setup([("10.9.0.0", 24), ("192.168.7.0", 24)])
    judge(
        netif,
        s,
        [
            (NEIGHBOUR, HERE, True),
            (OUTSIDE, HERE, True),
            (INSIDE, HERE, False),
            (INSIDE, TUNNEL, False),
            (INSIDE, "255.255.255.255", False),
            (INSIDE, "10.0.2.255", False),
            ("192.168.7.9", HERE, False),
            (TUNNEL, HERE, False),
            (NEIGHBOUR, TUNNEL, False),  # the address inside is reached from inside
            (OUTSIDE, TUNNEL, False),
            (NEIGHBOUR, "10.0.2.255", True),
        ],
    )
    netif.close()
    inject(udp4(INSIDE, HERE, 5000, b"nobody's any more"))
    equal(s.recv(100), b"nobody's any more")
    s.close()


def test_full_tunnel():
    netif, s = setup(FULL)
    judge(
        netif,
        s,
        [
            (NEIGHBOUR, HERE, True),
            (OUTSIDE, HERE, False),
            (OUTSIDE, "255.255.255.255", False),
            (INSIDE, HERE, False),
            (NEIGHBOUR, TUNNEL, False),
            (NEIGHBOUR, "255.255.255.255", True),
        ],
    )
    s.close()
    netif.close()


def test_full_tunnel_lets_its_own_datagrams_in():
    netif, s = setup(FULL)
    for count in (1, 2):
        inject(udp4(OUTSIDE, HERE, netif.port(), b"no message"))
        until(lambda: netif.counters()["malformed"] == count, "it to arrive")
    equal(refused(netif), 0)
    # Not the port of a tunnel, nor any port to be seen.
    inject(udp4(OUTSIDE, HERE, netif.port() ^ 1, b"no message"))
    inject(ip4(OUTSIDE, HERE, 17, b"\0\0"))
    until(lambda: refused(netif) == 2, "two to be refused")
    # A first fragment has ports. Others may only pass with it.
    more, second = 0x2000, 1
    inject(udp4(OUTSIDE, HERE, 5000, bytes(8), offset=more))
    until(lambda: refused(netif) == 3, "a first fragment to be refused")
    inject(udp4(OUTSIDE, HERE, netif.port(), bytes(8), offset=more))
    inject(ip4(OUTSIDE, HERE, 17, bytes(8), offset=second))
    inject(ip4(OUTSIDE, HERE, 6, bytes(8), offset=second))
    until(lambda: refused(netif) == 4, "a fragment of TCP to be refused")
    s.close()
    netif.close()


def test_full_tunnel_lets_dhcp_in():
    netif, s = setup(FULL)
    for source in (OUTSIDE, "0.0.0.0"):
        inject(udp4(source, "255.255.255.255", 68, bytes(240), source_port=67))
    inject(udp4("0.0.0.0", "255.255.255.255", 67, bytes(240), source_port=68))
    judge(netif, s, [(NEIGHBOUR, HERE, True)])
    equal(refused(netif), 0)
    wlan = network.WLAN(network.STA_IF)
    wlan.disconnect()
    until(lambda: not wlan.isconnected(), "it to leave")
    wlan.connect("slirp", "")  # nothing is on link now, and all of DHCP's senders are inside
    until(wlan.isconnected, "a lease", 10000)
    s.close()
    netif.close()


def test_split_tunnel_of_ipv6():
    netif, s = setup([("fd09::", 64)], ipv6=True)
    judge(
        netif,
        s,
        [
            (NEIGHBOUR6, HERE6, True),
            (OUTSIDE6, HERE6, True),
            (INSIDE6, HERE6, False),
            (INSIDE6, TUNNEL6, False),
            (INSIDE6, ALL_NODES, False),
            (NEIGHBOUR6, TUNNEL6, False),
            ("fe80::77", LINK_LOCAL, True),
        ],
    )
    s.close()
    netif.close()


def test_full_tunnel_of_ipv6_leaves_the_link_alone():
    netif, s = setup(FULL, ipv6=True)
    judge(netif, s, [(NEIGHBOUR6, HERE6, True), (OUTSIDE6, HERE6, False)])
    before = refused(netif)
    # Neighbour discovery with a source of another prefix; with 254 hops it is from afar.
    solicitation = bytes(4) + address6(HERE6)
    inject(icmp6(OUTSIDE6, HERE6, 135, solicitation, hops=255))
    inject(udp6(OUTSIDE6, HERE6, netif.port(), b"no message"))
    until(lambda: netif.counters()["malformed"] == 1, "an outer datagram")
    equal(refused(netif), before)
    inject(icmp6(OUTSIDE6, HERE6, 135, solicitation, hops=254))
    until(lambda: refused(netif) == before + 1, "it to be refused")
    # What a router says of a datagram of ours, and what it says of others.
    for port, wrong in ((netif.port(), 1), (5000, 2)):
        quoted = udp6(HERE6, OUTSIDE6, 9, bytes(40), source_port=port)
        inject(icmp6(OUTSIDE6, HERE6, 2, struct.pack(">I", 1400) + quoted))
        judge(netif, s, [(NEIGHBOUR6, HERE6, True)])
        equal(refused(netif), before + wrong)
    # An outer datagram in fragments.
    part = udp6(OUTSIDE6, HERE6, netif.port(), bytes(16))[40:]
    for offset, wrong in ((1, 2), (8, 2)):
        header = struct.pack(">BBHI", 17, 0, offset, 7)
        inject(ip6(OUTSIDE6, HERE6, 44, header + part[:16]))
        judge(netif, s, [(NEIGHBOUR6, HERE6, True)])
        equal(refused(netif), before + wrong)
    for header in (struct.pack(">BBHI", 17, 0, 1, 7) + bytes(8), struct.pack(">BBHI", 6, 0, 8, 7)):
        wrong += 1
        inject(ip6(OUTSIDE6, HERE6, 44, header + bytes(16)))
        until(lambda: refused(netif) == before + wrong, "a fragment to be refused")
    s.close()
    netif.close()


def test_short_packets():
    netif, s = setup(FULL)
    for size in range(4, 40, 3):
        inject(b"\x60" + bytes(size - 1))
    for size in range(41, 60):
        inject(ip6(OUTSIDE6, HERE6, ICMP6, bytes(size - 40)))
        time.sleep_ms(1)
    judge(netif, s, [(NEIGHBOUR, HERE, True)])
    s.close()
    netif.close()


def test_a_tunnel_does_not_speak_for_another():
    full, s = setup(FULL)
    other = wg.Netif(public(2), ignore)
    other.open([("10.8.0.1", 24)], 1420)
    other.allowed_ips(other.peer_add(), [("10.8.0.0", 24)])
    full.keypair(0, 10, 11, bytes(32), bytes(range(32)), True)
    peer = Sender(10, bytes(range(32)))
    for source in ("10.8.0.5", OUTSIDE):
        message = peer.seal(udp4(source, TUNNEL, 5000, source.encode()))
        inject(udp4(OUTSIDE, HERE, full.port(), message))
    equal(s.recv(100), OUTSIDE.encode())
    equal(refused(other), 1)
    for each in (s, full, other):
        each.close()
