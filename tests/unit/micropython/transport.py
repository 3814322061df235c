# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
"""Transport messages as the other side of a session writes them."""

import struct

import _wireguard as c


class Sender:
    """Whose messages the netif opens that has this index and receiving key."""

    def __init__(self, receiver, key):
        self._receiver = receiver
        self._key = key
        self._counter = 0

    def seal(self, packet):
        """The next message (whitepaper, section 5.4.6)."""
        counter = struct.pack("<Q", self._counter)
        self._counter += 1
        header = struct.pack("<II", 4, self._receiver)
        return header + counter + c.seal(self._key, counter, packet, b"")
