# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
"""X25519 of the crypto kernels, compiled for the host, against RFC 7748 and `cryptography`."""

import ctypes
import random
import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

CRYPTO = Path(__file__).resolve().parents[2] / "firmware" / "wireguard" / "crypto"
P = 2**255 - 19
FLAGS = ["-std=c99", "-O2", "-Wall", "-Wextra", "-Werror", "-ffreestanding", "-fPIC", "-shared"]

# Coordinates of the points whose order divides 8, RFC 7748 section 6.1 and section 7.
ORDER_8 = [
    325606250916557431795983626356110631294008115727848805560023387167927233504,
    39382357235489614581723060781553021112529911719440698176882885853963445705823,
]
LOW_ORDER = [0, 1, P - 1, P, P + 1, *ORDER_8]


def le(number):
    return number.to_bytes(32, "little")


@pytest.fixture(scope="module", params=["gcc", "clang"])
def x25519(request, tmp_path_factory):
    """`x25519(scalar, point) -> (ok, out)` and `.base(scalar) -> out` of a shared library."""
    library = tmp_path_factory.mktemp(request.param) / "x25519.so"
    sources = [CRYPTO / "x25519.c", CRYPTO / "memory.c"]
    subprocess.run([request.param, *FLAGS, "-o", library, *sources], check=True)
    native = ctypes.CDLL(str(library))
    native.wg_x25519.restype = ctypes.c_bool
    native.wg_x25519_base.restype = None

    def multiply(scalar, point):
        out = ctypes.create_string_buffer(b"\xa5" * 32, 32)
        ok = native.wg_x25519(out, scalar, point)
        return ok, out.raw

    def base(scalar):
        out = ctypes.create_string_buffer(b"\xa5" * 32, 32)
        native.wg_x25519_base(out, scalar)
        return out.raw

    multiply.base = base
    multiply.native = native
    return multiply


def reference(scalar, point):
    """RFC 7748 section 5 in integers: also right where `cryptography` refuses a point."""
    k = (int.from_bytes(scalar, "little") & ((1 << 254) - 8)) | (1 << 254)
    x1 = (int.from_bytes(point, "little") & ((1 << 255) - 1)) % P
    x2, z2, x3, z3 = 1, 0, x1, 1
    for i in reversed(range(255)):
        bit = (k >> i) & 1
        if bit:
            x2, z2, x3, z3 = x3, z3, x2, z2
        plus, minus = x2 + z2, x2 - z2
        aa, bb = plus * plus % P, minus * minus % P
        da, cb = (x3 - z3) * plus, (x3 + z3) * minus
        x3, z3 = (da + cb) ** 2 % P, x1 * (da - cb) ** 2 % P
        x2, z2 = aa * bb % P, (aa - bb) * (aa + 121665 * (aa - bb)) % P
        if bit:
            x2, z2, x3, z3 = x3, z3, x2, z2
    return le(x2 * pow(z2, P - 2, P) % P)


def test_rfc7748_section_5_2(x25519):
    vectors = [
        (
            "a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4",
            "e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c",
            "c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552",
        ),
        (
            "4b66e9d4d1b4673c5ad22691957d6af5c11b6421e0ea01d42ca4169e7918ba0d",
            "e5210f12786811d3f4b7959d0538ae2c31dbe7106fc03c3efc4cd549c715a493",
            "95cbde9476e8907d7aade45cb4b873f88b595a68799fa152e6f8f7647aac7957",
        ),
    ]
    for scalar, point, out in vectors:
        assert x25519(bytes.fromhex(scalar), bytes.fromhex(point)) == (True, bytes.fromhex(out))


def test_rfc7748_iterated(x25519):
    expected = {
        1: "422c8e7a6227d7bca1350b3e2bb7279f7897b87bb6854b783c60e80311ae3079",
        1000: "684cf59ba83309552800ef566f2f4d3c1c3887c49360e3875f2eb94d99532c51",
    }
    k = u = le(9)
    for i in range(1, 1001):
        (ok, k), u = x25519(k, u), k
        assert ok
        if i in expected:
            assert k.hex() == expected[i]


def test_rfc7748_section_6_1(x25519):
    alice = bytes.fromhex("77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a")
    bob = bytes.fromhex("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb")
    alice_public = x25519.base(alice)
    bob_public = x25519.base(bob)
    assert alice_public.hex() == "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a"
    assert bob_public.hex() == "de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f"
    shared = bytes.fromhex("4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742")
    assert x25519(alice, bob_public) == x25519(bob, alice_public) == (True, shared)


def test_low_order_points_are_refused(x25519):
    for u in LOW_ORDER:
        for top in (0, 1 << 255):
            ok, out = x25519(bytes(range(32)), le(u + top if u + top < 2**256 else u))
            assert not ok
            assert out == bytes(32)


def test_non_canonical_points_and_top_bit(x25519):
    rng = random.Random(7748)
    for u in [*range(P, 2**255), 2**255 - 1, P - 2, P - 19, 2, 3, 9, 1 << 254]:
        scalar = rng.randbytes(32)
        for point in (le(u), le(u | 1 << 255)):
            ok, out = x25519(scalar, point)
            assert out == reference(scalar, point)
            assert ok == (out != bytes(32))


def test_limb_boundaries(x25519):
    """Points with long runs of ones and zeroes, where carries travel furthest."""
    rng = random.Random(1)
    points = [(1 << n) - 1 for n in range(1, 256)] + [1 << n for n in range(256)]
    points += [(2**255 - 1) ^ (1 << n) for n in range(255)]
    for u in points:
        scalar = rng.choice([bytes(32), b"\xff" * 32, rng.randbytes(32)])
        ok, out = x25519(scalar, le(u))
        assert out == reference(scalar, le(u))
        assert ok == (out != bytes(32))


def test_random_against_cryptography(x25519):
    rng = random.Random(25519)
    for _ in range(10_000):
        scalar, point = rng.randbytes(32), rng.randbytes(32)
        key = X25519PrivateKey.from_private_bytes(scalar)
        expected = key.exchange(X25519PublicKey.from_public_bytes(point))
        assert x25519(scalar, point) == (True, expected)


def test_base_point(x25519):
    rng = random.Random(9)
    for _ in range(200):
        scalar = rng.randbytes(32)
        expected = X25519PrivateKey.from_private_bytes(scalar).public_key().public_bytes_raw()
        assert x25519.base(scalar) == expected


def test_out_may_be_an_input(x25519):
    rng = random.Random(3)
    for _ in range(20):
        scalar, point = rng.randbytes(32), rng.randbytes(32)
        expected = x25519(scalar, point)[1]
        for which in (0, 1):
            buffers = [ctypes.create_string_buffer(value, 32) for value in (scalar, point)]
            assert x25519.native.wg_x25519(buffers[which], *buffers)
            assert buffers[which].raw == expected
            assert buffers[1 - which].raw == (scalar, point)[1 - which]
