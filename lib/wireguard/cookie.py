# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
"""mac1, mac2 and cookies (whitepaper, sections 5.3, 5.4.4 and 5.4.7).

`Stamper` is the sender's side, one a peer; `Checker` the receiver's, one an interface. mac1 of
what comes in is checked in C, before it costs Python any time.
"""

import struct

import _wireguard as _c

from . import keys
from .noise import COOKIE_REPLY

LIFETIME_MS = 120_000  # of a cookie with its owner, and of the secret that makes it


class Stamper:
    """Puts mac1 and mac2 on handshake messages for one peer."""

    def __init__(self, remote_public):
        self._mac1_key = bytearray(32)
        self._cookie_key = bytearray(32)
        _c.hash(self._mac1_key, b"mac1----", remote_public)
        _c.hash(self._cookie_key, b"cookie--", remote_public)
        self._last_mac1 = None
        self._cookie = None
        self._received = None

    def stamp(self, message, now):
        """Fill in the last 32 bytes of a bytearray."""
        mac1 = _c.mac(self._mac1_key, memoryview(message)[:-32])
        message[-32:-16] = mac1
        self._last_mac1 = mac1
        if self._cookie is None:
            return
        if now - self._received >= LIFETIME_MS:
            self._cookie = None
            return
        message[-16:] = _c.mac(self._cookie, memoryview(message)[:-16])

    def consume(self, reply, now):
        """True if `reply` answers the message stamped last; the next one then carries mac2.

        A reply is good once: the mac1 that it answers is forgotten with it.
        """
        if self._last_mac1 is None:
            return False
        cookie = _c.xopen(self._cookie_key, reply[8:32], reply[32:64], self._last_mac1)
        if cookie is None:
            return False
        self._cookie = cookie
        self._received = now
        self._last_mac1 = None
        return True


class Checker:
    """Demands mac2 of strangers while the interface is under load.

    A cookie is a MAC of the source address under a secret that changes every two minutes, so
    nothing has to be remembered about who was given one.

    publish   function(secret), called with each new one: the data plane sorts out by it
    """

    def __init__(self, public_key, random, publish=None):
        self._cookie_key = bytearray(32)
        _c.hash(self._cookie_key, b"cookie--", public_key)
        self._random = random
        self._secret = bytearray(32)
        self._born = None
        self._publish = publish

    def has_mac2(self, message, source, now):
        """True if `message` carries the mac2 for `source`, (host, port)."""
        expected = _c.mac(self._cookie(source, now), memoryview(message)[:-16])
        return _c.equal(expected, memoryview(message)[-16:])

    def reply(self, message, source, now):
        """Cookie reply to a handshake message whose mac1 is valid, 64 bytes."""
        nonce = self._random(24)
        mac1 = message[-32:-16]
        sealed = _c.xseal(self._cookie_key, nonce, self._cookie(source, now), mac1)
        return struct.pack("<I", COOKIE_REPLY) + message[4:8] + nonce + sealed

    def wipe(self):
        _c.wipe(self._secret)
        self._born = None

    def _cookie(self, source, now):
        if self._born is None or now - self._born >= LIFETIME_MS:
            _c.wipe(self._secret)
            self._secret = keys.draw(self._random)
            self._born = now
            if self._publish:
                self._publish(self._secret)
        host, port = source
        return _c.mac(self._secret, host.encode(), struct.pack(">H", port))
