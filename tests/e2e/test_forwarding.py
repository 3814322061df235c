# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors

"""From one peer of a device to another, in both families."""

import socket
import struct

import pytest
from support import packets
from support.gateways import WireGuardGo
from support.namespace import free_port
from support.noise_model import generate_private_key
from support.peer import HandMadePeer
from wgpy.host import services

LISTEN = 58123
MTU = 1280
OWN = {4: "10.99.0.48", 6: "fd99::48"}
FIRST = {4: "10.100.0.1", 6: "fd04:1::1"}
SECOND = {4: "10.101.0.1", 6: "fd04:2::1"}
INSIDE = ["10.96.0.0/12", "fd04::/16"]
# The first has addresses of a link, too.
NETWORKS = (["10.100.0.0/16", "fd04:1::/32", "fe80::/16"], ["10.101.0.0/16", "fd04:2::/32"])
ICMP = {4: packets.ICMP, 6: 58}
FORWARDED = b"from peer to peer"

SERVER = """
from testing import *
import _host
uplink()
t = wireguard.Tunnel("wg.json")
t.up()
_host.reassembly(True)  # a chip without it forwards fragments; this lwIP would lose them
if {forwards} is not None:
    _host.forwarding({forwards})
report(ready=True)
wait_for("end")
report(errors=t.status("errors"), drops=drops(t))
t.down()
"""


def server(config, entries):
    """Make config that of a device which waits for these peers."""
    config["interface"] |= {"address": list(OWN.values()), "listen_port": LISTEN, "mtu": MTU}
    config["peers"] = entries
    return config


class Between:
    """A device between two hand-made peers."""

    def __init__(self, device, first, second, forwards):
        self.first, self.second = first, second
        entries = [
            {"public_key": peer.public_key, "allowed_ips": allowed}
            for peer, allowed in zip((first, second), NETWORKS, strict=True)
        ]
        port = free_port()
        self.run = device.start(
            SERVER.format(forwards=forwards),
            server(first.config(), entries),
            forwards=[f"udp:{port}:{LISTEN}"],
            inside=INSIDE,
        )
        self.run.wait_for("ready")
        for peer in (first, second):
            peer.initiate(("127.0.0.1", port))
        self._sequence = 0

    def settle(self):
        """Wait until the device has done with all that the first has sent; what both then have."""
        for peer, address in ((self.first, FIRST[4]), (self.second, SECOND[4])):
            self._sequence += 1
            echo = packets.echo(packets.ECHO_REQUEST, 77, self._sequence)
            peer.send(packets.ipv4(address, OWN[4], packets.ICMP, echo))
            answer = struct.pack(">HH", 77, self._sequence)
            peer.wait_inner(lambda p, a=answer: p.payload[4:8] == a and p.payload[0] == 0)
        arrived = [
            [p for p in peer.inner if p.payload[4:6] != b"\0\x4d"]
            for peer in (self.first, self.second)
        ]
        for peer in (self.first, self.second):
            peer.inner.clear()
        return arrived

    def end(self):
        self.run.tell("end")
        assert self.run.wait() == 0, self.run.output
        assert self.run.result["errors"] == 0
        return self.run.result["drops"]


@pytest.fixture
def between(device):
    """between(forwards=True)"""
    key = generate_private_key()
    with HandMadePeer(device_private_key=key) as a, HandMadePeer(device_private_key=key) as b:
        yield lambda forwards=True: Between(device, a, b, forwards)


def ip(source, target, protocol, payload, hops=64, flags=0):
    """A packet of either family; flags: IPv4's."""
    if ":" in source:
        return packets.ipv6(source, target, protocol, payload, hops)
    return packets.ipv4(source, target, protocol, payload, 9, flags, hops)


def datagram(source, target, data=FORWARDED, hops=64, flags=0):
    whole = packets.udp((source, 5), (target, 6), data)
    segment = whole[40 if ":" in source else 20 :]
    return ip(source, target, packets.UDP, segment, hops, flags)


