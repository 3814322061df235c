# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
"""The C against `cryptography` and hashlib on random inputs. DIFFERENTIAL_CASES: how many."""

import ctypes
import hashlib
import os
import random

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

CASES = int(os.environ.get("DIFFERENTIAL_CASES", "6000"))
POOL = os.urandom(1 << 16)


def piece(chance, size):
    start = chance.randrange(len(POOL) - size + 1)
    return POOL[start : start + size]


def length(chance):
    """Often at an edge of a block, seldom long."""
    if chance.random() < 0.5:
        return max(0, 64 * chance.randrange(5) + chance.randrange(-2, 3))
    return chance.randrange(1500) if chance.random() < 0.2 else chance.randrange(200)


def test_seal_and_open(crypto):
    chance = random.Random(1)
    out = ctypes.create_string_buffer(1600)
    for _ in range(CASES // 2):
        key, size = piece(chance, 32), length(chance)
        plain, ad = piece(chance, size), piece(chance, chance.choice((0, 0, 12, 16, 32, 33)))
        counter = chance.getrandbits(chance.choice((8, 32, 64)))
        nonce = bytes(4) + counter.to_bytes(8, "little")
        expected = ChaCha20Poly1305(key).encrypt(nonce, plain, ad)
        crypto.wg_seal(out, plain, size, ad, len(ad), counter, key)
        assert out.raw[: size + 16] == expected, (size, len(ad), counter)
        assert crypto.wg_open(out, expected, size + 16, ad, len(ad), counter, key)
        assert out.raw[:size] == plain
        at, bit = chance.randrange(size + 16), 1 << chance.randrange(8)
        forged = expected[:at] + bytes([expected[at] ^ bit]) + expected[at + 1 :]
        assert not crypto.wg_open(out, forged, size + 16, ad, len(ad), counter, key)


def test_blake2s(crypto):
    chance = random.Random(2)
    out = ctypes.create_string_buffer(32)
    for _ in range(CASES // 2):
        size, key = length(chance), piece(chance, chance.choice((0, 0, 16, 32, 7)))
        digest_size = chance.choice((16, 32, 32, 24, 1))
        data = piece(chance, size)
        crypto.wg_blake2s(out, digest_size, key, len(key), data, size)
        expected = hashlib.blake2s(data, key=key, digest_size=digest_size).digest()
        assert out.raw[:digest_size] == expected, (size, len(key), digest_size)


def test_x25519(crypto):
    crypto.wg_x25519.restype = ctypes.c_bool
    out = ctypes.create_string_buffer(32)
    for _ in range(CASES // 100):
        private, public = os.urandom(32), os.urandom(32)
        assert crypto.wg_x25519(out, private, public)
        ours = X25519PrivateKey.from_private_bytes(private)
        assert out.raw == ours.exchange(X25519PublicKey.from_public_bytes(public))
