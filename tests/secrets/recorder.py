# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
"""A recorder between the library on the device and its C: tells the test every secret it makes.

As text, which is another form than the one that is looked for.
"""

from wgpy import keys

RECORDER = """
import binascii
from testing import *
from wireguard import noise

def tell(kind, secret):
    print("SECRET", kind, binascii.hexlify(secret).decode())

class Recorder:
    def __init__(self, crypto):
        self._crypto = crypto

    def __getattr__(self, name):
        return getattr(self._crypto, name)

    def x25519_base(self, public, private):
        tell("private", private)
        self._crypto.x25519_base(public, private)

    def x25519(self, out, private, public):
        answer = self._crypto.x25519(out, private, public)
        tell("shared", out)
        return answer

    def kdf(self, key, data, *outs):
        self._crypto.kdf(key, data, *outs)
        for n, out in enumerate(outs):
            tell("kdf%d" % n, out)

noise._c = Recorder(noise._c)
"""


def secrets_of(run, without=()) -> dict[str, bytes]:
    """What the recorder told, by name; public or constant values are not secrets."""
    found = {}
    for line in run.output.splitlines():
        if line.startswith("SECRET "):
            _, kind, text = line.split()
            value = bytes.fromhex(text)
            if value not in without and value != bytes(32):
                found.setdefault(value, f"{kind} #{len(found)}")
    return {name: value for value, name in found.items()}


def private_keys(config) -> set[bytes]:
    return {keys.decode(config["interface"]["private_key"])}
