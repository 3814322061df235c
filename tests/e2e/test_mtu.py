# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors

"""MTU, padding and fragments that go out, judged by what is on the uplink."""

import hashlib
import struct

import pytest
from support import packets, pcap
from wgpy.host import services

SIZE = 100_000
OVERHEAD = 32

BOTH_WAYS = """
from testing import *
import _host
_host.uplink_mtu(%d)
uplink()
_host.chain(%d, %d)
t = wireguard.Tunnel("wg.json")
t.up()
t.wait(10)
s = connect("192.168.4.254", 9)
send_all(s, b"100000\\n")
for chunk in pattern(100000):
    send_all(s, chunk)
receipt = s.readline().decode()
s.close()
s = connect("192.168.4.254", 19)
send_all(s, b"100000\\n")
total, digest = 0, hashlib.sha256()
while data := s.recv(16384):
    total += len(data)
    digest.update(data)
s.close()
report(mtu=t.config("mtu"), sent=receipt, got="%%d %%s\\n" %% (total, hex(digest.digest())))
t.down()
"""
RECEIPT = f"{SIZE} {hashlib.sha256(services.pattern(SIZE)).hexdigest()}\n"


def fragments(capture):
    """How many fragments an uplink's capture has."""
    count = 0
    for _, frame in pcap.read(capture):
        if frame[12:14] == b"\x08\x00":
            count += bool(struct.unpack_from(">H", frame, 14 + 6)[0] & 0x3FFF)
    return count


def messages(capture, port):
    """Lengths of the transport messages that went out to a port."""
    return [len(p) for _, t, p in pcap.udp_datagrams(capture) if t[1] == port and p[0] == 4]


@pytest.mark.parametrize(
    "given, underlay, mtu",
    [(None, 1500, 1420), (None, 1392, 1312), (1300, 1500, 1300), (577, 1500, 577)],
)
def test_the_mtu_bounds_every_datagram_and_tcp_needs_no_fragments(
    device, gateway, given, underlay, mtu
):
    config = gateway.config()
    if given:
        config["interface"]["mtu"] = given
    run = device.run(BOTH_WAYS % (underlay, 0, 0), config, namespace=gateway.namespace)
    assert run.result == {"mtu": mtu, "sent": RECEIPT, "got": RECEIPT}
    assert fragments(run.uplink) == 0
    sizes = messages(run.uplink, gateway.port)
    assert max(sizes) == mtu + OVERHEAD, "full packets, not padded past the MTU"
    assert all(size % 16 == 0 or size == mtu + OVERHEAD for size in sizes)


@pytest.mark.parametrize("first, rest", [(110, 110), (128, 1), (1000, 333)])
def test_chained_pbufs_are_read_whole(device, gateway, first, rest):
    script = BOTH_WAYS % (1500, first, rest)
    run = device.run(script, gateway.config(), namespace=gateway.namespace)
    assert (run.result["sent"], run.result["got"]) == (RECEIPT, RECEIPT)


CHAINED = """
from testing import *
import _host
t = tunnel()
_host.chain(128, 40)
report(ready=True)
wait_for("end")
report(drops=drops(t))
t.down()
"""


def test_a_corrupted_chain_is_refused_wherever_the_bit_is(device, peer):
    run = device.start(CHAINED, peer.config())
    run.wait_for("ready")
    packet = packets.ipv4(
        "192.168.4.254",
        "192.168.4.48",
        packets.ICMP,
        packets.echo(packets.ECHO_REQUEST, 7, 1, bytes(400)),
    )
    sealed = peer.sessions[-1].seal(packet)
    at = range(16, len(sealed), 23)
    for i in at:
        peer.raw(sealed[:i] + bytes([sealed[i] ^ 1]) + sealed[i + 1 :])
    peer.raw(sealed)  # its counter is still new: the forgeries have changed nothing
    peer.wait_inner(lambda p: p.payload[0] == packets.ECHO_REPLY, what="the echo reply")
    run.tell("end")
    assert run.wait() == 0, run.output
    assert run.result["drops"]["authentication"] == len(at)


LONG = """
from testing import *
import _host
_host.uplink_mtu(1000)
t = tunnel()
s = udp(0, 5)
for size in (900, 1300, 1392):
    s.sendto(bytes(size), ("192.168.4.254", 9))
report(mtu=t.config("mtu"))
wait_for("end")
t.down()
"""


def test_a_tunnel_wider_than_its_underlay_goes_out_in_fragments(device, peer):
    config = peer.config()
    config["interface"]["mtu"] = 1420
    run = device.start(LONG, config)
    for size in (900, 1300, 1392):
        peer.wait_inner(lambda p, n=size: len(p.payload) == 8 + n, what=f"{size} bytes")
    run.tell("end")
    assert run.wait() == 0, run.output
    assert fragments(run.uplink) == 4, "two of each that is longer than 1000 bytes outside"
    assert run.result["mtu"] == 1420
