# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors

"""A WireGuard interface by MicroPython's conventions for network interfaces."""

from collections.abc import AsyncIterator
from typing import Any, Literal, TypedDict, overload

from .config import Config

class PeerStatus(TypedDict):
    """One line of `wg show dump`."""

    public_key: str
    preshared_key: bool
    endpoint: tuple[str, int] | None
    allowed_ips: list[str]
    latest_handshake: int
    handshake_age: int | None
    rx_bytes: int
    tx_bytes: int
    persistent_keepalive: int
    connected: bool
    trying: str

class Status(TypedDict):
    """The data of `wg show dump`. Secrets are not in it."""

    name: str
    public_key: str
    listen_port: int
    active: bool
    errors: int
    drops: dict[str, int]
    peers: list[PeerStatus]

def tunnels() -> list[Tunnel]:
    """The tunnels that are up, whoever has made them."""

class Tunnel:
    """A WireGuard interface, down at first.

    config   path to wg.json, a dict of the same shape, or a Config
    name     as shown by `show`
    Raises ConfigError. A private key that is to be in a file or in NVS and is not is made here.
    """

    def __init__(
        self, config: str | dict[str, Any] | Config = "wg.json", name: str = "wg0"
    ) -> None: ...
    @property
    def errors(self) -> int:
        """How many exceptions the handler has met; the tunnel goes on. See `last_error`."""

    @property
    def last_error(self) -> BaseException | None: ...
    def up(self) -> Tunnel:
        """Open the interface, begin a handshake with every peer that has an endpoint.

        Nothing happens if it is up. OSError, ConfigError. A hook's exception leaves it down.
        """

    def down(self) -> None:
        """Close the interface and wipe all keys. Nothing happens if it is down."""

    def suspend(self) -> bool:
        """As `down`, before machine.deepsleep(): the next `up` goes on with one peer's session."""

    def connect(self) -> None:
        """As `up`."""

    def disconnect(self) -> None:
        """As `down`."""

    def active(self, state: bool | None = None) -> bool:
        """Whether the interface is up; with an argument, bring it up or down first."""

    def isconnected(self) -> bool:
        """True if there is a session with at least one peer."""

    def wait(self, timeout: float | None = None) -> bool:
        """Sleep until there is a session, for `timeout` seconds at most. True if there is one."""

    async def connected(self) -> None:
        """Wait in asyncio until there is a session. OSError if the tunnel goes down instead."""

    def events(self) -> AsyncIterator[tuple[str, str]]:
        """(what, public key of the peer) of what happens from now on, for `async for`.

        what   "handshake", "endpoint" or "lost"
        """

    def __enter__(self) -> Tunnel: ...
    def __exit__(self, *exception: object) -> None: ...
    async def __aenter__(self) -> Tunnel: ...
    async def __aexit__(self, *exception: object) -> None: ...
    @overload
    def status(self) -> Status:
        """The data of `wg show dump`."""

    @overload
    def status(self, param: Literal["peers"]) -> list[PeerStatus]: ...
    @overload
    def status(self, param: Literal["name", "public_key"]) -> str: ...
    @overload
    def status(self, param: Literal["listen_port", "errors"]) -> int: ...
    @overload
    def status(self, param: Literal["active"]) -> bool: ...
    @overload
    def status(self, param: Literal["drops"]) -> dict[str, int]: ...
    def show(self) -> None:
        """Print what `wg show` would."""

    @overload
    def ipconfig(self, param: Literal["addr4"]) -> tuple[str, str]:
        """(address, netmask)"""

    @overload
    def ipconfig(self, param: Literal["addr6"]) -> list[tuple[str, int, int, int]]:
        """[(address, state, preferred, valid)]"""

    @overload
    def ipconfig(self, param: Literal["gw4"]) -> str: ...
    @overload
    def ipconfig(self, param: Literal["has_dhcp4", "has_autoconf6"]) -> bool: ...
    @overload
    def config(self, param: Literal["name", "public_key"]) -> str: ...
    @overload
    def config(self, param: Literal["mtu"]) -> int | None: ...
    @overload
    def config(self, param: Literal["listen_port"]) -> int: ...
    @overload
    def config(self, param: Literal["dns"]) -> list[str]: ...
    @overload
    def config(self, param: Literal["ping"]) -> dict[str, Any]: ...
    def configure(self, config: str | dict[str, Any] | Config) -> None:
        """Replace the configuration, as `wg syncconf` does: peers that stay keep their session.

        ConfigError: the running tunnel is as it was.
        """

    def set_peer(
        self,
        public_key: str,
        remove: bool = False,
        *,
        preshared_key: str | None = ...,
        endpoint: str | None = ...,
        allowed_ips: str | list[str] | None = ...,
        persistent_keepalive: int | Literal["off"] | None = ...,
    ) -> None:
        """Add, change or remove one peer, as `wg set`. What is not mentioned stays."""
