# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
"""Look-ups of names: which addresses there are.

Names are asked of the network's own name servers, beside the tunnel, with questions of our own:
lwIP's resolver has one set of servers for all, and those are the tunnel's while it is up.
"""

import struct

from micropython import const

from . import dns, ip

_SERVERS = const(3)  # as many as lwIP has at most
# For an answer of each server, in each round. One server has had its turns before the handshake is
# tried again, and with it a look-up that has failed.
_WAITS_MS = (1_000, 1_500, 2_000)


def addresses(host, port):
    """[(numeric host, port)] of a name by the system's resolver, IPv4 first. Blocks."""
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
    """One look-up: both kinds of addresses of one server after the other, until one answers.

    ask      function(number of a server, question) -> False if that cannot be asked
    random   function(n) -> n random bytes
    """

    def __init__(self, host, port, ask, random):
        self.done = False
        self.next_at = None  # when `tick` has something to do; None: now
        self._port = port
        self._ask = ask
        self._found = {dns.A: [], dns.AAAA: []}
        self._pending = []
        self._server = self._round = 0
        self._sent = False  # anything, in this round
        try:
            for kind in (dns.A, dns.AAAA):
                number = struct.unpack(">H", random(2))[0]
                self._pending.append((kind, dns.question(number, host, kind)))
        except ValueError:
            self.done = True

    @property
    def addresses(self):
        """[(numeric host, port)], IPv4 first."""
        found = self._found[dns.A] + self._found[dns.AAAA]
        return [(address, self._port) for address in found]

    def tick(self, now):
        """Ask the next server when it is time."""
        if self.done or (self.next_at is not None and now < self.next_at):
            return
        if self.addresses:  # of one kind; nobody waits longer for the other
            self.done = True
        while not self.done and not self._ask_next(now):
            pass

    def consume(self, message, now):
        """A message from a name server, whatever it is."""
        for kind, asked in self._pending:
            try:
                found = dns.answer(message, asked)
            except ValueError:
                continue
            if found is None:
                self.next_at = now  # the next server may know
                self.tick(now)
                return
            self._found[kind] = found
            self._pending.remove((kind, asked))
            self.done = not self._pending
            return

    def _ask_next(self, now):
        """False: that server is none; go on with the next."""
        if self._round == len(_WAITS_MS):
            self.done = True
            return False
        sent = any([self._ask(self._server, asked) for _, asked in self._pending])
        self._sent = self._sent or sent
        self._server += 1
        ends = self._server == _SERVERS
        waits = sent or (ends and not self._sent)  # also for a network that is not there yet
        if waits:
            self.next_at = now + _WAITS_MS[self._round]
        if ends:
            self._server = 0
            self._round += 1
            self._sent = False
        return waits


class LocalLookup:
    """A look-up by the system's resolver: of names in .local, which multicast DNS knows.

    `getaddrinfo` blocks, so it runs in a thread where there are threads. `done` turns True, then
    `notify()` is called, in the thread. Without threads all of this happens in the constructor.
    """

    next_at = None

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

    def tick(self, now):
        pass

    def consume(self, message, now):
        pass
