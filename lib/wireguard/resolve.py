# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
"""Endpoints by name. `getaddrinfo` blocks, so it runs in a thread where there are threads."""

from micropython import const

from . import ip

_TRIES = const(2)  # initiations to one address before the next address has its turn


def addresses(host, port):
    """[(numeric host, port)] of a name, IPv4 first; empty if there is none now. Blocks."""
    import socket

    found = []
    for family in (socket.AF_INET, socket.AF_INET6):
        try:
            answers = socket.getaddrinfo(host, port, family, socket.SOCK_DGRAM)
        except OSError:
            continue
        for answer in answers:
            address = ip.format(ip.parse(answer[-1][0])), port
            if address not in found:
                found.append(address)
    return found


class Lookup:
    """One look-up in the background. `done` turns True, then `notify()` is called.

    `notify` runs in the thread. Without threads all of this happens in the constructor.
    """

    def __init__(self, host, port, notify, lookup=addresses):
        self.done = False
        self.addresses = []
        self._arguments = host, port
        self._lookup = lookup
        self._notify = notify
        try:
            import _thread

            _thread.start_new_thread(self._run, ())
        except (ImportError, OSError, RuntimeError, MemoryError):
            self._run()

    def _run(self):
        try:
            self.addresses = self._lookup(*self._arguments)
        finally:
            self.done = True
            self._notify()


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
        if not self.is_name or attempts % _TRIES:
            return None, False
        self._next += 1
        if self._next < len(self._candidates):
            return self._candidates[self._next], False
        self._next = 0
        return self.first(), True

    def resolve(self, notify):
        """Begin a look-up if none is under way."""
        if self.lookup is None:
            self.lookup = Lookup(self.host, self.port, notify)

    def resolved(self):
        """The first address of a look-up that has ended, once; None if it failed or still runs."""
        if self.lookup is None or not self.lookup.done:
            return None
        found = self.lookup.addresses
        self.lookup = None
        if not found:
            return None
        self._candidates = found
        self._next = 0
        return found[0]
