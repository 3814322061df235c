# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors

"""The C module: cryptography of the control plane, and the tunnel's netif.

Keys are buffers of 32 bytes. What is secret is written into bytearrays of the caller, who wipes
them.
"""

from collections.abc import Callable
from typing import Final, TypeAlias, overload

_Buffer: TypeAlias = bytes | bytearray | memoryview
_Address: TypeAlias = tuple[str, int]
_Event: TypeAlias = tuple[int, bytes, _Address] | tuple[int, int] | tuple[int]

EVENT_MESSAGE: Final = 0
EVENT_HANDSHAKE: Final = 1
EVENT_SESSION: Final = 2
EVENT_ENDPOINT: Final = 3
EVENT_TICK: Final = 4
EVENT_ANSWER: Final = 5

def x25519(out: bytearray, private: _Buffer, public: _Buffer) -> bool:
    """False for a low-order point; out is zeroed then."""

def x25519_base(out: bytearray, private: _Buffer) -> None: ...
def hash(out: bytearray, *parts: _Buffer) -> None:
    """BLAKE2s-256 of the parts; out may be one of them."""

def mac(key: _Buffer, *parts: _Buffer) -> bytes:
    """Keyed BLAKE2s, 16 bytes."""

def kdf(key: _Buffer, data: _Buffer, *outs: bytearray) -> None:
    """KDF_1 to KDF_3; outs may be the key."""

def seal(key: _Buffer, nonce: _Buffer, plaintext: _Buffer, ad: _Buffer) -> bytes:
    """ChaCha20-Poly1305; the nonce has 8 bytes behind four zero ones. XChaCha20 if it has 24."""

def open(key: _Buffer, nonce: _Buffer, ciphertext: _Buffer, ad: _Buffer) -> bytes | None:
    """None if it is not authentic."""

def wipe(buffer: _Buffer) -> None: ...

class Netif:
    """The tunnel's netif, UDP pcb and peers in lwIP. handler(netif) is called by the scheduler."""

    def __init__(self, public_key: _Buffer, handler: Callable[[Netif], object]) -> None: ...
    def open(self, addresses: list[tuple[str, int]], mtu: int, listen_port: int = 0) -> None: ...
    def close(self) -> None: ...
    def active(self) -> bool: ...
    def port(self) -> int: ...
    def mtu(self) -> int: ...
    def rebind(self, port: int = 0) -> None:
        """Speak from another UDP port. Sessions go on."""

    def dns(self, servers: list[str]) -> None:
        """The only servers that the resolver asks; without any, the network's again."""

    def ask(self, server: int | None, question: _Buffer | None) -> bool:
        """A DNS question to the network's server of that number, beside the tunnel.

        ask(None, None): no more answers are wanted.
        """

    def answer(self) -> bytes | None:
        """The next answer."""

    def cookie_seed(self, seed: _Buffer) -> None:
        """32 unpredictable bytes that cookies are made from."""

    def counters(self) -> dict[str, int]:
        """Drops by reason."""

    def peer_add(self) -> int:
        """Its slot."""

    def peer_remove(self, slot: int) -> None: ...
    @overload
    def endpoint(self, slot: int) -> _Address | None: ...
    @overload
    def endpoint(self, slot: int, address: _Address | None) -> None: ...
    def keepalive(self, slot: int, seconds: int) -> None: ...
    def allowed_ips(self, slot: int, networks: list[tuple[str, int]]) -> None: ...
    def send(self, dest: int | _Address, data: _Buffer) -> bool:
        """A handshake message. False without an endpoint or route."""

    def keypair(
        self,
        slot: int,
        local_index: int,
        remote_index: int,
        send_key: _Buffer,
        recv_key: _Buffer,
        initiator: bool,
    ) -> None: ...
    def keys_clear(self, slot: int) -> None: ...
    def staged_drop(self, slot: int) -> None: ...
    def suspend(self, slot: int, session_id: _Buffer) -> bool:
        """Move the session to where a deep sleep does not reach. False: there is none."""

    @overload
    def resume(self, slot: int, session_id: _Buffer) -> tuple[int, int] | None:
        """Go on with the session of that id: (local index, age in ms). None: it is not kept."""

    @overload
    def resume(self) -> None:
        """Forget whatever is kept."""

    def wake(self, ms: int | None) -> None:
        """Have an EVENT_TICK in ms; None cancels."""

    def event(self) -> _Event | None:
        """The next pending event."""

    def stats(self, slot: int) -> tuple[int, int, int, int, int | None, int | None]:
        """rx_bytes, tx_bytes, rx_packets, tx_packets, ms since received, ms since sent."""

    def session(self, slot: int) -> tuple[int, bool, int] | None:
        """Age in ms, whether we began it, send counter."""

class Capture:
    """Packets of the tunnels and of the networks below, in a ring. There is one at a time."""

    def __init__(self, size: int = 8192, longest: int = 1514) -> None: ...
    def read(self, buffer: bytearray) -> int:
        """Whole packets; how many bytes they take."""

    def lost(self) -> int:
        """Packets that found the ring full."""

    def close(self) -> None: ...
