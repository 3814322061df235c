# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors

"""wg.json, validated."""

from typing import Any

KEY_FILE: str
HOOKS: tuple[str, ...]

class ConfigError(ValueError):
    """What is wrong in a configuration, as one line for a person."""

class Config:
    """A validated configuration; made by `load`."""

    private_key: bytes | None
    key_source: tuple[str, str] | None
    addresses: list[tuple[str, int]]
    listen_port: int
    mtu: int | None
    dns: list[str]
    hooks: dict[str, list[str]]
    peers: list[PeerConfig]
    wifi: dict[str, Any] | None
    lan: dict[str, Any] | None
    ping: dict[str, Any]

class PeerConfig:
    """One validated peer."""

    public_key: bytes
    preshared_key: bytes | None
    endpoint: tuple[str, int] | None
    allowed_ips: list[tuple[str, int]]
    persistent_keepalive: int

def load(source: str | dict[str, Any] | Config) -> Config:
    """A Config from a path to JSON, a dict, or a Config (answered as it is). ConfigError."""

def parse_endpoint(text: str) -> tuple[str, int]:
    """(host, port) of "name:port", "192.0.2.1:port" or "[2001:db8::1]:port". ValueError."""

def set_private_key(config: Config, private_key: bytes) -> None:
    """Complete a Config whose private key was elsewhere. ConfigError if a peer has that key."""

def load_peer(values: dict[str, Any], config: Config, path: str = "") -> PeerConfig:
    """A PeerConfig from the dict of one peer of `config`."""
