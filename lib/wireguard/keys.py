# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
"""Curve25519 and preshared keys, and their text form as `wg` reads and writes it.

`encode` and `decode` need nothing but the standard library, so tools on the host share them.
"""

from binascii import a2b_base64, b2a_base64

KEY_SIZE = 32
_TEXT_SIZE = 44


def encode(key):
    """Base64 text of a 32-byte key, 44 characters."""
    return b2a_base64(key).decode().strip()


def decode(text):
    """32 bytes of a key in base64. ValueError says what is wrong, never what the key is.

    Strict as `wg`: no white space, no missing padding, no other text for the same key.
    """
    if not isinstance(text, str):
        raise ValueError("is not a string")
    if len(text) != _TEXT_SIZE:
        raise ValueError(
            "is not a key: {} characters, a key in base64 has {}".format(len(text), _TEXT_SIZE)
        )
    try:
        key = a2b_base64(text.encode())
    except ValueError:
        raise ValueError("is not a key: not base64") from None
    if len(key) != KEY_SIZE or encode(key) != text:
        raise ValueError("is not a key: not the base64 of 32 bytes")
    return key


def clamp(key):
    """Make 32 random bytes a Curve25519 private key, in place (RFC 7748, section 5)."""
    key[0] &= 248
    key[31] = key[31] & 127 | 64


def draw(random):
    """32 random bytes as a bytearray, to be wiped: nothing else holds them any more.

    random   function(n) -> n random bytes, of an object that nobody else has
    """
    try:
        from _wireguard import wipe
    except ImportError:  # tools on the host
        return bytearray(random(KEY_SIZE))
    drawn = random(KEY_SIZE)
    key = bytearray(drawn)
    wipe(drawn)
    return key


def draw_private(random):
    """A new private key as a bytearray."""
    key = draw(random)
    clamp(key)
    return key


def generate():
    """A new private key, a bytearray of 32 from the system's random generator."""
    from .entropy import random

    return draw_private(random)


def generate_preshared():
    """A new preshared key, a bytearray of 32."""
    from .entropy import random

    return draw(random)


def public(private):
    """The 32-byte public key of a private one."""
    from _wireguard import x25519_base

    key = bytearray(KEY_SIZE)
    x25519_base(key, private)
    return bytes(key)