def is_intact(packet):
    """Are the checksums right of a packet, and of the ICMP or UDP in it?"""
    raw, payload, protocol = packet.raw, packet.payload, packet.protocol
    if raw[0] >> 4 == 4:
        if protocol == packets.ICMP and packets.checksum(payload) != 0:
            return False
        return packets.checksum(raw[:20]) == 0
    pseudo = raw[8:40] + struct.pack(">LL", len(payload), protocol)
    return packets.checksum(pseudo + payload) == 0


@pytest.mark.parametrize("family", [4, 6])
@pytest.mark.parametrize("forwards", [True, False, None])
def test_forwarding_from_peer_to_peer(between, family, forwards):
    net = between(forwards)
    packet = datagram(FIRST[family], SECOND[family])
    net.first.send(packet)
    at_first, at_second = net.settle()
    assert not at_first
    if forwards:
        (arrived,) = at_second
        hops = 8 if family == 4 else 7
        assert arrived.raw[hops] == packet[hops] - 1 and is_intact(arrived)
        assert (arrived.source, arrived.target) == (FIRST[family], SECOND[family])
        assert arrived.payload[8:] == FORWARDED
        net.second.send(datagram(SECOND[family], FIRST[family], b"and back"))
        (back,), _ = net.settle()
        assert back.payload[8:] == b"and back"
    else:
        assert not at_second
    net.end()


@pytest.mark.parametrize(
    "source, target",
    [
        ("10.99.0.9", SECOND[4]),  # not of the first's networks
        (SECOND[4], SECOND[4]),
        ("fd05::1", SECOND[6]),
        (SECOND[6], SECOND[6]),
        (FIRST[4], "10.100.0.2"),  # back to where it came from
        (FIRST[6], "fd04:1::2"),
        (FIRST[6], "fd04:3::1"),  # nobody's
        (FIRST[6], "::1"),
        (FIRST[4], "224.0.0.9"),
        ("fe80::1", SECOND[6]),  # a link's own, though the first's networks have it
    ],
)
def test_what_is_not_forwarded(between, source, target):
    net = between()
    net.first.send(datagram(source, target))
    assert net.settle() == [[], []]
    net.end()


def test_a_damaged_header_is_not_forwarded(between):
    net = between()
    packet = datagram(FIRST[4], SECOND[4])
    net.first.send(packet[:10] + bytes(2) + packet[12:])
    assert net.settle() == [[], []]
    net.end()


@pytest.mark.parametrize("family", [4, 6])
@pytest.mark.parametrize("hops", [0, 1])
def test_the_last_hop_is_told(between, family, hops):
    net = between()
    packet = datagram(FIRST[family], SECOND[family], hops=hops)
    net.first.send(packet)
    (told,), at_second = net.settle()
    assert not at_second
    assert (told.source, told.target) == (OWN[family], FIRST[family])
    assert told.protocol == ICMP[family] and is_intact(told)
    assert tuple(told.payload[:2]) == {4: (11, 0), 6: (3, 0)}[family]
    assert told.payload[8:] == packet[: 28 if family == 4 else 1232]

    # Of ICMP an echo, as traceroute's, but no error: two would tell each other for ever.
    error = told.payload
    net.first.send(ip(FIRST[family], SECOND[family], ICMP[family], error, hops))
    assert net.settle() == [[], []]
    echo = packets.echo({4: packets.ECHO_REQUEST, 6: 128}[family], 5, 1)
    net.first.send(ip(FIRST[family], SECOND[family], ICMP[family], echo, hops))
    (told,), _ = net.settle()
    assert told.payload[0] == error[0]
    net.end()


