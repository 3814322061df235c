# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors

"""A server asked from here whether it would take the device: a real handshake, by its code.

A server refuses an initiation that is not later than the last one it took. So that the board comes
after this test whatever its clock says, the labels here run from 1970 on at a sixteenth of the
clock's pace: later than those of the last test, earlier than any of a board's. A server that the
board has talked to already is therefore silent, and the board's session with it is left alone.
"""

import importlib
import os
import socket
import struct
import time
from dataclasses import dataclass

from .. import device_crypto, keys

_BASE = 0x400000000000000A  # TAI64 label of 1970-01-01
_SLOWER = 16
_NTP_1970 = 2208988800
_RESPONSE_SIZE = 92


@dataclass
class Answer:
    """What came of a handshake: "answered", "busy" (a cookie), "silent" or "unreachable"."""

    what: str
    milliseconds: int = 0
    reason: str = ""


class _Remote:
    """A peer as the device's noise module wants it."""

    def __init__(self, identity, peer):
        self.public_key = peer.public_key
        self.static_shared = identity.shared_with(peer.public_key)
        self.preshared_key = peer.preshared_key or bytes(32)


def resolve(host: str, port: int) -> list:
    """Addresses for UDP, IPv4 first. Raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_DGRAM)
    return sorted({item[4][:2] for item in found}, key=lambda address: ":" in address[0])


def handshake(config, peer, address, tries=3, seconds=2.0) -> Answer:
    """Greet the server at address as the device of config would."""
    device_crypto.install()
    noise = importlib.import_module("wireguard.noise")
    cookie = importlib.import_module("wireguard.cookie")
    identity = noise.Identity(config.private_key)
    remote = _Remote(identity, peer)
    family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as udp:
        try:
            udp.connect(address)
            for _ in range(tries):
                index = struct.unpack("<I", os.urandom(4))[0]
                label = _label(time.time_ns())
                initiation = noise.Initiation(identity, remote, index, label, _ephemeral())
                cookie.Stamper(peer.public_key).stamp(initiation.message, 0)
                began = time.monotonic()
                udp.send(initiation.message)
                answer = _await(udp, noise, initiation, index, began + seconds)
                if answer:
                    return Answer(answer, round((time.monotonic() - began) * 1000))
        except OSError as e:
            return Answer("unreachable", reason=e.strerror or str(e))
    return Answer("silent")


def _ephemeral() -> bytearray:
    return bytearray(keys.decode(keys.genkey()))


def _label(now: int) -> bytes:
    """The TAI64N label of a test at now, in nanoseconds since 1970."""
    seconds, nanoseconds = divmod(now // _SLOWER, 1_000_000_000)
    return struct.pack(">QI", _BASE + seconds, nanoseconds)


def _await(udp, noise, initiation, index, deadline):
    while (left := deadline - time.monotonic()) > 0:
        udp.settimeout(left)
        try:
            message = udp.recv(2048)
        except TimeoutError:
            return None
        kind = message[:4]
        if kind == b"\2\0\0\0" and len(message) == _RESPONSE_SIZE:
            if message[8:12] == struct.pack("<I", index) and initiation.consume(message):
                return "answered"
        if kind == b"\3\0\0\0" and message[4:8] == struct.pack("<I", index):
            return "busy"
    return None


def clock_offset(server: str = "pool.ntp.org", port: int = 123, seconds: float = 2.0) -> float:
    """Seconds that this computer's clock is behind NTP. Raises OSError if NTP does not answer."""
    address = resolve(server, port)[0]
    with socket.socket(socket.AF_INET6 if ":" in address[0] else socket.AF_INET, 2) as udp:
        udp.settimeout(seconds)
        udp.connect(address)
        udp.send(b"\x1b" + bytes(47))
        answer = udp.recv(64)
    if len(answer) < 48:
        raise OSError("no NTP answer")
    whole, part = struct.unpack(">II", answer[40:48])
    return whole - _NTP_1970 + part / 2**32 - time.time()
