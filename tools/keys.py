# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors

"""Curve25519 keys as `wg` reads and writes them: 32 bytes, in base64, on one line."""

import base64
import binascii
import os

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat


class KeyFormatError(ValueError):
    """The text is not a key. The message never repeats the text: it may be a secret."""


def genkey() -> str:
    """A new private key, clamped (RFC 7748, section 5)."""
    key = bytearray(os.urandom(32))
    key[0] &= 248
    key[31] = (key[31] & 127) | 64
    return encode(key)


def genpsk() -> str:
    """A new preshared key: 32 random bytes."""
    return encode(os.urandom(32))


def pubkey(private_key: str) -> str:
    """The public key of a private key. Raises KeyFormatError."""
    key = X25519PrivateKey.from_private_bytes(decode(private_key)).public_key()
    return encode(key.public_bytes(Encoding.Raw, PublicFormat.Raw))


def encode(key: bytes) -> str:
    return base64.b64encode(key).decode()


def decode(text: str) -> bytes:
    """The 32 bytes of a key in canonical base64 (44 characters). Raises KeyFormatError."""
    try:
        key = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != 32 or encode(key) != text:
        raise KeyFormatError("key is not the correct length or format")
    return key
