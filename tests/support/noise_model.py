# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
"""An independent WireGuard peer on the host, straight from the whitepaper.

It shares no line with `lib/wireguard`: X25519 and ChaCha20-Poly1305 come from `cryptography`,
BLAKE2s and HMAC from the standard library, HChaCha20 is written out below. It judges the
device's handshake in the unit tests and serves the end-to-end tests as a peer that can
misbehave on purpose. It does no input or output: bytes go in, bytes come out.

    peer = NoisePeer(private_key, remote_public_key, preshared_key)
    message = peer.create_initiation()          # as initiator
    session = peer.consume_response(answer)
    timestamp = peer.consume_initiation(data)   # as responder
    answer, session = peer.create_response()
    datagram = session.seal(packet)
    packet = session.open(datagram)
"""

import hashlib
import hmac
import os
import struct
import time
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

CONSTRUCTION = b"Noise_IKpsk2_25519_ChaChaPoly_BLAKE2s"
IDENTIFIER = b"WireGuard v1 zx2c4 Jason@zx2c4.com"
LABEL_MAC1 = b"mac1----"
LABEL_COOKIE = b"cookie--"

INITIATION, RESPONSE, COOKIE_REPLY, TRANSPORT = 1, 2, 3, 4
INITIATION_SIZE, RESPONSE_SIZE, COOKIE_REPLY_SIZE = 148, 92, 64
TRANSPORT_HEADER_SIZE, TAG_SIZE = 16, 16
TAI64_BASE = 2**62 + 10

EMPTY = b""
NO_PSK = bytes(32)


class ProtocolError(Exception):
    """A message that this peer must not accept."""


# Primitives, named as in section 5.4 of the whitepaper


def HASH(*parts):
    return hashlib.blake2s(b"".join(parts)).digest()


def MAC(key, data):
    return hashlib.blake2s(data, key=key, digest_size=16).digest()


def HMAC(key, data):
    return hmac.new(key, data, hashlib.blake2s).digest()


def KDF(n, key, data):
    """KDF_n: a list of `n` chained 32-byte outputs."""
    prk = HMAC(key, data)
    outputs, previous = [], b""
    for i in range(1, n + 1):
        previous = HMAC(prk, previous + bytes([i]))
        outputs.append(previous)
    return outputs


def DH(private, public):
    try:
        return X25519PrivateKey.from_private_bytes(private).exchange(
            X25519PublicKey.from_public_bytes(public)
        )
    except ValueError:
        raise ProtocolError("low-order point") from None


def DH_PUBLIC(private):
    return X25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()


def AEAD_SEAL(key, counter, plaintext, ad):
    nonce = bytes(4) + struct.pack("<Q", counter)
    return ChaCha20Poly1305(key).encrypt(nonce, plaintext, ad)


def AEAD_OPEN(key, counter, ciphertext, ad):
    nonce = bytes(4) + struct.pack("<Q", counter)
    try:
        return ChaCha20Poly1305(key).decrypt(nonce, ciphertext, ad)
    except InvalidTag:
        raise ProtocolError("authentication failed") from None


def _hchacha20(key, nonce16):
    """The subkey of XChaCha20 (draft-irtf-cfrg-xchacha, section 2.2)."""
    x = [0x61707865, 0x3320646E, 0x79622D32, 0x6B206574]
    x += struct.unpack("<8L", key) + struct.unpack("<4L", nonce16)

    def rotate(v, n):
        return (v << n | v >> (32 - n)) & 0xFFFFFFFF

    def quarter(a, b, c, d):
        for i, j, k, n in ((a, b, d, 16), (c, d, b, 12), (a, b, d, 8), (c, d, b, 7)):
            x[i] = (x[i] + x[j]) & 0xFFFFFFFF
            x[k] = rotate(x[k] ^ x[i], n)

    for _ in range(10):
        for i in range(4):
            quarter(i, i + 4, i + 8, i + 12)
        for i in range(4):
            quarter(i, 4 + (i + 1) % 4, 8 + (i + 2) % 4, 12 + (i + 3) % 4)
    return struct.pack("<8L", *x[:4], *x[12:])


def XAEAD_SEAL(key, nonce24, plaintext, ad):
    cipher = ChaCha20Poly1305(_hchacha20(key, nonce24[:16]))
    return cipher.encrypt(bytes(4) + nonce24[16:], plaintext, ad)


def XAEAD_OPEN(key, nonce24, ciphertext, ad):
    cipher = ChaCha20Poly1305(_hchacha20(key, nonce24[:16]))
    try:
        return cipher.decrypt(bytes(4) + nonce24[16:], ciphertext, ad)
    except InvalidTag:
        raise ProtocolError("authentication failed") from None


