# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
"""Runs on MicroPython for RV32 (tools/bench/rv32.py): one line a row, its name and its number.

Costs are instructions beside the cipher's own where the name says so, measured from lwIP's call
of the tunnel to the tunnel's call of lwIP, on the third packet of a kind.
"""

import struct

import _bench
import _wireguard as wg

OURS, THEIRS, UNDERLAY = "10.9.0.1", "10.9.0.2", "198.51.100.1"
HERE, THERE = bytes([1]) * 32, bytes([2]) * 32
PUBLIC = bytes([9]) * 32
MTU = 1420
deepest = longest = 0


def row(name, number):
    print(name, number)


def drain(netif):
    while netif.event():
        pass


class Sender:
    """The other side's transport, to whoever has this index and receiving key."""

    def __init__(self, receiver, key):
        self.header = struct.pack("<II", 4, receiver)
        self.key = key
        self.sent = 0

    def seal(self, packet):
        counter = struct.pack("<Q", self.sent)
        self.sent += 1
        return self.header + counter + wg.seal(self.key, counter, packet, b"")


def tunnel():
    """A netif with a session, and its peer."""
    netif = wg.Netif(PUBLIC, drain)
    netif.open([(OURS, 24)], MTU, 51820)
    slot = netif.peer_add()
    netif.allowed_ips(slot, [("10.9.0.0", 24)])
    netif.endpoint(slot, (UNDERLAY, 51820))
    netif.keypair(slot, 11, 10, THERE, HERE, True)
    return netif, slot, Sender(11, HERE)


def ip4(size, source, destination):
    packet = bytearray(size)
    packet[0], packet[8], packet[9] = 0x45, 64, 17
    packet[2], packet[3] = size >> 8, size & 255
    packet[12:16] = bytes(int(part) for part in source.split("."))
    packet[16:20] = bytes(int(part) for part in destination.split("."))
    return packet


def padded(size):
    return min(MTU, (size + 15) // 16 * 16)


def measure(function, netif, data, address, arrivals):
    """(instructions until lwIP is called or all is done, those after, bytes allocated by then,
    instructions of lwIP to send it)."""
    global deepest, longest
    arrived, until, after, stack, heap, lwip = function(netif, data, address)
    assert arrived == arrivals, (arrived, data)
    deepest = max(deepest, stack)
    longest = max(longest, until + after)
    return until, after, heap, lwip


def arrive(netif, datagram, packets=1):
    return measure(_bench.input, netif, datagram, UNDERLAY, packets)


def refused(name, netif, datagram):
    row("refused_" + name, arrive(netif, datagram, 0)[0])


def spoiled(datagram, at, value):
    datagram = bytearray(datagram)
    datagram[at] ^= value
    return datagram


def packets(netif, peer, size):
    seal, open, ok = _bench.aead(padded(size))
    assert ok
    for _ in range(3):
        packet = ip4(size, OURS, THEIRS)
        until, after, heap, lwip = measure(_bench.output, netif, packet, THEIRS, 1)
    row("out{}".format(size), until - seal)
    row("out{}_after".format(size), after)
    row("out{}_lwip".format(size), lwip)
    row("out{}_heap".format(size), heap)
    packet = ip4(size, THEIRS, OURS) + bytes(padded(size) - size)
    for _ in range(3):
        datagram = peer.seal(packet)
        until, after, heap, _ = arrive(netif, datagram)
    row("in{}".format(size), until - open)
    row("in{}_after".format(size), after)
    row("in{}_heap".format(size), heap)
    refused("replay{}".format(size), netif, datagram)
    refused("tag{}".format(size), netif, spoiled(peer.seal(packet), -1, 1))


def refusals(netif, peer):
    datagram = peer.seal(bytes(MTU))
    refused("type", netif, spoiled(datagram, 0, 9))
    refused("index", netif, spoiled(datagram, 4, 99))
    packet = ip4(60, THEIRS, OURS) + bytes(4)
    old = peer.seal(packet)
    for _ in range(1030):
        new = peer.seal(packet)
    arrive(netif, new)
    refused("old", netif, old)
    initiation = bytearray(148)
    initiation[0] = 1
    refused("mac1", netif, initiation)
    key = bytearray(32)
    wg.hash(key, b"mac1----", PUBLIC)
    initiation[116:132] = wg.mac(key, initiation[:116])
    for _ in range(20):  # of which Python may be handed a few
        _bench.input(netif, initiation, UNDERLAY)
    refused("flood", netif, initiation)


def hooks(netif):
    """What lwIP asks about every packet, beside the tunnel's own work."""
    outer = ip4(1480, UNDERLAY, "192.0.2.2")
    outer[20:24] = b"\xca\x6c\xca\x6c"  # port 51820 both ways
    row("filter_outer", _bench.filter(netif, outer, False))
    row("filter_inner", _bench.filter(netif, ip4(MTU, THEIRS, OURS), True))
    row("filter_tcp", _bench.window())
    row("route_inner", _bench.route(THEIRS))
    row("route_other", _bench.route(UNDERLAY))


def confirmed(netif, slot):
    """A responder's first packet in: all that waited for it goes out, one a turn of lwIP's."""
    netif.keys_clear(slot)
    for _ in range(8):
        _bench.output(netif, ip4(MTU, OURS, THEIRS), THEIRS)
    netif.keypair(slot, 21, 20, HERE, THERE, False)
    initiator = Sender(21, THERE)
    _bench.quiet(True)
    until, after, _, _ = measure(_bench.input, netif, initiator.seal(b""), UNDERLAY, 0)
    row("confirm", until + after)
    # One that comes behind them: for it the oldest goes.
    until, after, _, _ = measure(_bench.output, netif, ip4(MTU, OURS, THEIRS), THEIRS, 1)
    row("behind", until + after)
    turns = [_bench.turn() for _ in range(10)]
    _bench.quiet(False)
    sent = [turn[1] + turn[2] for turn in turns if turn and turn[0]]
    assert len(sent) == 8 and max(turn[0] for turn in turns if turn) == 1, turns
    row("turn", max(sent))
    return max(sent)


def lookups(netif, slot):
    """The longest look-up among prefixes of all lengths, and around them."""
    for count in (1, 32, 1000):
        networks = []
        for i in range(count):
            networks.append(("10.{}.{}.0".format(i >> 5, (i & 31) * 8), 21 + i % 4))
            networks.append(("fd00:{:x}::".format(i * 37), 32 + i % 33))
        netif.allowed_ips(slot, networks)
        for name, form in (("", "10.{}.{}.9"), ("6", "fd00:{:x}::{:x}")):
            longest = 0
            for i in range(0, count, 1 + count // 50):
                parts = (i * 37, i) if name else (i >> 5, (i & 31) * 8)
                prefix, instructions = _bench.lookup(netif, form.format(*parts))
                assert prefix >= 21, i
                longest = max(longest, instructions)
            row("lookup{}_{}".format(name, count), longest)


_bench.underlay()
netif, slot, peer = tunnel()
packets(netif, peer, 60)
packets(netif, peer, MTU)
refusals(netif, peer)
hooks(netif)
turn = confirmed(netif, slot)
row("longest", max(longest, turn))
row("stack", deepest)
for name, size in zip(("device", "peer", "keypair"), _bench.sizes()):
    row("ram_" + name, size)
lookups(netif, slot)
netif.close()
