# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors

"""Curve25519 and preshared keys, and their text form as `wg` reads and writes it."""

from collections.abc import Callable

KEY_SIZE: int

def encode(key: bytes | bytearray) -> str:
    """Base64 text of a 32-byte key, 44 characters."""

def decode(text: str) -> bytes:
    """32 bytes of a key in base64. ValueError says what is wrong, never what the key is."""

def clamp(key: bytearray) -> None:
    """Make 32 random bytes a Curve25519 private key, in place (RFC 7748, section 5)."""

def draw(random: Callable[[int], bytes]) -> bytearray:
    """32 random bytes as a bytearray, to be wiped."""

def draw_private(random: Callable[[int], bytes]) -> bytearray:
    """A new private key as a bytearray."""

def generate() -> bytearray:
    """A new private key from the system's random generator. OSError if that has no source."""

def generate_preshared() -> bytearray:
    """A new preshared key. OSError if the random generator has no source."""

def public(private: bytes | bytearray) -> bytes:
    """The 32-byte public key of a private one."""