@pytest.mark.parametrize("family, flags", [(4, 0x4000), (6, 0)])
def test_what_is_too_long_is_told_what_fits(between, family, flags):
    net = between()
    for room, fits in ((0, True), (1, False)):
        header = 28 if family == 4 else 48
        packet = datagram(FIRST[family], SECOND[family], bytes(MTU - header + room), flags=flags)
        assert len(packet) == MTU + room
        net.first.send(packet)
        at_first, at_second = net.settle()
        assert len(at_second) == fits and len(at_first) == (not fits)
    (told,) = at_first
    assert (told.source, told.target) == (OWN[family], FIRST[family])
    assert told.protocol == ICMP[family] and is_intact(told)
    assert tuple(told.payload[:2]) == {4: (3, 4), 6: (2, 0)}[family]
    assert struct.unpack_from(">L", told.payload, 4) == (MTU,)
    assert len(told.raw) == {4: 56, 6: 1280}[family]
    assert told.payload[8 + 12 :][:8] == packet[12:20]
    net.end()


def test_what_is_too_long_and_may_be_is_fragmented(between):
    net = between()
    data = services.pattern(1372)
    net.first.send(datagram(FIRST[4], SECOND[4], data))
    at_first, at_second = net.settle()
    assert not at_first and len(at_second) == 2
    whole = b""
    for part in at_second:
        assert len(part.raw) <= MTU and is_intact(part) and part.raw[8] == 63
        offset = struct.unpack_from(">H", part.raw, 6)[0]
        assert offset & 0x1FFF == len(whole) // 8
        assert bool(offset & 0x2000) == (part is at_second[0])
        whole += part.payload
    assert whole[8:] == data

    # What comes in fragments is told of once.
    for part in packets.fragments(datagram(FIRST[4], SECOND[4], data), 800):
        flags = struct.unpack_from(">H", part, 6)[0]
        net.first.send(ip(FIRST[4], SECOND[4], packets.UDP, part[20:], 1, flags))
    (told,), at_second = net.settle()
    assert told.payload[0] == 11 and not at_second
    net.end()


@pytest.fixture
def real(device, wireguard_go):
    """Two gateways that are peers of one device, whose packets are longer than it takes."""
    first, second = wireguard_go, WireGuardGo(wireguard_go.port + 1, beside=wireguard_go)
    port = 40000
    entries = []
    for gateway, own, allowed in ((first, FIRST, NETWORKS[0]), (second, SECOND, NETWORKS[1])):
        gateway.peer("endpoint", f"127.0.0.1:{port}")
        for family, network in ((4, INSIDE[0]), (6, INSIDE[1])):
            gateway.add_address(own[family], 32 if family == 4 else 128)
            where = [network, "dev", gateway.interface, "src", own[family]]
            gateway.namespace.run("ip", "route", "add", *where)
        gateway.peer("allowed-ips", ",".join([*INSIDE, OWN[6]]))
        entries.append({"public_key": gateway.public_key, "allowed_ips": allowed})
    run = device.start(
        SERVER.format(forwards=True),
        server(first.config(), entries),
        namespace=first.namespace,
        forwards=[f"udp:{port}:{LISTEN}"],
        inside=INSIDE,
    )
    run.wait_for("ready")
    for gateway in (first, second):
        gateway.namespace.ping(OWN[4])  # now the device knows where it is
    yield first, second
    run.tell("end")
    assert run.wait() == 0, run.output
    second.close()


def download(host, size):
    with socket.create_connection((host, 19), 20) as s:
        s.settimeout(20)
        s.sendall(f"{size}\n".encode())
        data = b""
        while part := s.recv(65536):
            data += part
    return data


@pytest.mark.parametrize("family", [4, 6])
def test_tcp_and_ping_between_two_real_peers(real, family):
    """Longer packets than the device takes: it tells who sends them, and they get through."""
    first, second = real
    for gateway, host in ((first, SECOND[family]), (second, FIRST[family])):
        gateway.namespace.ping(host)
        data = gateway.namespace.call(download, host, 100_000)
        assert data == services.pattern(100_000)
    assert f"mtu {MTU}" in second.namespace.run("ip", "route", "get", FIRST[family])