def generate_private_key():
    key = bytearray(os.urandom(32))
    key[0] &= 248
    key[31] = key[31] & 127 | 64
    return bytes(key)


def tai64n(seconds=None, nanoseconds=0):
    """The 12-byte TAI64N label of a Unix time; of now when `seconds` is None."""
    if seconds is None:
        seconds, nanoseconds = divmod(time.time_ns(), 10**9)
    return struct.pack(">QL", TAI64_BASE + seconds, nanoseconds)


# The parts of a peer


@dataclass
class Session:
    """A pair of transport keys (5.4.5). `seal` and `open` turn packets into datagrams and back."""

    local_index: int
    remote_index: int
    send_key: bytes
    recv_key: bytes
    is_initiator: bool
    send_counter: int = 0
    received: set = field(default_factory=set)

    def seal(self, packet=EMPTY, counter=None):
        """Datagram of type 4 around `packet`, padded to 16; `counter` forces a nonce."""
        if counter is None:
            counter, self.send_counter = self.send_counter, self.send_counter + 1
        padded = packet + bytes(-len(packet) % 16)
        header = struct.pack("<LLQ", TRANSPORT, self.remote_index, counter)
        return header + AEAD_SEAL(self.send_key, counter, padded, EMPTY)

    def open(self, datagram):
        """The padded packet inside, b"" for a keepalive. A counter seen before is an error."""
        if len(datagram) < TRANSPORT_HEADER_SIZE + TAG_SIZE:
            raise ProtocolError("transport message too short")
        kind, index, counter = struct.unpack_from("<LLQ", datagram)
        if kind != TRANSPORT or index != self.local_index:
            raise ProtocolError("not a transport message of this session")
        packet = AEAD_OPEN(self.recv_key, counter, datagram[TRANSPORT_HEADER_SIZE:], EMPTY)
        if counter in self.received:
            raise ProtocolError("replay")
        self.received.add(counter)
        return packet


