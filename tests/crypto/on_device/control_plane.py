# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
"""control_plane.py CASES TRANSCRIPT: Devices without a network, for test_handshakes.py.

Every case is a Device with one peer, to which everything is given that would be random; the
transcript is what it sends and the sessions it installs.
"""

import struct
import sys

from wireguard import noise
from wireguard.device import Device

WANT, MESSAGE, END = b"W", b"M", b"E"


class Given:
    """Random bytes and timestamps, in turn."""

    def __init__(self, random, timestamps):
        self._random, self._timestamps = random, timestamps
        self._at = self._labels = 0

    def random(self, count):
        self._at += count
        assert self._at <= len(self._random), "it asks for more than it needs"
        return self._random[self._at - count : self._at]

    def next(self):
        self._labels += 1
        return self._timestamps[12 * self._labels - 12 : 12 * self._labels]


class Netif:
    """Writes down what it is told."""

    def __init__(self, out):
        self._out = out
        self._endpoint = None

    def endpoint(self, slot, *address):
        if address:
            self._endpoint = address[0]
        return self._endpoint

    def send(self, slot, message):
        self._out.write(b"S" + struct.pack("<H", len(message)) + message)
        return True

    def keypair(self, slot, local, remote, send_key, receive_key, is_initiator):
        self._out.write(b"K" + struct.pack("<II", local, remote) + send_key + receive_key)

    def cookie_seed(self, seed):
        pass


def field(file):
    return file.read(struct.unpack("<H", file.read(2))[0])


def case(file, out):
    private, public, psk = file.read(32), file.read(32), file.read(32)
    given = Given(field(file), field(file))
    device = Device(noise.Identity(private), Netif(out), given, given.random)
    device.add_peer(0, public, psk)
    device._netif.endpoint(0, ("192.0.2.1", 51820))
    while True:
        kind, now = file.read(1), struct.unpack("<I", file.read(4))[0]
        if kind == END:
            break
        if kind == WANT:
            device.want_handshake(0, now)
        else:
            device.message(field(file), ("192.0.2.1", 51820), now)
        out.write(b".")
    device.close()
    out.write(b"E")


with open(sys.argv[1], "rb") as cases, open(sys.argv[2], "wb") as transcript:
    for _ in range(struct.unpack("<I", cases.read(4))[0]):
        case(cases, transcript)
