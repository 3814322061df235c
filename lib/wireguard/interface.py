# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
"""An open interface: the control plane (Device) on the data plane (`_wireguard.Netif`).

The data plane runs in C on lwIP's thread. It has `work` called through the scheduler when the
control plane has something to do, also while the program sleeps, waits for a socket or runs an
asyncio loop. Everything here runs with the handler's guard held.
"""

from binascii import hexlify

import _wireguard as _c
from micropython import const

from . import device as _device
from . import keys, tai64n
from .clock import Clock
from .endpoint import Endpoint
from .entropy import random
from .fields import fault
from .noise import Identity
from .timers import REJECT_AFTER_TIME_MS

_BATCH = const(8)  # events handled before the program has its turn again
_AGAIN_MS = const(50)
_LONGEST_WAKE_MS = const(3_600_000)  # the clock wants to be read before the ticks wrap
_LOOKUP_POLL_MS = const(1_000)
_REBIND_AFTER = const(3)  # handshakes without an answer: a NAT may hold a dead mapping of our port

_timestamps = {}  # by identity: labels must go on where the last tunnel of this boot stopped


class Interface:
    """
    config   a Config
    handler  the Handler that calls `work`
    log      where events go
    """

    def __init__(self, config, handler, log):
        self.config = config
        self.clock = Clock()
        self.endpoints = {}  # by slot, of peers that have one configured
        self._looks_up = False
        self._handler = handler
        self._log = log
        identity = Identity(config.private_key)
        self.public_key = identity.public_key
        try:
            self.netif = _c.Netif(identity.public_key, handler.call)
            self.device = _device.Device(
                identity, self.netif, _timestamps_of(identity), random, self._observe
            )
        except BaseException:
            identity.wipe()
            raise

    def open(self):
        """Open, and begin a handshake with every peer that has an endpoint.

        OSError if the system refuses; ConfigError if a peer's public key is no key of a peer.
        Then, or interrupted, it is the caller's to close.
        """
        config = self.config
        self.netif.open(config.addresses, config.mtu or 0, config.listen_port)
        self.netif.dns(config.dns)
        for i, peer in enumerate(config.peers):
            self._add_peer(peer, i)
        self.netif.resume()  # a suspended session of another tunnel ends here
        self._arm(self.clock.now())

    def close(self):
        """Close the netif and wipe all keys."""
        self.netif.close()
        self.device.close()

    def suspend(self):
        """Put the first session there is aside, for the next Interface. True if there is one."""
        for slot, peer in self.device.peers.items():
            if self.netif.suspend(slot, self._session_id(peer)):
                return True
        return False

    def _session_id(self, peer):
        """Whose session it is, ours and theirs: 32 bytes."""
        out = bytearray(32)
        _c.hash(out, self.public_key, peer.public_key)
        return out

    def work_soon(self):
        """Have the handler called although nothing has happened: its work was broken off."""
        self.netif.wake(_AGAIN_MS)

    def has_session(self, slot):
        session = self.netif.session(slot)
        return session is not None and session[0] < REJECT_AFTER_TIME_MS

    def is_connected(self):
        """True if there is a session with at least one peer."""
        for slot in self.device.peers:
            if self.has_session(slot):
                return True
        return False

    def keep_trying(self):
        """A program waits for a session: take that for traffic if an attempt was given up."""
        for slot, peer in self.device.peers.items():
            if peer.timers.retry_at is None and slot in self.endpoints:
                now = self.clock.now()
                self.device.want_handshake(slot, now)
                self._arm(now)

    # Peers

    def sync(self, new):
        """Change to the peers of `new`, whose interface section is the same.

        Peers that stay keep their session.
        """
        before = {peer.public_key: peer for peer in self.config.peers}
        self.config = new
        slots = {peer.public_key: slot for slot, peer in self.device.peers.items()}
        kept = [peer.public_key for peer in new.peers]
        for public_key, slot in slots.items():
            if public_key not in kept:
                self._remove_peer(slot)
        for i, peer in enumerate(new.peers):
            if peer.public_key in slots:
                self._change_peer(slots[peer.public_key], before[peer.public_key], peer)
            else:
                self._add_peer(peer, i)
        self._arm(self.clock.now())

    def _add_peer(self, peer, position):
        slot = self.netif.peer_add()
        try:
            self.device.add_peer(slot, peer.public_key, peer.preshared_key)
        except ValueError as error:
            self.netif.peer_remove(slot)
            raise fault("peers[{}].public_key".format(position), error) from None
        self.netif.allowed_ips(slot, peer.allowed_ips)
        resumed = self._resume(slot, peer)
        self._set_endpoint(slot, peer.endpoint, resumed)
        self.netif.keepalive(slot, peer.persistent_keepalive)
        if peer.endpoint and not resumed:
            self.device.want_handshake(slot, self.clock.now())

    def _resume(self, slot, peer):
        """Go on with the session that was suspended, if it was this peer's."""
        session = self.netif.resume(slot, self._session_id(peer))
        if session is None:
            return False
        self.device.session_resumed(slot, session[0], session[1], self.clock.now())
        return True

    def _remove_peer(self, slot):
        self.endpoints.pop(slot, None)
        self.device.remove_peer(slot)
        self.netif.peer_remove(slot)

    def _change_peer(self, slot, old, new):
        if new.preshared_key != old.preshared_key:
            self.device.peers[slot].set_preshared_key(new.preshared_key)
        if new.allowed_ips != old.allowed_ips:
            self.netif.allowed_ips(slot, new.allowed_ips)
        if new.endpoint != old.endpoint:
            self._set_endpoint(slot, new.endpoint)
        if new.persistent_keepalive != old.persistent_keepalive:
            self.netif.keepalive(slot, new.persistent_keepalive)

    def _set_endpoint(self, slot, endpoint, is_known=False):
        self.endpoints.pop(slot, None)
        if endpoint is None:
            return
        endpoint = self.endpoints[slot] = Endpoint(*endpoint)
        if is_known:
            return
        address = endpoint.first()
        if address is None:
            self._resolve(endpoint)
        else:
            self.netif.endpoint(slot, address)

    # What happens

    def work(self):
        """Handle what is pending, do what is due."""
        while self._batch() and not self._handler.call_again():
            pass
        self._handler.attempt(self._go_on_with_lookups, self.clock.now())
        self._handler.attempt(self.device.tick, self.clock.now())
        self._arm(self.clock.now())

    def _batch(self):
        """Handle some events. True if there may be more."""
        for _ in range(_BATCH):
            event = self.netif.event()
            if event is None:
                return False
            self._handler.attempt(self._event, event)
        return True

    def _event(self, event):
        kind = event[0]
        now = self.clock.now()
        if kind == _c.EVENT_MESSAGE:
            self.device.message(event[1], event[2], now)
        elif kind == _c.EVENT_HANDSHAKE:
            self.device.want_handshake(event[1], now)
        elif kind == _c.EVENT_SESSION:
            self.device.session_confirmed(event[1], now)
        elif kind == _c.EVENT_ENDPOINT:
            self.device.endpoint_changed(event[1])
        elif kind == _c.EVENT_ANSWER:
            self._answered(now)

    def _arm(self, now):
        """Have the data plane call when the next thing is due."""
        ms = self.device.next_deadline(now)
        ms = _LONGEST_WAKE_MS if ms is None else min(max(ms, 1), _LONGEST_WAKE_MS)
        for lookup in self._lookups():
            ms = min(
                ms, _LOOKUP_POLL_MS if lookup.next_at is None else max(1, lookup.next_at - now)
            )
        self.netif.wake(ms)

    def _observe(self, what, peer):
        if what == _device.RETRY:
            self._unanswered(peer)
            return
        self._log.append((what, keys.encode(peer.public_key)))

    # Endpoints by name

    def _unanswered(self, peer):
        endpoint = self.endpoints.get(peer.slot)
        if endpoint is None:
            return
        address, look_up = endpoint.unanswered(peer.attempts)
        if address:
            self.netif.endpoint(peer.slot, address)
        stuck = peer.attempts and peer.attempts % _REBIND_AFTER == 0 and not peer.has_unsent()
        if stuck and not self.config.listen_port:
            self._handler.attempt(self.netif.rebind, 0)
        if look_up:
            self._resolve(endpoint)

    def _resolve(self, endpoint):
        endpoint.resolve(self.netif.ask, random, self._handler.call_again)
        self._looks_up = True
        endpoint.lookup.tick(self.clock.now())

    def _lookups(self):
        return [e.lookup for e in self.endpoints.values() if e.lookup]

    def _answered(self, now):
        """A name server has sent something."""
        while True:
            message = self.netif.answer()
            if message is None:
                return
            for lookup in self._lookups():
                lookup.consume(message, now)

    def _go_on_with_lookups(self, now):
        if not self._looks_up:
            return
        for lookup in self._lookups():
            lookup.tick(now)
        self._finish_lookups(now)
        if not self._lookups():
            self._looks_up = False
            self.netif.ask(None, None)

    def _finish_lookups(self, now):
        for slot, endpoint in self.endpoints.items():
            address = endpoint.resolved()
            if address is None:
                continue
            known = self.netif.endpoint(slot) is not None
            if known and self.has_session(slot):
                continue  # it has answered in the meantime, from wherever it is
            self.netif.endpoint(slot, address)
            if not known:
                self.device.want_handshake(slot, now)


def _timestamps_of(identity):
    name = "wg-" + hexlify(identity.public_key[:4]).decode()
    if name not in _timestamps:
        _timestamps[name] = tai64n.Timestamps(tai64n.open_store(name))
    return _timestamps[name]
