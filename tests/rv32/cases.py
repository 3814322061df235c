# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
"""Cases for firmware/bench/check.c with answers from `cryptography` and hashlib.

A case is bytes: a 20-byte little-endian header (op, flags, alignments, lengths, length of the
first piece, length of the payload) and the payload that the op's reader in check.c takes apart.
"""

import hashlib
import random
import struct
from itertools import count

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from support import noise_model

X25519, BASE, SEAL, XSEAL, FORGE, BLAKE2S, HMAC, KDF = range(8)
IN_PLACE, ALIAS, REFUSED = 1, 2, 4
P = 2**255 - 19


def case(op, payload, *, flags=0, dst=0, src=0, size=0, ad=0, key=32, out=0, split=64):
    header = struct.pack("<4BIH2B", op, flags, dst, src, size, ad, key, out)
    return header + struct.pack("<2I", split, len(payload)) + payload


def x25519(scalar: bytes, point: bytes, **place) -> bytes:
    key = X25519PrivateKey.from_private_bytes(scalar)
    try:
        answer, flags = key.exchange(X25519PublicKey.from_public_bytes(point)), ALIAS
    except ValueError:  # the all-zero answer of a low-order point
        answer, flags = bytes(32), ALIAS | REFUSED
    return case(X25519, scalar + point + answer, flags=flags, **place)


def base(scalar: bytes, **place) -> bytes:
    public = X25519PrivateKey.from_private_bytes(scalar).public_key().public_bytes_raw()
    return case(BASE, scalar + public, **place)


def seal(key: bytes, counter: int, plain: bytes, ad: bytes, op=SEAL, **place) -> bytes:
    answer = noise_model.AEAD_SEAL(key, counter, plain, ad)
    payload = key + struct.pack("<Q", counter) + ad + plain + answer
    return case(op, payload, size=len(plain), ad=len(ad), **place)


def xseal(key: bytes, nonce: bytes, plain: bytes, ad: bytes, **place) -> bytes:
    answer = noise_model.XAEAD_SEAL(key, nonce, plain, ad)
    payload = key + nonce + ad + plain + answer
    return case(XSEAL, payload, size=len(plain), ad=len(ad), **place)


def blake2s(key: bytes, data: bytes, out: int, **place) -> bytes:
    answer = hashlib.blake2s(data, key=key, digest_size=out).digest()
    return case(BLAKE2S, key + data + answer, size=len(data), key=len(key), out=out, **place)


def hmac(key: bytes, data: bytes, **place) -> bytes:
    answer = noise_model.HMAC(key, data)
    return case(HMAC, key + data + answer, size=len(data), key=len(key), **place)


def kdf(key: bytes, data: bytes, n: int, **place) -> bytes:
    outs = noise_model.KDF(n, key, data)
    answer = outs if isinstance(outs, bytes) else b"".join(outs)
    return case(KDF, key + data + answer, size=len(data), out=n, **place)


def le(n: int) -> bytes:
    return n.to_bytes(32, "little")


# Points of order 1, 2, 4, 8 on the curve and its twist, as integers below 2^255.
LOW_ORDER = (
    0,
    1,
    P - 1,
    325606250916557431795983626356110631294008115727848805560023387167927233504,
    39382357235489614581723060781553021112529911719440698176882885853963445705823,
)


def x25519_edges():
    """Low-order, non-canonical and boundary points, the unused bit set and clear."""
    rng = random.Random(7748)
    points = [*LOW_ORDER, *(P + n for n in range(19)), P - 2, P - 3, 2, 9]
    points += [1 << n for n in range(0, 255, 7)] + [(1 << n) - 1 for n in range(1, 256, 7)]
    points += [2**255 - 1 - (1 << n) for n in range(0, 255, 11)]
    scalars = [bytes(32), b"\xff" * 32, le(1 << 254), le(8), le(2**255 - 8), rng.randbytes(32)]
    for n, point in enumerate(points):
        for top in (0, 1 << 255):
            yield x25519(scalars[n % len(scalars)], le(point | top))
            yield x25519(rng.randbytes(32), le(point | top), dst=n % 4)
    for scalar in scalars:
        yield base(scalar)
        yield x25519(scalar, le(9))


