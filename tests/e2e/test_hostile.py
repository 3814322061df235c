# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors

"""What other implementations get wrong, sent by a peer that knows the keys and behaves badly.

Each test first or afterwards does the same thing honestly, so that silence is a refusal and not
a network that is broken anyway.
"""

import contextlib
import os
import random
import struct

import pytest
from support import packets, pcap
from support.namespace import udp_socket
from support.noise_model import COOKIE_REPLY, INITIATION, generate_private_key
from support.peer import HandMadePeer

DEVICE, GATEWAY = "192.168.4.48", "192.168.4.254"

# Echoes datagrams on port 4000 until the test says end, then hands over the counters. Told to
# speak "REASON COUNT", it says so as soon as it has dropped COUNT for that REASON, unasked.
ECHO = """
from testing import *
t = tunnel()
s = udp(4000, 30)
report(ready=True)
s.settimeout(0.05)
while not told("end"):
    if told("speak"):
        reason, count = wait_for("speak").split()
        os.remove("speak")
        until(lambda: drops(t)[reason] >= int(count), 10, reason)
        s.sendto(("dropped " + reason).encode(), ("192.168.4.254", 4001))
    try:
        s.sendto(*s.recvfrom(2000))
    except OSError:
        pass
report(drops=drops(t))
t.down()
"""


class Talk:
    """A device that echoes, and its peer."""

    def __init__(self, device, peer, interface=None, **entries):
        """interface: more of wg.json's section; entries: of the peer's."""
        self.peer = peer
        config = peer.config(**entries)
        config["interface"] |= interface or {}
        self.run = device.start(ECHO, config)
        self.run.wait_for("ready")
        self.numbers = 0

    def question(self, source=GATEWAY) -> tuple[bytes, bytes]:
        """(new data, an inner datagram with it)."""
        self.numbers += 1
        data = b"question %d" % self.numbers
        return data, packets.udp((source, 4001), (DEVICE, 4000), data)

    def ask(self, source=GATEWAY) -> tuple[bytes, bytes]:
        """Send an inner datagram; returns (the data in it, the outer datagram)."""
        data, packet = self.question(source)
        return data, self.peer.send(packet)

    def answers(self, data) -> int:
        return sum(p.payload[8:] == data for p in self.peer.inner)

    def honest(self):
        """A question and its answer: everything sent before has been read by now.

        Asked again if it is lost: what a test has sent before may have filled the device's queue.
        """
        for attempt in range(20):
            data, _ = self.ask()
            with contextlib.suppress(TimeoutError if attempt < 19 else ()):
                return self.peer.wait(lambda: self.answers(data), 0.5, "an honest answer")

    def speaks_to_us(self, reason: str, count: int):
        """Once it has dropped that much, the device still sends to where the peer really is."""
        self.run.tell("speak", f"{reason} {count}")
        said = f"dropped {reason}".encode()
        self.peer.wait(lambda: self.answers(said), 10, f"what the device says after {reason}")

    def end(self) -> dict:
        """End the device and return how many packets it dropped, by reason."""
        self.run.tell("end")
        assert self.run.wait() == 0, self.run.output
        return self.run.result["drops"]


@pytest.fixture
def talk(device, peer):
    return Talk(device, peer)


@pytest.fixture
def elsewhere():
    """Another socket: another source address for the device."""
    s = udp_socket("127.0.0.1", 0)
    s.settimeout(0.5)
    yield s
    s.close()


def test_an_inner_source_outside_allowed_ips_is_dropped(talk):
    talk.honest()
    wrong = [talk.ask(source)[0] for source in ("10.9.9.9", "192.168.5.1", "127.0.0.1")]
    talk.honest()
    assert not any(talk.answers(data) for data in wrong)
    assert talk.end()["source"] == 3


def test_wireguard_inside_wireguard_is_dropped(device, peer):
    """A peer could otherwise nest messages, and one datagram cost as many openings as it holds."""
    talk = Talk(device, peer, interface={"listen_port": 58124})
    talk.honest()
    data, packet = talk.question()
    for depth in range(3):
        message = peer.sessions[-1].seal(packet)
        packet = packets.udp((GATEWAY, 4001), (DEVICE, 58124), message)
    peer.send(packet)
    talk.honest()
    assert talk.answers(data) == 0
    assert talk.end()["nested"] == 1


def test_a_replayed_packet_is_dropped_and_moves_nothing(talk, elsewhere):
    talk.honest()
    data, datagram = talk.ask()
    talk.peer.wait(lambda: talk.answers(data))
    home = talk.peer.address
    elsewhere.sendto(datagram, home)
    keepalive = talk.peer.send(b"")
    elsewhere.sendto(keepalive, home)
    talk.speaks_to_us("replay", 2)
    talk.honest()
    assert talk.answers(data) == 1
    with pytest.raises(TimeoutError):
        elsewhere.recv(2000)
    assert talk.end()["replay"] == 2


