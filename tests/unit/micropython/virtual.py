# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
"""A virtual world: our own Devices on a lossy link, in virtual time.

`World` is the clock and the link. A `Node` is a Device over a model of the data plane in C: the
keypairs and the timers that packets drive, with a transport message being a tuple that carries
the key it is sealed with, so that both ends must have derived the same keys to understand each
other. Time passes from event to event, so that years take seconds.
"""

import struct

from wireguard import cookie, noise, tai64n
from wireguard.clock import Clock
from wireguard.device import Device

REKEY_AFTER, REJECT_AFTER, RECEIVE_REKEY = 120_000, 180_000, 165_000
KEEPALIVE, NEW_HANDSHAKE = 10_000, 15_000
TICKS_MASK = (1 << 30) - 1  # as on a chip


class Random:
    """Reproducible bytes (xorshift)."""

    def __init__(self, seed):
        self._state = seed * 0x9E3779B1 & 0xFFFFFFFF or 1

    def word(self):
        x = self._state
        x ^= x << 13 & 0xFFFFFFFF
        x ^= x >> 17
        x ^= x << 5 & 0xFFFFFFFF
        self._state = x
        return x

    def below(self, limit):
        return self.word() % limit

    def bytes(self, count):
        out = b""
        while len(out) < count:
            out += struct.pack("<I", self.word())
        return out[:count]


class World:
    """now: virtual milliseconds. loss, duplicate: percent of the messages. delay: ms one way."""

    def __init__(self, seed=1, loss=0, duplicate=0, delay=30, start=TICKS_MASK - 60_000):
        self.now = start
        self.random = Random(seed)
        self.loss, self.duplicate, self.delay = loss, duplicate, delay
        self.nodes = {}
        self.cut = False  # nothing gets through
        self.log = []  # (now, from, to, kind) of what was sent, of the kinds to record
        self.recording = ()
        self._due = []  # (when, number, function), sorted
        self._number = 0

    def at(self, when, function):
        """Call function() at a time."""
        self._number += 1
        item = (when, self._number, function)
        low, high = 0, len(self._due)
        while low < high:
            middle = (low + high) // 2
            if self._due[middle] < item:
                low = middle + 1
            else:
                high = middle
        self._due.insert(low, item)

    def send(self, source, target, message):
        kind = 4 if isinstance(message, tuple) else message[0]
        if kind in self.recording:
            self.log.append((self.now, source[0], target[0], kind))
        for _ in range(2 if self.random.below(100) < self.duplicate else 1):
            if self.cut or self.random.below(100) < self.loss:
                continue
            delay = self.delay + self.random.below(self.delay + 1)
            self.at(self.now + delay, lambda: self._deliver(source, target, message))

    def _deliver(self, source, target, message):
        node = self.nodes.get(target)
        if node:
            node.receive(message, source)

    def run(self, milliseconds):
        """Let time pass, doing all that is due on the way."""
        end = self.now + milliseconds
        while True:
            nodes = list(self.nodes.values())
            when = min([node.deadline() for node in nodes] + [end])
            if self._due and self._due[0][0] <= when:
                when, _, function = self._due.pop(0)
                self.now = max(self.now, when)
                function()
                continue
            self.now = max(self.now, when)
            if when >= end:
                return
            for node in nodes:
                if node.deadline() <= self.now:
                    node.wake()

    def sent(self, kind, since=0, source=None):
        """How many messages of a kind were recorded."""
        return len(
            [1 for t, s, _, k in self.log if k == kind and t >= since and source in (None, s)]
        )


class Keys:
    """A keypair of the data plane."""

    def __init__(self, now, local, remote, send_key, receive_key, is_initiator):
        self.born = now
        self.local, self.remote = local, remote
        self.send_key, self.receive_key = bytes(send_key), bytes(receive_key)
        self.is_initiator = is_initiator


class Link:
    """What the data plane knows of a peer."""

    def __init__(self):
        self.endpoint = None
        self.current = self.next = self.previous = None
        self.staged = []
        self.persistent = None
        self.persistent_at = self.keepalive_at = self.new_handshake_at = None
        self.lastminute = False
        self.received = []
        self.initiated_at = None

    def deadline(self):
        times = [self.persistent_at, self.keepalive_at, self.new_handshake_at]
        times = [t for t in times if t is not None]
        return min(times) if times else None