def every_length(limit: int):
    """Lengths 0 to limit, alternately in place and not, at changing alignments and splits."""
    rng = random.Random(8439)
    for size in range(limit + 1):
        place = {"dst": size % 4, "src": size // 4 % 4, "split": 1 + size % 200}
        data, key = rng.randbytes(size), rng.randbytes(32)
        ad = rng.randbytes(size % 33)
        yield seal(key, rng.getrandbits(64), data, ad, flags=size & IN_PLACE, **place)
        yield seal(key, size, data, b"", flags=~size & IN_PLACE)
        yield blake2s(b"", data, 32, **place)


def placements(sizes=(0, 1, 15, 16, 17, 63, 64, 65, 127, 129, 1420)):
    """Every pair of alignments, in place and not."""
    rng = random.Random(1)
    for size in sizes:
        for dst in range(4):
            for src in range(4):
                for flags in (0, IN_PLACE):
                    data, key, ad = rng.randbytes(size), rng.randbytes(32), rng.randbytes(13)
                    place = {"flags": flags, "dst": dst, "src": src}
                    yield seal(key, 1, data, ad, **place)
                    yield xseal(key, rng.randbytes(24), data, ad, **place)


def longest():
    rng = random.Random(65535)
    for flags in (0, IN_PLACE):
        data, key = rng.randbytes(65535), rng.randbytes(32)
        yield seal(key, 2**64 - 2, data, b"", flags=flags, split=200)
        yield seal(key, 2**32, data, rng.randbytes(1000), flags=flags, src=1, split=31)
        yield blake2s(key, data, 32, src=flags, split=255)


def forgeries():
    rng = random.Random(16)
    for size in (0, 1, 16, 32, 33, 64, 100, 148):
        data, key, ad = rng.randbytes(size), rng.randbytes(32), rng.randbytes(size % 40)
        yield seal(key, rng.getrandbits(64), data, ad, op=FORGE, src=size % 4)
    yield seal(rng.randbytes(32), 3, rng.randbytes(700), b"", op=FORGE)


def random_cases(total: int, seed: int = 2026):
    """The mix of a tunnel: mostly AEAD, some hashing, a few percent X25519."""
    rng = random.Random(seed)
    # Keys of few distinct bits drive the carries that random ones hardly ever reach.
    extremes = (b"\x00", b"\xff", b"\x7f", b"\x80", b"\x01", b"\xfb")

    def secret(size: int) -> bytes:
        return rng.choice(extremes) * size if rng.random() < 0.1 else rng.randbytes(size)

    def message(limit: int) -> bytes:
        return secret(min(int(rng.expovariate(1 / 200)), limit))

    for n in count():
        if n == total:
            return
        place = {"dst": rng.randrange(4), "src": rng.randrange(4), "split": rng.randrange(1, 256)}
        kind = rng.randrange(100)
        if kind < 8:
            yield x25519(secret(32), secret(32), **place)
        elif kind < 12:
            yield base(secret(32), **place)
        elif kind < 55:
            place["flags"] = rng.choice((0, IN_PLACE))
            yield seal(secret(32), rng.getrandbits(64), message(2000), message(100), **place)
        elif kind < 65:
            place["flags"] = rng.choice((0, IN_PLACE))
            yield xseal(secret(32), secret(24), message(500), message(100), **place)
        elif kind < 85:
            key = secret(rng.randrange(33))
            yield blake2s(key, message(2000), rng.randrange(1, 33), **place)
        elif kind < 92:
            yield hmac(secret(rng.randrange(200)), message(500), **place)
        else:
            yield kdf(secret(32), message(100), 1 + n % 3, flags=rng.choice((0, ALIAS)), **place)
