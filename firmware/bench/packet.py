# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
"""Runs on MicroPython for RV32 (tools/rv32.py): one line a row, its name and its number.

Costs are instructions beside the cipher's own where the name says so, measured from lwIP's call
of the tunnel to the tunnel's call of lwIP, on the third packet of a kind.
"""

import _bench
import _wireguard as wg

OURS, THEIRS, UNDERLAY = "10.9.0.1", "10.9.0.2", "198.51.100.1"
HERE, THERE = bytes([1]) * 32, bytes([2]) * 32
MTU = 1420
deepest = 0


def row(name, number):
    print(name, number)


def drain(netif):
    while netif.event():
        pass


def tunnel():
    """A netif with a session, and the keys of its peer."""
    netif = wg.Netif(bytes([9]) * 32, drain)
    netif.open([(OURS, 24)], MTU, 51820)
    slot = netif.peer_add()
    netif.allowed_ips(slot, [("10.9.0.0", 24)])
    netif.endpoint(slot, (UNDERLAY, 51820))
    netif.keypair(slot, 11, 10, THERE, HERE, True)
    return netif, wg.Keypair(10, 11, HERE, THERE)


def ip4(size, source, destination):
    packet = bytearray(size)
    packet[0], packet[8], packet[9] = 0x45, 64, 17
    packet[2], packet[3] = size >> 8, size & 255
    packet[12:16] = bytes(int(part) for part in source.split("."))
    packet[16:20] = bytes(int(part) for part in destination.split("."))
    return packet


def padded(size):
    return min(MTU, (size + 15) // 16 * 16)


def measure(function, netif, data, address, arrives):
    """(instructions until lwIP is called or all is done, those after, bytes allocated by then)."""
    global deepest
    arrived, until, after, stack, heap = function(netif, data, address)
    assert arrived == arrives, data
    deepest = max(deepest, stack)
    return until, after, heap


def spoiled(datagram, at, value):
    datagram = bytearray(datagram)
    datagram[at] ^= value
    return datagram


def packets(netif, peer, size):
    seal, open, ok = _bench.aead(padded(size))
    assert ok
    for _ in range(3):
        packet = ip4(size, OURS, THEIRS)
        until, after, heap = measure(_bench.output, netif, packet, THEIRS, True)
    row(f"out{size}", until - seal)
    row(f"out{size}_after", after)
    row(f"out{size}_heap", heap)
    packet = ip4(size, THEIRS, OURS) + bytes(padded(size) - size)
    for _ in range(3):
        datagram = peer.seal(packet)
        until, after, heap = measure(_bench.input, netif, datagram, UNDERLAY, True)
    row(f"in{size}", until - open)
    row(f"in{size}_after", after)
    row(f"in{size}_heap", heap)
    row(f"refused_replay{size}", measure(_bench.input, netif, datagram, UNDERLAY, False)[0])
    forged = spoiled(peer.seal(packet), -1, 1)
    row(f"refused_tag{size}", measure(_bench.input, netif, forged, UNDERLAY, False)[0])


def refusals(netif, peer):
    datagram = peer.seal(bytes(MTU))
    for name, at, value in (("type", 0, 9), ("index", 4, 99)):
        refused = spoiled(datagram, at, value)
        row(f"refused_{name}", measure(_bench.input, netif, refused, UNDERLAY, False)[0])
    initiation = bytearray(148)
    initiation[0] = 1
    row("refused_mac1", measure(_bench.input, netif, initiation, UNDERLAY, False)[0])


_bench.underlay()
netif, peer = tunnel()
packets(netif, peer, 60)
packets(netif, peer, MTU)
refusals(netif, peer)
row("stack", deepest)
for name, size in zip(("device", "peer", "keypair"), _bench.sizes()):
    row(f"ram_{name}", size)
