# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
"""The control plane of one interface: handshakes with all of its peers.

Sans-IO: `Device` is told what happened and when, and drives an object with the methods of
`_wireguard.Netif` (endpoint, send, keypair, keys_clear, staged_drop, cookie_seed). `now` is
milliseconds of a clock that never wraps. A slot is the number under which the netif knows a peer.
"""

import struct

import _wireguard as _c
from micropython import const

from . import keys, noise, timers
from .peer import Peer

# What an observer hears, with the peer
_HANDSHAKE = const("handshake")  # a new session
_ENDPOINT = const("endpoint")  # the peer answers from somewhere else
_LOST = const("lost")  # given up until there is new traffic
RETRY = const("retry")  # an initiation stayed unanswered, another is about to go out


class Device:
    """
    identity     noise.Identity
    netif        where to send and where keypairs go
    timestamps   tai64n.Timestamps
    random       function(n) -> n random bytes, unpredictable
    observer     function(what, peer), called when the state is settled
    """

    def __init__(self, identity, netif, timestamps, random, observer=None):
        self.peers = {}  # by slot
        self.drops = {}  # handshake messages refused, by reason
        self._identity = identity
        self._netif = netif
        self._timestamps = timestamps
        self._random = random
        self._observer = observer
        self._by_public = {}
        self._by_index = {}  # receiver indices in use: sent in an initiation, or of a keypair
        seed = keys.draw(random)
        netif.cookie_seed(seed)
        _c.wipe(seed)

    # Peers

    def add_peer(self, slot, public_key, preshared_key=None):
        """ValueError for a public key that no peer can have."""
        peer = self.peers[slot] = Peer(slot, self._identity, public_key, preshared_key)
        self._by_public[public_key] = peer

    def remove_peer(self, slot):
        peer = self.peers.pop(slot)
        self._by_public.pop(peer.public_key, None)
        self._free(peer.forget_keys())
        peer.wipe()

    def close(self):
        """Wipe everything. The netif is left to its owner."""
        self._identity.wipe()
        for slot in list(self.peers):
            self.remove_peer(slot)

    # What happens

    def message(self, data, source, now):
        """A handshake or cookie message: right length, and mac1 valid where it has one.

        The data plane hands over no more of them than are to be answered.

        source   (host, port)
        """
        kind = data[0]
        if kind == noise.INITIATION:
            self._consume_initiation(data, source, now)
        elif kind == noise.RESPONSE:
            self._consume_response(data, source, now)
        else:
            self._consume_cookie_reply(data, now)

    def want_handshake(self, slot, now):
        """A packet or a timer of the data plane wants a (new) session."""
        peer = self.peers.get(slot)
        if peer and peer.timers.handshake_wanted(now):
            if peer.attempts:  # traffic was sooner than the retry timer with its jitter
                self._tell(RETRY, peer)
            self._initiate(peer, now)

    def session_confirmed(self, slot, now):
        """The first transport message for the keypair that we made as responder."""
        peer = self.peers.get(slot)
        if not peer:
            return
        peer.confirmed()
        self._forget_initiation(peer)
        self._complete(peer, now)

    def session_resumed(self, slot, index, age, now):
        """The netif goes on with a session from before a sleep, whose keys are `age` ms old."""
        peer = self.peers[slot]
        self._by_index[index] = peer
        self._free(peer.derived(index, True))
        peer.last_handshake = now - age
        peer.timers.session_derived(now - age)

    def endpoint_changed(self, slot):
        """The netif moved the endpoint to where an authenticated packet came from."""
        peer = self.peers.get(slot)
        if peer:
            self._tell(_ENDPOINT, peer)

    def tick(self, now):
        """Do what is due."""
        for peer in self.peers.values():
            what = peer.timers.due(now)
            if what == timers.ZERO:
                self._zero_keys(peer)
                what = peer.timers.due(now)
            if what == timers.GIVE_UP:
                self._give_up(peer, now)
            elif what == timers.RETRY:
                self._tell(RETRY, peer)
                self._initiate(peer, now)

    def next_deadline(self, now):
        """Milliseconds until `tick` has something to do, or None."""
        earliest = None
        for peer in self.peers.values():
            at = peer.timers.next()
            if at is not None and (earliest is None or at < earliest):
                earliest = at
        return None if earliest is None else max(0, earliest - now)

    # Initiator

    def _initiate(self, peer, now):
        if self._netif.endpoint(peer.slot) is None:
            peer.timers.handshake_postponed(now)
            return
        peer.attempts += 1
        jitter = _index(self._random(4), 0) % (timers.REKEY_TIMEOUT_JITTER_MS + 1)
        peer.timers.handshake_initiated(now, jitter)
        if not peer.has_unsent():
            self._make_initiation(peer)
        initiation = peer.initiation
        peer.stamper.stamp(initiation.message, now)
        if self._netif.send(peer.slot, initiation.message):
            initiation.message = None
        else:  # no network yet: nobody has seen it, and it costs nothing to try again soon
            peer.timers.handshake_unsent(now)

    def _make_initiation(self, peer):
        self._forget_initiation(peer)
        index = self._new_index()
        peer.initiation = noise.Initiation(
            self._identity,
            peer,
            index,
            self._timestamps.next(),
            keys.draw_private(self._random),
        )
        self._by_index[index] = peer

    def _consume_response(self, data, source, now):
        index = _index(data, 8)
        peer = self._by_index.get(index)
        if peer is None or peer.initiation is None or peer.initiation.index != index:
            self._drop("response_unexpected")
            return
        session = peer.initiation.consume(data)
        if session is None:
            self._drop("response_invalid")
            return
        self._forget_initiation(peer)
        self._install(peer, index, session, source, True, now)
        self._complete(peer, now)

    # Responder

    def _consume_initiation(self, data, source, now):
        reception = noise.Reception(self._identity, data)
        try:
            peer = self._by_public.get(reception.public_key)
            timestamp = reception.authenticate(peer) if peer else None
            if timestamp is None:
                self._drop("initiation_invalid")
            elif timestamp <= peer.last_timestamp:
                self._drop("initiation_replayed")
            elif peer.is_flooding(now):
                self._drop("initiation_flood")
            else:
                peer.last_timestamp = timestamp
                peer.last_accepted = now
                self._respond(peer, reception, source, now)
        finally:
            reception.wipe()

    def _respond(self, peer, reception, source, now):
        index = self._new_index()
        response = reception.respond(peer, index, keys.draw_private(self._random))
        if response is None:
            self._drop("initiation_invalid")
            return
        message, send_key, receive_key = response
        session = reception.remote_index, send_key, receive_key
        self._install(peer, index, session, source, False, now)
        peer.timers.handshake_responded(now)
        peer.stamper.stamp(message, now)
        self._netif.send(peer.slot, message)

    # Cookies

    def _consume_cookie_reply(self, data, now):
        """The receiver index is the one of our initiation, or of the response we sent last."""
        peer = self._by_index.get(_index(data, 4))
        if peer is None or not peer.stamper.consume(data, now):
            self._drop("cookie_reply_invalid")

    # Sessions

    def _install(self, peer, index, session, source, is_initiator, now):
        """Hand a session to the data plane. If that fails, nothing is left of it here."""
        remote_index, send_key, receive_key = session
        try:
            if self._netif.endpoint(peer.slot) != source:
                self._netif.endpoint(peer.slot, source)
                self._tell(_ENDPOINT, peer)
            self._netif.keypair(
                peer.slot, index, remote_index, send_key, receive_key, is_initiator
            )
        finally:
            _c.wipe(send_key)
            _c.wipe(receive_key)
        self._by_index[index] = peer
        self._free(peer.derived(index, is_initiator))
        peer.timers.session_derived(now)

    def _complete(self, peer, now):
        peer.timers.handshake_complete()
        peer.last_handshake = now
        peer.attempts = 0
        self._tell(_HANDSHAKE, peer)

    def _give_up(self, peer, now):
        self._forget_initiation(peer)
        self._netif.staged_drop(peer.slot)
        peer.timers.handshake_given_up(now)
        self._tell(_LOST, peer)

    def _zero_keys(self, peer):
        self._free(peer.forget_keys())
        self._netif.keys_clear(peer.slot)
        peer.timers.keys_zeroed()

    # Small things

    def _new_index(self):
        """A receiver index that is unpredictable and not in use."""
        while True:
            index = _index(self._random(4), 0)
            if index not in self._by_index:
                return index

    def _forget_initiation(self, peer):
        self._free((peer.forget_initiation(),))

    def _free(self, indices):
        for index in indices:
            self._by_index.pop(index, None)

    def _drop(self, reason):
        self.drops[reason] = self.drops.get(reason, 0) + 1

    def _tell(self, what, peer):
        if self._observer:
            self._observer(what, peer)


def _index(data, offset):
    return struct.unpack_from("<I", data, offset)[0]
