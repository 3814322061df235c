# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
"""mac1, mac2 and cookies, the sender's side (whitepaper, sections 5.3, 5.4.4 and 5.4.7).

The receiver's side is in C (cookie.c): what comes in is judged before it costs Python any time.
"""

import _wireguard as _c
from micropython import const

_LIFETIME_MS = const(120_000)  # of a cookie with its owner


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
        if now - self._received >= _LIFETIME_MS:
            self._cookie = None
            return
        message[-16:] = _c.mac(self._cookie, memoryview(message)[:-16])

    def consume(self, reply, now):
        """True if `reply` answers the message stamped last; the next one then carries mac2.

        A reply is good once: the mac1 that it answers is forgotten with it.
        """
        if self._last_mac1 is None:
            return False
        cookie = _c.open(self._cookie_key, reply[8:32], reply[32:64], self._last_mac1)
        if cookie is None:
            return False
        self._cookie = cookie
        self._received = now
        self._last_mac1 = None
        return True
