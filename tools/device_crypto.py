# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors

"""What the device has in C, for the device's Python code on this computer: `_wireguard`, and
`micropython` as far as that code asks for it. `install()` puts them in place.

For single checks and handshakes: nothing here is constant in time.
"""

import hashlib
import hmac
import sys
from types import ModuleType

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat


def x25519(out, private, public) -> bool:
    try:
        key = X25519PrivateKey.from_private_bytes(bytes(private))
        out[:] = key.exchange(X25519PublicKey.from_public_bytes(bytes(public)))
    except ValueError:  # a low-order point
        out[:] = bytes(32)
        return False
    return True


def x25519_base(out, private):
    key = X25519PrivateKey.from_private_bytes(bytes(private)).public_key()
    out[:] = key.public_bytes(Encoding.Raw, PublicFormat.Raw)


def hash(out, *parts):
    out[:] = hashlib.blake2s(b"".join(map(bytes, parts))).digest()


def mac(key, *parts) -> bytes:
    return hashlib.blake2s(b"".join(map(bytes, parts)), key=bytes(key), digest_size=16).digest()


def kdf(key, data, *outs):
    secret = hmac.digest(bytes(key), bytes(data), "blake2s")
    previous = b""
    for i, out in enumerate(outs, 1):
        out[:] = previous = hmac.digest(secret, previous + bytes((i,)), "blake2s")


def seal(key, nonce, plaintext, ad) -> bytes:
    aead = ChaCha20Poly1305(bytes(key))
    return aead.encrypt(bytes(4) + nonce, bytes(plaintext), bytes(ad))


def open(key, nonce, ciphertext, ad) -> bytes | None:
    aead = ChaCha20Poly1305(bytes(key))
    try:
        return aead.decrypt(bytes(4) + nonce, bytes(ciphertext), bytes(ad))
    except InvalidTag:
        return None


def wipe(buffer):
    buffer[:] = bytes(len(buffer))


def install():
    """Let the device's modules import `_wireguard` and `micropython`."""
    sys.modules.setdefault("_wireguard", sys.modules[__name__])
    if "micropython" not in sys.modules:
        sys.modules["micropython"] = module = ModuleType("micropython")
        module.const = lambda value: value
