# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
"""The endpoint of a configured peer: which of its addresses is tried next."""

from micropython import const

from . import ip

_TRIES = const(2)  # initiations to one address before the next address has its turn


class Endpoint:
    """Where a configured peer may be reached, and what to try next when it does not answer.

    A literal address is tried for ever: only the peer itself moves it, by roaming. A name has
    all of its addresses tried in turn and is then looked up anew.
    """

    def __init__(self, host, port):
        self.host = host
        self.port = port
        self.is_name = not ip.is_address(host)
        self.lookup = None  # under way
        self._candidates = [] if self.is_name else [(host, port)]
        self._next = 0

    def first(self):
        """The address to begin with, or None: look the name up."""
        return self._candidates[0] if self._candidates else None

    def unanswered(self, attempts):
        """(next address to try or None to stay, whether to look the name up)."""
        if not self.is_name:
            return None, False
        is_last = max(self._next, 0) + 1 >= len(self._candidates)
        if attempts % _TRIES:
            return None, is_last  # by the next time there may be others
        self._next = 0 if is_last else self._next + 1
        if not self._candidates:
            return None, True
        return self._candidates[self._next], False

    def resolve(self, ask, random, notify):
        """Begin a look-up if none is under way. For the arguments see the look-ups."""
        if self.lookup is not None:
            return
        from .resolve import LocalLookup, Lookup  # only now: literal addresses never load it

        if self.host.lower().rstrip(".").endswith(".local"):
            self.lookup = LocalLookup(self.host, self.port, notify)
        else:
            self.lookup = Lookup(self.host, self.port, ask, random)

    def resolved(self):
        """The first address of a look-up that has ended, once; None if it failed or still runs."""
        if self.lookup is None or not self.lookup.done:
            return None
        found = self.lookup.addresses
        self.lookup = None
        if not found:
            return None
        # Asked for anew, they have their turn from the next time on.
        self._next = -1 if self._candidates else 0
        self._candidates = found
        return found[0]
