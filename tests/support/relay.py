# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors

"""A bad network: a UDP relay on loopback between the device and a gateway.

It can drop, duplicate, reorder, delay and corrupt datagrams, each with a probability and all from
one seed, rebind its source port as a NAT does that lost its mapping, go silent, and inject.
"""

import heapq
import itertools
import random
import select
import threading
import time

from .namespace import udp_socket

UP, DOWN = "up", "down"  # from the device to the gateway, and back


class Relay:
    """Listens on `port`, forwards to the gateway at `target`.

    Settings may change while it runs: drop, duplicate, corrupt, reorder (probabilities),
    delay (seconds), blocked (nothing passes), filter (a function (direction, datagram) -> list of
    datagrams to pass on in its place).
    """

    def __init__(self, target, seed=1, make_socket=udp_socket, **settings):
        self._make_socket = make_socket
        self._listener = self._make_socket("127.0.0.1", 0)
        self._upstream = self._make_socket("127.0.0.1", 0)
        self.port = self._listener.getsockname()[1]
        self.target = target
        self.drop = self.duplicate = self.corrupt = self.reorder = 0.0
        self.delay = 0.0
        self.blocked = False
        self.filter = None
        self.client = None
        self.passed = []  # (direction, datagram) as received from either side
        for name, value in settings.items():
            if not hasattr(self, name):
                raise TypeError(f"a relay has no {name}")
            setattr(self, name, value)
        self._random = random.Random(seed)
        self._queue, self._order = [], itertools.count()
        self._lock = threading.Lock()
        self._closing = False
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        self.close()

    def close(self):
        self._closing = True
        self._thread.join(5)
        self._listener.close()
        self._upstream.close()

    def rebind(self) -> int:
        """Speak to the gateway from another port from now on. Returns the new port."""
        with self._lock:
            old, self._upstream = self._upstream, self._make_socket("127.0.0.1", 0)
        old.close()
        return self._upstream.getsockname()[1]

    def move(self) -> int:
        """Be at another port for the device: the gateway has moved. Returns the new port.

        What the device sends to the old one is lost until it has heard from the new one.
        """
        with self._lock:
            old, self._listener = self._listener, self._make_socket("127.0.0.1", 0)
            self.port = self._listener.getsockname()[1]
        old.close()
        return self.port

    def inject(self, direction, datagram: bytes):
        """Send a datagram to the gateway (UP) or to the device (DOWN), past all settings."""
        with self._lock:
            self._send(direction, datagram)

    def count(self, direction, kind: int) -> int:
        """How many WireGuard messages of a type have come in from that side."""
        start = kind.to_bytes(4, "little")
        return sum(d == direction and m[:4] == start for d, m in list(self.passed))

    def _run(self):
        while not self._closing:
            with self._lock:
                sockets = {self._listener: UP, self._upstream: DOWN}
                due = self._queue[0][0] - time.monotonic() if self._queue else 1
            try:
                ready, _, _ = select.select(list(sockets), [], [], min(max(0, due), 0.05))
            except (OSError, ValueError):  # rebound while waiting
                continue
            with self._lock:
                for s in ready:
                    self._read(s, sockets[s])
                while self._queue and self._queue[0][0] <= time.monotonic():
                    self._send(*heapq.heappop(self._queue)[2:])

    def _read(self, s, direction):
        try:
            datagram, source = s.recvfrom(65536)
        except OSError:
            return
        if direction == UP:
            self.client = source
        self.passed.append((direction, datagram))
        if self.blocked:
            return
        for message in self.filter(direction, datagram) if self.filter else [datagram]:
            self._pass(direction, message)

    def _pass(self, direction, datagram):
        chance = self._random.random
        if chance() < self.drop:
            return
        if chance() < self.corrupt:
            at = self._random.randrange(len(datagram))
            flipped = datagram[at] ^ (1 << self._random.randrange(8))
            datagram = datagram[:at] + bytes([flipped]) + datagram[at + 1 :]
        for _ in range(2 if chance() < self.duplicate else 1):
            late = self._random.uniform(0.001, 0.02) if chance() < self.reorder else 0
            due = time.monotonic() + self.delay + late
            heapq.heappush(self._queue, (due, next(self._order), direction, datagram))

    def _send(self, direction, datagram):
        try:
            if direction == UP:
                self._upstream.sendto(datagram, self.target)
            elif self.client:
                self._listener.sendto(datagram, self.client)
        except OSError:
            pass  # nobody listens there at the moment: the network loses it