class Node:
    """A device on the world's link. `clock` counts as a chip does, and wraps."""

    def __init__(self, world, name, private_key, timestamps=None):
        self.world = world
        self.address = (name, 51820)
        self.links = {}
        self.heard = []  # what the observer was told
        self.keys_installed = 0
        self.is_online = True  # else there is no way to send anything
        world.nodes[self.address] = self
        self._clock = Clock(lambda: world.now & TICKS_MASK, TICKS_MASK)
        self.identity = noise.Identity(private_key)
        self._mac1_key = cookie.Stamper(self.identity.public_key)._mac1_key
        timestamps = timestamps or tai64n.Timestamps(clock=lambda: world.now * 1_000_000)
        self.device = Device(
            self.identity,
            self,
            timestamps,
            world.random.bytes,
            lambda what, peer: self.heard.append((what, peer.slot)),
        )

    def now(self):
        return self._clock.now()

    def add(self, slot, public_key, endpoint=None, preshared_key=None, persistent=None):
        link = self.links[slot] = Link()
        link.endpoint = endpoint
        link.persistent = persistent
        self.device.add_peer(slot, public_key, preshared_key)
        if persistent:
            link.persistent_at = self.world.now

    def deadline(self):
        """When this node has something to do, in the world's time."""
        times = [link.deadline() for link in self.links.values()]
        ahead = self.device.next_deadline(self.now())
        if ahead is not None:
            times.append(self.world.now + ahead)
        times = [t for t in times if t is not None]
        return min(times) if times else self.world.now + 3_600_000

    def wake(self):
        now = self.world.now
        for slot, link in self.links.items():
            if link.new_handshake_at is not None and now >= link.new_handshake_at:
                link.new_handshake_at = None
                self._want(slot)
            if link.keepalive_at is not None and now >= link.keepalive_at:
                link.keepalive_at = None
                self._transmit(slot, b"")
            if link.persistent_at is not None and now >= link.persistent_at:
                link.persistent_at = now + link.persistent
                self._transmit(slot, b"")
        self.device.tick(self.now())

    # The program on the device

    def write(self, slot, data):
        """An inner packet for a peer."""
        link = self.links[slot]
        if not self._alive(link.current):
            link.staged = link.staged[-7:] + [data]
        self._transmit(slot, data)

    def session(self, slot):
        return self._alive(self.links[slot].current)

    # What Device drives

    def endpoint(self, slot, *address):
        if address:
            self.links[slot].endpoint = address[0]
        return self.links[slot].endpoint

    def send(self, target, message):
        if isinstance(target, int):
            if message[0] == noise.INITIATION and self.is_online:
                self._check_interval(self.links[target])
            target = self.links[target].endpoint
        if target is None or not self.is_online:
            return False
        self.world.send(self.address, target, bytes(message))
        return True

    def keypair(self, slot, local, remote, send_key, receive_key, is_initiator):
        link = self.links[slot]
        keys = Keys(self.world.now, local, remote, send_key, receive_key, is_initiator)
        self.keys_installed += 1
        if not is_initiator:
            link.next = keys
            link.previous = None
            return
        if link.next:
            link.previous, link.next = link.next, None
        else:
            link.previous = link.current
        link.current = keys
        link.lastminute = False
        self._release(slot, link)

    def keys_clear(self, slot):
        link = self.links[slot]
        link.current = link.next = link.previous = None

    def cookie_seed(self, seed):
        pass  # there is no flood below this data plane

    def staged_drop(self, slot):
        self.links[slot].staged = []

    # The data plane

    def receive(self, message, source):
        if isinstance(message, tuple):
            self._receive_transport(message, source)
            return
        if message[0] != noise.COOKIE_REPLY:
            mac1 = cookie._c.mac(self._mac1_key, memoryview(message)[:-32])
            if mac1 != message[-32:-16]:
                return
        self.device.message(message, source, self.now())

    def _receive_transport(self, message, source):
        index, key, data = message
        for slot, link in self.links.items():
            for keys in (link.current, link.next, link.previous):
                if keys is None or keys.local != index or not self._alive(keys):
                    continue
                assert keys.receive_key == key, "the two ends have different keys"
                link.endpoint = source
                self._authenticated(slot, link, keys, data)
                return

    def _authenticated(self, slot, link, keys, data):
        now = self.world.now
        if keys is link.next:
            link.previous, link.current, link.next = link.current, keys, None
            link.lastminute = False
            self.device.session_confirmed(slot, self.now())
            self._release(slot, link)
        link.new_handshake_at = None
        if link.persistent:
            link.persistent_at = now + link.persistent
        if data:
            link.received.append(data)
            if link.keepalive_at is None:
                link.keepalive_at = now + KEEPALIVE
        keys = link.current
        old = keys and now - keys.born >= RECEIVE_REKEY
        if old and keys.is_initiator and not link.lastminute:
            link.lastminute = True
            self._want(slot)

    def _release(self, slot, link):
        staged, link.staged = link.staged, []
        for data in staged or [b""]:
            self._transmit(slot, data)

    def _transmit(self, slot, data):
        link = self.links[slot]
        keys, now = link.current, self.world.now
        if not self._alive(keys):
            self._want(slot)
            return
        self.world.send(self.address, link.endpoint, (keys.remote, keys.send_key, data))
        link.keepalive_at = None
        if link.persistent:
            link.persistent_at = now + link.persistent
        if data and link.new_handshake_at is None:
            link.new_handshake_at = now + NEW_HANDSHAKE
        if keys.is_initiator and now - keys.born >= REKEY_AFTER:
            self._want(slot)

    def _alive(self, keys):
        return keys is not None and self.world.now - keys.born < REJECT_AFTER

    def _want(self, slot):
        self.device.want_handshake(slot, self.now())

    def _check_interval(self, link):
        now = self.world.now
        if link.initiated_at is not None:
            assert now - link.initiated_at >= 5000, "initiations closer than REKEY_TIMEOUT"
        link.initiated_at = now


def pair(world, **keywords):
    """Two nodes that know each other, the first also where the second is."""
    from wireguard import keys

    a = Node(world, "192.0.2.1", keys.generate())
    b = Node(world, "192.0.2.2", keys.generate())
    psk = bytes(range(32))
    a.add(0, b.identity.public_key, b.address, psk, **keywords)
    b.add(0, a.identity.public_key, None, psk)
    return a, b


class CheapCurve:
    """In place of `_wireguard` where years of handshakes are about timers, not about curves.

    A public key is a hash of the private one; the secret of two keys is a hash of both publics.
    """

    def __init__(self, crypto):
        self._crypto = crypto

    def __getattr__(self, name):
        return getattr(self._crypto, name)

    def x25519_base(self, out, private):
        self._crypto.hash(out, private)

    def x25519(self, out, private, public):
        mine = bytearray(32)
        self._crypto.hash(mine, private)
        self._crypto.hash(out, bytes([a ^ b for a, b in zip(mine, public)]))
        return True
