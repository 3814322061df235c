# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
"""What the control plane knows of one peer."""

import _wireguard as _c
from micropython import const

from .cookie import Stamper
from .timers import Timers

_NO_KEY = bytes(32)
_INITIATION_INTERVAL_MS = const(20)  # at most 50 initiations a second of one peer


class Peer:
    """State of one peer; `device` moves it.

    `indices` mirrors which receiver indices the data plane answers to, so that a new one is
    never one that is in use: current, next and previous keypair, moved as the kernel moves them.
    """

    def __init__(self, slot, identity, public_key, preshared_key=None):
        self.slot = slot
        self.public_key = public_key
        self.static_shared = identity.shared_with(public_key)
        self.preshared_key = bytearray(preshared_key or _NO_KEY)
        self.stamper = Stamper(public_key)
        self.timers = Timers()
        self.initiation = None  # unanswered; its `message` is None once it is sent
        self.last_timestamp = b""  # of the initiations accepted from this peer
        self.last_accepted = None  # when
        self.last_handshake = None  # when a session was confirmed last
        self.attempts = 0  # initiations since the last session
        self._current = self._next = self._previous = None

    def set_preshared_key(self, preshared_key):
        self.preshared_key[:] = preshared_key or _NO_KEY

    def is_flooding(self, now):
        """Whether the last initiation was accepted a moment ago."""
        return (
            self.last_accepted is not None and now - self.last_accepted < _INITIATION_INTERVAL_MS
        )

    def derived(self, index, is_initiator):
        """A keypair was installed; the indices that are free again, or None."""
        if is_initiator:
            freed = [self._previous]
            if self._next is not None:
                freed.append(self._current)
                self._previous = self._next
                self._next = None
            else:
                self._previous = self._current
            self._current = index
        else:
            freed = [self._next, self._previous]
            self._next = index
            self._previous = None
        return freed

    def confirmed(self):
        """The next keypair became the current one. (Beside a next there is no previous.)"""
        if self._next is not None:
            self._previous = self._current
            self._current = self._next
            self._next = None

    def forget_keys(self):
        """All keypairs and the handshake under way are gone; the same."""
        freed = [self._current, self._next, self._previous, self.forget_initiation()]
        self._current = self._next = self._previous = None
        return freed

    def has_unsent(self):
        """Whether an initiation waits that could not be sent."""
        return self.initiation is not None and self.initiation.message is not None

    def forget_initiation(self):
        """Wipe the handshake under way; its index, or None."""
        initiation = self.initiation
        if initiation is None:
            return None
        self.initiation = None
        initiation.wipe()
        return initiation.index

    def wipe(self):
        _c.wipe(self.static_shared)
        _c.wipe(self.preshared_key)
