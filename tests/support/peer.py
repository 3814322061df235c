# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors

"""A hand-made WireGuard peer on a UDP socket, for what an honest gateway never does.

It runs the whitepaper's model (noise_model) in a thread: it answers handshakes and echo requests
like any gateway, and a test reaches into it to send whatever it likes.
"""

import threading
import time

from wgpy import keys

from . import packets
from .namespace import udp_socket
from .noise_model import (
    COOKIE_REPLY,
    INITIATION,
    RESPONSE,
    TRANSPORT,
    NoisePeer,
    ProtocolError,
    generate_private_key,
)
from .patience import PATIENCE


class HandMadePeer:
    """The gateway's part against one device. `send` seals; `raw` sends as is.

    Attributes for tests: `address` (where the device was last heard, authenticated or not),
    `datagrams` (all received), `inner` (all decrypted packets), `sessions` (newest last),
    `initiations` and `answer_handshakes`, `answer_pings` to switch its manners off.
    """

    namespace = None

    def __init__(self, preshared_key=None, device_private_key=None, make_socket=udp_socket):
        """device_private_key: of a device with several peers; else it is a new one."""
        self.socket = make_socket("127.0.0.1", 0)
        self.socket.settimeout(0.1)
        self.port = self.socket.getsockname()[1]
        self._preshared_key = preshared_key
        self.device_private_key = device_private_key or generate_private_key()
        device = NoisePeer(self.device_private_key, bytes(32))
        self.noise = NoisePeer(generate_private_key(), device.public_key, preshared_key)
        self.public_key = keys.encode(self.noise.public_key)
        self.answer_handshakes = self.answer_pings = True
        self.address = None
        self.sources, self.datagrams, self.inner, self.sessions = [], [], [], []
        self.initiations = 0
        self.errors = []
        self._changed = threading.Condition()
        self._closing = False
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def config(self, **peer) -> dict:
        """The wg.json of its device; keywords go into, or replace, the peer's entries."""
        entry = {
            "public_key": self.public_key,
            "endpoint": f"10.0.2.2:{self.port}",
            "allowed_ips": ["192.168.4.0/24"],
        }
        if self._preshared_key:
            entry["preshared_key"] = keys.encode(self._preshared_key)
        return {
            "interface": {
                "private_key": keys.encode(self.device_private_key),
                "address": ["192.168.4.48/24"],
            },
            "peers": [entry | peer],
            "wifi": {"ssid": "slirp", "password": "not needed here"},
            "ping": {"host": "192.168.4.254", "count": 3},
        }

    def close(self):
        self._closing = True
        self._thread.join(5)
        self.socket.close()

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        self.close()

    # Sending

    def raw(self, datagram: bytes, to=None):
        self.socket.sendto(datagram, to or self.address)

    def send(self, packet: bytes, to=None, counter=None) -> bytes:
        """Seal packet in the newest session and send it. Returns the datagram, for replays."""
        datagram = self.sessions[-1].seal(packet, counter)
        self.raw(datagram, to)
        return datagram

    def initiate(self, to=None, timeout=10) -> bytes:
        """Act as initiator, wait for the session, confirm it. Returns the initiation sent."""
        count = len(self.sessions)
        message = self.noise.create_initiation()
        self.raw(message, to)
        self.wait(lambda: len(self.sessions) > count, timeout, "the response to our initiation")
        self.send(b"")
        return message

    def answer(self, initiation: bytes):
        """Answer an initiation, which gives a session."""
        self.noise.consume_initiation(initiation)
        message, session = self.noise.create_response()
        self.sessions.append(session)
        self.raw(message)

    # Waiting

    def wait(self, condition, timeout=10, what="the peer"):
        """Wait until condition() holds, checked at every datagram. Raises TimeoutError."""
        with self._changed:
            if not self._changed.wait_for(condition, timeout * PATIENCE):
                raise TimeoutError(f"waited {timeout} s for {what}")

    def wait_inner(self, matches, timeout=10, what="an inner packet") -> packets.Packet:
        """The first inner packet, past or future, for which matches(Packet) holds."""
        found = []

        def look():
            found[:] = [p for p in self.inner if matches(p)]
            return bool(found)

        self.wait(look, timeout, what)
        return found[0]

    # Receiving

    def _run(self):
        while not self._closing:
            try:
                data, source = self.socket.recvfrom(65536)
            except TimeoutError:
                continue
            except OSError:  # a port unreachable of an earlier datagram
                continue
            with self._changed:
                self.datagrams.append(data)
                self.sources.append(source)
                try:
                    self._receive(data, source)
                except ProtocolError as e:
                    self.errors.append((time.monotonic(), str(e)))
                self._changed.notify_all()

    def _receive(self, data, source):
        kind = int.from_bytes(data[:4], "little")
        self.address = source
        if kind == INITIATION:
            self.initiations += 1
            if self.answer_handshakes and self.consider(data, source):
                self.answer(data)
        elif kind == RESPONSE:
            self.sessions.append(self.noise.consume_response(data))
        elif kind == COOKIE_REPLY:
            pass  # tests look at it themselves
        elif kind == TRANSPORT:
            self._transport(data, source)
        else:
            raise ProtocolError(f"not a WireGuard message: {data[:16].hex()}")

    def consider(self, data, source) -> bool:
        """Whether to answer an initiation at all; for subclasses."""
        return True

    def _transport(self, data, source):
        index = data[4:8]
        for session in reversed(self.sessions):
            if session.local_index.to_bytes(4, "little") == index:
                break
        else:
            raise ProtocolError("transport message of no session")
        plaintext = session.open(data)
        if not plaintext:
            return
        packet = packets.Packet(plaintext)
        self.inner.append(packet)
        if self.answer_pings and packet.is_echo_request():
            self.raw(session.seal(packet.echo_reply()), source)