def test_an_authentic_packet_from_elsewhere_moves_the_endpoint(talk, elsewhere):
    talk.honest()
    packet = packets.udp((GATEWAY, 4001), (DEVICE, 4000), b"moved")
    elsewhere.sendto(talk.peer.sessions[-1].seal(packet), talk.peer.address)
    elsewhere.settimeout(5)
    answer = talk.peer.sessions[-1].open(elsewhere.recv(2000))
    assert packets.Packet(answer).payload[8:] == b"moved"
    talk.honest()  # and back
    talk.end()


def test_a_forged_cookie_reply_moves_nothing(talk, elsewhere):
    talk.honest()
    initiation = next(d for d in talk.peer.datagrams if d[0] == INITIATION)
    forged = struct.pack("<L", COOKIE_REPLY) + initiation[4:8] + os.urandom(24 + 32)
    for receiver in (initiation[4:8], os.urandom(4)):
        elsewhere.sendto(forged[:4] + receiver + forged[8:], talk.peer.address)
    talk.speaks_to_us("unknown_index", 2)
    talk.honest()
    with pytest.raises(TimeoutError):
        elsewhere.recv(2000)
    talk.end()


def test_a_corrupted_packet_is_dropped_wherever_the_bit_is(talk, elsewhere):
    talk.honest()
    wrong = []
    positions = {
        "malformed": (0, 1),
        "unknown_index": (4, 7),
        "authentication": (8, 16, 24, -17, -1),
    }
    for at in [at for several in positions.values() for at in several]:
        data, packet = talk.question()
        datagram = bytearray(talk.peer.sessions[-1].seal(packet))
        datagram[at] ^= 1
        elsewhere.sendto(bytes(datagram), talk.peer.address)
        wrong.append(data)
    for reason, several in positions.items():
        talk.speaks_to_us(reason, len(several))
    talk.honest()
    assert not any(talk.answers(data) for data in wrong)
    talk.end()


def test_garbage_of_every_length_is_not_answered(talk, elsewhere):
    talk.honest()
    seed = random.Random(1)
    for length in [*range(0, 200), 1000, 1472]:
        for kind in (0, 1, 2, 3, 4, 5):
            garbage = struct.pack("<L", kind) + seed.randbytes(length)
            elsewhere.sendto(garbage[:length], talk.peer.address)
        if length % 5 == 0:
            talk.honest()  # keeps step: a receive queue of six datagrams overflows by itself
    talk.honest()
    with pytest.raises(TimeoutError):
        elsewhere.recv(2000)
    talk.end()


def test_datagrams_longer_than_any_packet_are_refused(talk):
    """Beyond one frame a datagram arrives in fragments, as chained pbufs or not at all."""
    talk.honest()
    for size in (1400, 1480, 1500, 2000, 4000, 9000, 30000):
        packet = packets.udp((GATEWAY, 4001), (DEVICE, 4000), bytes(size))
        talk.peer.send(packet)
        talk.peer.raw(struct.pack("<LLQ", 4, 1, 0) + bytes(size))
        talk.honest()
    talk.end()


def test_an_inner_packet_that_is_no_ip_is_dropped(talk):
    talk.honest()
    good = packets.udp((GATEWAY, 4001), (DEVICE, 4000), b"x")
    for packet in (
        b"\x00" * 16,
        b"\x45",
        good[:19],
        b"\x15" + good[1:],
        b"\xf5" + good[1:],
        b"\x4f" + good[1:],
        good[:2] + struct.pack(">H", 1400) + good[4:],
        b"\x60" + bytes(15),
        b"\x60" + bytes(39),
        os.urandom(64),
    ):
        talk.peer.send(packet)
    talk.honest()
    talk.end()


def test_counters_far_ahead_then_in_the_window_then_behind_it(talk):
    talk.honest()
    session = talk.peer.sessions[-1]
    start = session.send_counter
    ahead = start + 100_000

    def at(counter):
        data = b"counter %d" % counter
        talk.peer.send(packets.udp((GATEWAY, 4001), (DEVICE, 4000), data), counter=counter)
        return data

    for counter in (ahead, ahead - 1, ahead - 900):
        data = at(counter)
        talk.peer.wait(lambda data=data: talk.answers(data), what=f"counter {counter}")
    stale = [at(start + 1), at(ahead - 50_000), at(ahead)]
    session.send_counter = ahead + 1
    talk.honest()
    assert [talk.answers(data) for data in stale] == [0, 0, 1]
    talk.end()


def test_a_new_session_takes_over_and_the_last_one_still_counts(talk):
    """Section 6.3: what is on its way under the previous keypair is not lost."""
    talk.honest()
    old = talk.peer.sessions[-1]
    talk.peer.initiate(talk.peer.address)
    new = talk.peer.sessions[-1]
    assert new is not old
    data, packet = talk.question()
    talk.peer.raw(old.seal(packet))
    talk.peer.wait(lambda: talk.answers(data), what="an answer to the old session's question")
    assert talk.peer.datagrams[-1][4:8] == new.local_index.to_bytes(4, "little")
    talk.honest()
    talk.end()


ETHERNET = bytes.fromhex("025747 00020f 020202 020202 0800")  # to the device, from a neighbour

