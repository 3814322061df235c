# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
"""Runs on MicroPython for RV32 (tools/bench/rv32.py): what the control plane in Python costs.

Two tunnels of one machine. One line a row, its name and its number.
"""

import gc
import time

import _bench

gc.collect()
before = gc.mem_alloc()

from wireguard import Tunnel, keys  # noqa: E402

gc.collect()
imported = gc.mem_alloc()

ADDRESSES = "10.9.0.1", "10.9.0.2"
PRIVATE = keys.generate(), keys.generate()
PUBLIC = [keys.encode(keys.public(private)) for private in PRIVATE]
PACKETS = 100_000


def row(name, number):
    print(name, number)


def tunnel(i):
    interface = {"private_key": keys.encode(PRIVATE[i]), "address": ADDRESSES[i] + "/32"}
    interface["listen_port"] = 51820 + i
    peer = {"public_key": PUBLIC[1 - i], "allowed_ips": ADDRESSES[1 - i] + "/32"}
    if i == 0:  # who knows where the other is begins
        peer["endpoint"] = "127.0.0.1:51821"
    return Tunnel({"interface": interface, "peers": [peer]})


class Counted:
    """What an interface's work costs beside X25519, from here on."""

    def __init__(self, interface):
        self.instructions = self.dh = 0
        self._interface, self._work = interface, interface.work
        interface.work = self._count

    def _count(self):
        _bench.quiet(True)
        start = _bench.spent()
        self._work()
        end = _bench.spent()
        _bench.quiet(False)
        spent, dh, calls = [(b - a) & 0x3FFFFFFF for a, b in zip(start, end)]
        self.instructions += spent - dh
        self.dh += calls

    def end(self):
        self._interface.work = self._work
        return self.instructions, self.dh


def ip4(size):
    packet = bytearray(size)
    packet[0], packet[2], packet[3], packet[8], packet[9] = 0x45, size >> 8, size & 255, 64, 17
    packet[12:20] = bytes([10, 9, 0, 1, 10, 9, 0, 2])
    return packet


def until(condition):
    for _ in range(1000):
        if condition():
            return
        time.sleep_ms(10)
    raise AssertionError("not within ten seconds")


def session(tunnel):
    return tunnel._interface.device.peers[0].last_handshake


def handshake(one, other):
    """(instructions, X25519s) of the initiator and of the responder."""
    time.sleep(125)
    gc.collect()
    counted = Counted(one._interface), Counted(other._interface)
    before = session(one), session(other)
    _bench.traffic(one._interface.netif, ip4(60), ADDRESSES[1], 1)
    until(lambda: session(one) != before[0] and session(other) != before[1])
    time.sleep_ms(100)
    return [side.end() for side in counted]


def handshakes(one, other):
    """What a session costs when nothing has to be set up any more: the middle of five, for it is
    by chance how long the heap looks for room."""
    costs = [handshake(one, other) for _ in range(5)]
    for name, of_side in zip(("initiator", "responder"), zip(*costs)):
        instructions, dh = sorted(of_side)[2]
        row("handshake_" + name, instructions)
        row("handshake_" + name + "_dh", dh)


def traffic(one):
    netif = one._interface.netif
    _bench.traffic(netif, ip4(60), ADDRESSES[1], 10)
    arrived, memory, bytecode = _bench.traffic(netif, ip4(60), ADDRESSES[1], PACKETS)
    row("traffic_packets", arrived)
    row("traffic_heap", memory)
    row("traffic_bytecode", bytecode)


gc.collect()
alone = gc.mem_alloc()
other, one = tunnel(1).up(), tunnel(0).up()
assert one.wait(10) and other.wait(10)
time.sleep(125)
_bench.traffic(one._interface.netif, ip4(60), ADDRESSES[1], 1)  # a second session
time.sleep(1)
other.down()
del other
gc.collect()
row("ram_python_import", imported - before)
row("ram_python_tunnel", gc.mem_alloc() - alone)
other = tunnel(1).up()
assert other.wait(10)
handshakes(one, other)
traffic(one)
assert not one.errors and not other.errors
other.down()
one.down()
