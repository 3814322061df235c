# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
"""Noise_IKpsk2, both ends (whitepaper, sections 5.4.2, 5.4.3 and 5.4.5).

Bytes in, bytes out: no socket, no clock, no random generator. Messages made here have room for
mac1 and mac2 at the end, which `cookie` fills in. Secrets live in bytearrays that are wiped as
soon as they have served.

A remote peer is any object with `public_key` (32 bytes), `static_shared` (DH of the two static
keys, computed once a peer) and `preshared_key` (32 bytes, zeros without one).
"""

import struct

import _wireguard as _c
from micropython import const

INITIATION = const(1)
RESPONSE = const(2)
COOKIE_REPLY = const(3)

_MACS = bytes(32)
_NONCE = bytes(8)  # each key seals one text

_CHAIN = bytearray(32)
_c.hash(_CHAIN, b"Noise_IKpsk2_25519_ChaChaPoly_BLAKE2s")
_HASH = bytearray(32)
_c.hash(_HASH, _CHAIN, b"WireGuard v1 zx2c4 Jason@zx2c4.com")


class Identity:
    """The interface's own static key pair. The private key is copied, to be wiped at the end."""

    def __init__(self, private_key):
        self.private_key = bytearray(private_key)
        public_key = bytearray(32)
        _c.x25519_base(public_key, self.private_key)
        self.public_key = bytes(public_key)

    def shared_with(self, public_key):
        """DH with a peer's static key, a bytearray. ValueError for a key that no peer can have."""
        if public_key == self.public_key:
            raise ValueError("is this interface's own; give the other side's public key")
        shared = bytearray(32)
        if not _c.x25519(shared, self.private_key, public_key):
            raise ValueError("is a low-order point, nobody's key")
        return shared

    def wipe(self):
        _c.wipe(self.private_key)


class _State:
    """Chaining key, hash and message key of a handshake under way."""

    def __init__(self, responder_public):
        self.chain = bytearray(_CHAIN)
        self.hash = bytearray(32)
        self.key = bytearray(32)
        _c.hash(self.hash, _HASH, responder_public)

    def copy(self):
        other = _State(b"")
        other.chain[:] = self.chain
        other.hash[:] = self.hash
        return other

    def mix_ephemeral(self, public):
        _c.kdf(self.chain, public, self.chain)
        _c.hash(self.hash, self.hash, public)

    def mix_key(self, secret):
        """Chain on, with a message key for the next `seal` or `open`."""
        _c.kdf(self.chain, secret, self.chain, self.key)

    def mix_dh(self, private, public, *key):
        """Chain on with what the two share; `key` is to be the message key. False: low order."""
        shared = bytearray(32)
        try:
            if not _c.x25519(shared, private, public):
                return False
            _c.kdf(self.chain, shared, self.chain, *key)
        finally:
            _c.wipe(shared)
        return True

    def mix_preshared_key(self, preshared_key):
        tau = bytearray(32)
        _c.kdf(self.chain, preshared_key, self.chain, tau, self.key)
        _c.hash(self.hash, self.hash, tau)
        _c.wipe(tau)

    def seal(self, plaintext):
        sealed = _c.seal(self.key, _NONCE, plaintext, self.hash)
        _c.hash(self.hash, self.hash, sealed)
        return sealed

    def open(self, sealed):
        """Plaintext, or None if it is not authentic."""
        plaintext = _c.open(self.key, _NONCE, sealed, self.hash)
        _c.hash(self.hash, self.hash, sealed)
        return plaintext

    def split(self):
        """The two transport keys: from initiator to responder, and back."""
        forth = bytearray(32)
        back = bytearray(32)
        _c.kdf(self.chain, b"", forth, back)
        return forth, back

    def wipe(self):
        _c.wipe(self.chain)
        _c.wipe(self.hash)
        _c.wipe(self.key)


class Initiation:
    """Our side of a handshake that we begin: `message` is the first one, `consume` its answer.

    ephemeral   bytearray of a clamped private key; taken over and wiped
    timestamp   TAI64N label, 12 bytes
    Raises ValueError if the peer's public key is a low-order point.
    """

    def __init__(self, identity, remote, index, timestamp, ephemeral):
        self.index = index
        self._identity = identity
        self._remote = remote
        self._ephemeral = ephemeral
        self._state = _State(remote.public_key)
        try:
            self.message = self._begin(identity, remote, timestamp)
        except BaseException:
            self.wipe()
            raise

    def _begin(self, identity, remote, timestamp):
        state = self._state
        public = bytearray(32)
        _c.x25519_base(public, self._ephemeral)
        state.mix_ephemeral(public)
        if not state.mix_dh(self._ephemeral, remote.public_key, state.key):
            raise ValueError("low-order public key")
        static = state.seal(identity.public_key)
        state.mix_key(remote.static_shared)
        stamp = state.seal(timestamp)
        header = struct.pack("<II", INITIATION, self.index)
        return bytearray(header + public + static + stamp + _MACS)

    def consume(self, message):
        """(remote index, send key, receive key) for an authentic response, else None.

        A response that is not authentic changes nothing: the real one may still come.
        """
        state = self._state.copy()
        public = message[12:44]
        try:
            state.mix_ephemeral(public)
            if not state.mix_dh(self._ephemeral, public):
                return None
            if not state.mix_dh(self._identity.private_key, public):
                return None
            state.mix_preshared_key(self._remote.preshared_key)
            if state.open(message[44:60]) is None:
                return None
            send_key, receive_key = state.split()
            return struct.unpack_from("<I", message, 4)[0], send_key, receive_key
        finally:
            state.wipe()

    def wipe(self):
        _c.wipe(self._ephemeral)
        self._state.wipe()


class Reception:
    """Our side of a handshake that a peer begins. In this order:

    reception = Reception(identity, message)
    reception.public_key                       who says to be calling; None: no valid message
    reception.authenticate(remote)             its timestamp if it is that peer, else None
    reception.respond(remote, index, ephemeral)
    reception.wipe()                           always
    """

    def __init__(self, identity, message):
        self.remote_index = struct.unpack_from("<I", message, 4)[0]
        self.public_key = None
        self._message = message
        self._remote_ephemeral = public = message[8:40]
        self._state = state = _State(identity.public_key)
        try:
            state.mix_ephemeral(public)
            if state.mix_dh(identity.private_key, public, state.key):
                self.public_key = state.open(message[40:88])
        except BaseException:
            self.wipe()
            raise

    def authenticate(self, remote):
        self._state.mix_key(remote.static_shared)
        return self._state.open(self._message[88:116])

    def respond(self, remote, index, ephemeral):
        """(response message, send key, receive key), or None for a low-order point.

        `ephemeral` is the bytearray of a clamped private key; taken over and wiped.
        """
        state = self._state
        public = bytearray(32)
        try:
            _c.x25519_base(public, ephemeral)
            state.mix_ephemeral(public)
            if not state.mix_dh(ephemeral, self._remote_ephemeral):
                return None
            if not state.mix_dh(ephemeral, remote.public_key):
                return None
        finally:
            _c.wipe(ephemeral)
        state.mix_preshared_key(remote.preshared_key)
        empty = state.seal(b"")
        header = struct.pack("<III", RESPONSE, index, self.remote_index)
        receive_key, send_key = state.split()
        return bytearray(header + public + empty + _MACS), send_key, receive_key

    def wipe(self):
        self._state.wipe()