SPOOFED = """
import _host
import binascii
from testing import *
t = tunnel()
s = udp(4000, 30)
_host.capture("uplink", None)  # what comes would be a leak if it went
for frame in wait_for("inject").split():
    _host.receive(binascii.unhexlify(frame))
until(lambda: drops(t)["spoofed"] == 4, 10, "refusals")
report(refused=True)
data, source = s.recvfrom(100)
s.sendto(data, source)
wait_for("end")
t.down()
"""


@pytest.mark.parametrize("allowed", ["192.168.4.0/24", "0.0.0.0/0"], ids=["split", "full"])
def test_nobody_beside_the_tunnel_speaks_for_a_peer(device, peer, allowed):
    """Plain datagrams and pings that say they are the gateway's: not taken, not answered."""
    run = device.start(SPOOFED, peer.config(allowed_ips=[allowed]), inside=["192.168.4.0/24"])
    peer.wait(lambda: peer.sessions, what="a session")
    spoofed = []
    for target in (DEVICE, "10.0.2.15"):
        echo = packets.echo(packets.ECHO_REQUEST, 7, 7)
        spoofed.append(packets.ipv4(GATEWAY, target, packets.ICMP, echo))
        spoofed.append(packets.udp((GATEWAY, 4001), (target, 4000), b"spoofed"))
    run.tell("inject", " ".join((ETHERNET + packet).hex() for packet in spoofed))
    run.wait_for("refused")
    peer.send(packets.udp((GATEWAY, 4001), (DEVICE, 4000), b"honest"))
    peer.wait_inner(lambda p: p.payload[8:] == b"honest")
    run.tell("end")
    assert run.wait() == 0, run.output
    assert [p.payload[8:] for p in peer.inner] == [b"honest"]


STAGED = """
from testing import *
uplink()
t = wireguard.Tunnel("wg.json")
t.up()
s = udp(4000, 20)
for n in range(3):
    s.sendto(b"staged %d" % n, ("192.168.4.254", 4001))
report(sent=True)
t.wait(30)
wait_for("end")
t.down()
"""


@pytest.mark.parametrize("lost", [False, True], ids=["late answer", "lost initiation"])
def test_packets_wait_for_the_session_and_none_is_plain(device, peer, lost):
    peer.answer_handshakes = False
    run = device.start(STAGED, peer.config())
    run.wait_for("sent")
    peer.wait(lambda: peer.initiations == 1 + lost, what="an initiation (the retry is after 5 s)")
    peer.answer(peer.datagrams[-1])
    for n in range(3):
        peer.wait_inner(lambda p, n=n: p.payload[8:] == b"staged %d" % n)
    assert [d[0] for d in peer.datagrams] == [1] * (1 + lost) + [4] * 3
    run.tell("end")
    assert run.wait() == 0, run.output
    assert not any(b"staged" in frame for _, frame in pcap.read(run.uplink))


LONGEST = """
from testing import *
uplink()
t = wireguard.Tunnel("wg.json")
t.up()
s = udp(4000, 0.05)
for last in (1, 127, 128, 200, 201, 255):
    s.sendto(b"to %d" % last, ("10.7.0.%d" % last, 4001))
while not told("end"):
    try:
        s.sendto(*s.recvfrom(100))
    except OSError:
        pass
t.down()
"""


def test_the_longest_prefix_chooses_the_peer(device):
    networks = {"10.7.0.0/24": {1, 127}, "10.7.0.128/25": {128, 201, 255}, "10.7.0.200/32": {200}}
    key = generate_private_key()
    with contextlib.ExitStack() as stack:
        peers = [stack.enter_context(HandMadePeer(device_private_key=key)) for _ in networks]
        config = peers[0].config()
        config["interface"]["address"] = ["10.7.1.48/24"]
        config["peers"] = [
            peer.config(allowed_ips=[network])["peers"][0]
            for peer, network in zip(peers, networks, strict=True)
        ]
        run = device.start(LONGEST, config)
        for peer, numbers in zip(peers, networks.values(), strict=True):
            peer.wait(lambda p=peer, n=numbers: len(p.inner) >= len(n), what="its datagrams")
            assert {int(p.target.split(".")[3]) for p in peer.inner} == numbers

        # The same table judges sources: a peer may speak for its own addresses, which come last.
        own = (1, 128, 200)
        for peer, mine in zip(peers, own, strict=True):
            for last in (*(n for n in own if n != mine), mine):
                data = f"{mine} says {last}".encode()
                peer.send(packets.udp((f"10.7.0.{last}", 4001), ("10.7.1.48", 4000), data))
        for peer, mine in zip(peers, own, strict=True):
            peer.wait_inner(lambda p, m=mine: p.payload[8:] == f"{m} says {m}".encode())
        run.tell("end")
        assert run.wait() == 0, run.output
        echoes = [p.payload[8:] for peer in peers for p in peer.inner if b"says" in p.payload]
    assert sorted(echoes) == [b"1 says 1", b"128 says 128", b"200 says 200"]