class NoisePeer:
    """One end of Noise_IKpsk2 with mac1, mac2 and cookies (5.4.2 to 5.4.7), for one remote peer.

    Ephemeral keys, indices, timestamps and nonces can be passed in, so that a transcript is
    reproducible and tests can send what an honest peer never would.
    """

    def __init__(self, private_key, remote_public_key, preshared_key=None):
        self.private_key = private_key
        self.public_key = DH_PUBLIC(private_key)
        self.remote_public_key = remote_public_key
        self.preshared_key = preshared_key or NO_PSK
        self.cookie = None  # for mac2, from a cookie reply; the caller forgets it after 120 s
        self.last_mac1 = None
        self.last_timestamp = None  # of the initiations this peer has accepted
        self.local_index = self.remote_index = None
        self.ephemeral = self.remote_ephemeral = None
        self.chain = self.hash = None

    # Initiator

    def create_initiation(self, ephemeral=None, index=None, timestamp=None):
        """Message of type 1, 148 bytes."""
        self._begin(self.remote_public_key, index)
        self.ephemeral = ephemeral or generate_private_key()
        public = DH_PUBLIC(self.ephemeral)
        self._mix_ephemeral(public)
        self.chain, key = KDF(2, self.chain, DH(self.ephemeral, self.remote_public_key))
        static = self._seal_and_hash(key, self.public_key)
        self.chain, key = KDF(2, self.chain, DH(self.private_key, self.remote_public_key))
        stamp = self._seal_and_hash(key, timestamp or tai64n())
        message = struct.pack("<LL", INITIATION, self.local_index) + public + static + stamp
        return self.add_macs(message)

    def consume_response(self, data):
        """Check a message of type 2 and answer with the Session."""
        self.check_mac1(data, RESPONSE, RESPONSE_SIZE)
        remote_index, receiver = struct.unpack_from("<LL", data, 4)
        if receiver != self.local_index:
            raise ProtocolError("response for another index")
        remote_ephemeral, empty = data[12:44], data[44:60]
        self._mix_ephemeral(remote_ephemeral)
        self._mix_key(DH(self.ephemeral, remote_ephemeral))
        self._mix_key(DH(self.private_key, remote_ephemeral))
        self._open_and_hash(self._mix_preshared_key(), empty)
        send, receive = KDF(2, self.chain, EMPTY)
        return Session(self.local_index, remote_index, send, receive, True)

    # Responder

    def consume_initiation(self, data, allow_replay=False):
        """Check a message of type 1 and answer with its 12-byte timestamp."""
        self.check_mac1(data, INITIATION, INITIATION_SIZE)
        self._begin(self.public_key, 0)
        (self.remote_index,) = struct.unpack_from("<L", data, 4)
        self.remote_ephemeral = data[8:40]
        self._mix_ephemeral(self.remote_ephemeral)
        self.chain, key = KDF(2, self.chain, DH(self.private_key, self.remote_ephemeral))
        static = self._open_and_hash(key, data[40:88])
        if static != self.remote_public_key:
            raise ProtocolError("unknown initiator")
        self.chain, key = KDF(2, self.chain, DH(self.private_key, static))
        timestamp = self._open_and_hash(key, data[88:116])
        if not allow_replay and self.last_timestamp and timestamp <= self.last_timestamp:
            raise ProtocolError("timestamp is not later than the last one")
        self.last_timestamp = timestamp
        return timestamp

    def create_response(self, ephemeral=None, index=None):
        """(message of type 2, 92 bytes; Session) for the initiation consumed last."""
        self.local_index = _random_index() if index is None else index
        self.ephemeral = ephemeral or generate_private_key()
        public = DH_PUBLIC(self.ephemeral)
        self._mix_ephemeral(public)
        self._mix_key(DH(self.ephemeral, self.remote_ephemeral))
        self._mix_key(DH(self.ephemeral, self.remote_public_key))
        empty = self._seal_and_hash(self._mix_preshared_key(), EMPTY)
        message = struct.pack("<LLL", RESPONSE, self.local_index, self.remote_index)
        message = self.add_macs(message + public + empty)
        receive, send = KDF(2, self.chain, EMPTY)
        return message, Session(self.local_index, self.remote_index, send, receive, False)

    # mac1, mac2 and cookies

    def add_macs(self, body):
        """`body` with mac1 and mac2 appended (5.4.4)."""
        self.last_mac1 = MAC(HASH(LABEL_MAC1, self.remote_public_key), body)
        body += self.last_mac1
        return body + (MAC(self.cookie, body) if self.cookie else bytes(16))

    def check_mac1(self, data, kind, size):
        if len(data) != size or data[:4] != struct.pack("<L", kind):
            raise ProtocolError("wrong type or length")
        if data[-32:-16] != MAC(HASH(LABEL_MAC1, self.public_key), data[:-32]):
            raise ProtocolError("mac1 is wrong")

    def has_mac2(self, data, cookie):
        """True if the handshake message `data` carries the mac2 that `cookie` demands."""
        return data[-16:] == MAC(cookie, data[:-16])

    def create_cookie_reply(self, data, cookie, nonce=None):
        """Message of type 3, 64 bytes, for the handshake message `data` (5.4.7)."""
        nonce = nonce or os.urandom(24)
        sealed = XAEAD_SEAL(HASH(LABEL_COOKIE, self.public_key), nonce, cookie, data[-32:-16])
        return struct.pack("<L", COOKIE_REPLY) + data[4:8] + nonce + sealed

    def consume_cookie_reply(self, data):
        """Keep the 16-byte cookie in a reply to the handshake message sent last."""
        if len(data) != COOKIE_REPLY_SIZE or data[:4] != struct.pack("<L", COOKIE_REPLY):
            raise ProtocolError("wrong type or length")
        if struct.unpack_from("<L", data, 4)[0] != self.local_index:
            raise ProtocolError("cookie reply for another index")
        key = HASH(LABEL_COOKIE, self.remote_public_key)
        self.cookie = XAEAD_OPEN(key, data[8:32], data[32:], self.last_mac1)
        return self.cookie

    # Symmetric state

    def _begin(self, responder_public_key, index):
        self.local_index = _random_index() if index is None else index
        self.chain = HASH(CONSTRUCTION)
        self.hash = HASH(HASH(self.chain, IDENTIFIER), responder_public_key)

    def _mix_ephemeral(self, public):
        (self.chain,) = KDF(1, self.chain, public)
        self.hash = HASH(self.hash, public)

    def _mix_key(self, shared):
        (self.chain,) = KDF(1, self.chain, shared)

    def _mix_preshared_key(self):
        self.chain, tau, key = KDF(3, self.chain, self.preshared_key)
        self.hash = HASH(self.hash, tau)
        return key

    def _seal_and_hash(self, key, plaintext):
        sealed = AEAD_SEAL(key, 0, plaintext, self.hash)
        self.hash = HASH(self.hash, sealed)
        return sealed

    def _open_and_hash(self, key, sealed):
        plaintext = AEAD_OPEN(key, 0, sealed, self.hash)
        self.hash = HASH(self.hash, sealed)
        return plaintext


def make_cookie(secret, host, port):
    """A cookie for a source address; `secret` is 32 random bytes changed every 120 s."""
    return MAC(secret, host.encode() + struct.pack(">H", port))


def _random_index():
    return int.from_bytes(os.urandom(4), "little")
