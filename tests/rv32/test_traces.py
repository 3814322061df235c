# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
"""Constant time as the chips run it: whatever the secrets, the same number of instructions, and
for a sample of the inputs the same path over the same addresses.
"""

import random
import re
import struct

import cases
import pytest
from support import noise_model
from wgpy.bench import crypto_target as ct

pytestmark = pytest.mark.slow

OPS = ["x25519", "base", "seal", "open", "xseal", "xopen", "blake2s", "hmac", "kdf", "equal"]
OPS += ["poly1305"]
EDGES = [bytes([b]) for b in (0, 0xFF, 0x7F, 0x80, 0x01, 0xFE, 0x55, 0xAA)]


def pack(op: str, key: bytes, nonce: bytes = b"", data: bytes = b"", ad: int = 0) -> bytes:
    """One record of count.c: the key, nonce, counter or point, and `ad` bytes before the text."""
    header = struct.pack("<4I32s32s", OPS.index(op), len(data) - ad, ad, len(data), key, nonce)
    return header + data


def secrets(rng: random.Random, size: int, total: int):
    """`total` values: bytes all alike, each single bit set, each single bit clear, random ones."""
    values = [edge * size for edge in EDGES]
    bits = range(0, 8 * size, max(1, 8 * size // 128))
    values += [(1 << bit).to_bytes(size, "little") for bit in bits]
    values += [((1 << 8 * size) - 1 - (1 << bit)).to_bytes(size, "little") for bit in bits]
    values += [rng.randbytes(size) for _ in range(total)]
    return values[:total] if size else [b""] * total


def shuffled(rng: random.Random, values: list) -> list:
    return rng.sample(values, len(values))


def x25519_inputs(rng, total):
    points = [cases.le(p | top) for p in (*cases.LOW_ORDER, cases.P, 9) for top in (0, 1 << 255)]
    scalars = secrets(rng, 32, total)
    points += secrets(rng, 32, total - len(points))
    return [pack("x25519", s, p) for s, p in zip(scalars, shuffled(rng, points), strict=True)]


def base_inputs(rng, total):
    return [pack("base", scalar) for scalar in secrets(rng, 32, total)]


def seal_inputs(op, size, ad=0):
    def make(rng, total):
        keys, texts = secrets(rng, 32, total), shuffled(rng, secrets(rng, size, total))
        nonces = rng.randbytes(32)
        return [pack(op, k, nonces, bytes(ad) + t, ad) for k, t in zip(keys, texts, strict=True)]

    return make


def counter_of(nonce: bytes) -> int:
    return int.from_bytes(nonce[:8], "big")


def open_inputs(size, good):
    """Accepted messages; or refused ones, each wrong in another bit of the tag or the text."""

    def make(rng, total):
        inputs = []
        texts = shuffled(rng, secrets(rng, size, total))
        for n, (key, text) in enumerate(zip(secrets(rng, 32, total), texts, strict=True)):
            nonce = rng.randbytes(24)
            data = bytearray(noise_model.AEAD_SEAL(key, counter_of(nonce), text, b""))
            if not good:
                bit = 8 * size + n % 128 if n < 256 else rng.randrange(8 * len(data))
                data[bit // 8] ^= 1 << bit % 8
            inputs.append(pack("open", key, nonce, bytes(data)))
        return inputs

    return make


def hash_inputs(op, size):
    def make(rng, total):
        keys, texts = secrets(rng, 32, total), shuffled(rng, secrets(rng, size, total))
        return [pack(op, key, data=text) for key, text in zip(keys, texts, strict=True)]

    return make


def equal_inputs(rng, total):
    """Equal, wrong in one byte at each place, and wrong everywhere."""
    inputs = []
    for n, key in enumerate(secrets(rng, 32, total)):
        other = bytearray(key)
        if n % 3:
            other[n % 32] ^= 1 + n % 255
        inputs.append(pack("equal", key, rng.randbytes(32) if n % 3 == 2 else bytes(other)))
    return inputs


def poly1305_inputs(rng, total):
    edges = [0, 1, 4, 5, 2**130 - 6, 2**130 - 5, 2**130 - 1, 2**128 - 1, 2**128, 2**129]
    inputs = []
    for key, text in zip(
        secrets(rng, 16, total), shuffled(rng, secrets(rng, 64, total)), strict=True
    ):
        h = rng.choice(edges) if rng.random() < 0.5 else rng.getrandbits(130)
        inputs.append(pack("poly1305", key, h.to_bytes(20, "little"), text))
    return inputs


KERNELS = {
    "x25519": x25519_inputs,
    "x25519-base": base_inputs,
    "seal-0": seal_inputs("seal", 0),
    "seal-32": seal_inputs("seal", 32, 32),
    "seal-1420": seal_inputs("seal", 1420),
    "xseal-16": seal_inputs("xseal", 16, 16),
    "open-0": open_inputs(0, True),
    "open-100": open_inputs(100, True),
    "open-1420": open_inputs(1420, True),
    "refused-0": open_inputs(0, False),
    "refused-100": open_inputs(100, False),
    "refused-1420": open_inputs(1420, False),
    "xopen-refused": seal_inputs("xopen", 48, 16),
    "blake2s-64": hash_inputs("blake2s", 64),
    "blake2s-116": hash_inputs("blake2s", 116),
    "hmac-32": hash_inputs("hmac", 32),
    "kdf3-32": hash_inputs("kdf", 32),
    "equal": equal_inputs,
    "poly1305": poly1305_inputs,
}


@pytest.fixture(scope="session")
def program(target, opt, tmp_path_factory):
    out = tmp_path_factory.mktemp(f"count-{target.name}-{opt}")
    return ct.build(target, opt, ["count.c"], out=out)


@pytest.fixture(scope="session")
def plugin(target, tmp_path_factory):
    """The tracing plug-in, built for the emulator's version of the interface."""
    major = int(re.search(r"version (\d+)", target.emulator)[1])
    version = 1 if major < 9 else 2 if major == 9 else 4
    library = tmp_path_factory.mktemp("plugin") / "trace.so"
    flags = ["-O2", "-shared", "-fPIC", "-Wall", "-Wextra", f"-DPLUGIN_VERSION={version}"]
    ct.run(["gcc", *flags, ct.BENCH / "trace_plugin.c", "-o", library])
    return library


@pytest.fixture
def inputs(kernel) -> list:
    """1 000 records for a kernel."""
    return KERNELS[kernel](random.Random(kernel), 1000)


@pytest.mark.parametrize("kernel", KERNELS)
def test_same_count(target, program, inputs, tmp_path):
    if not target.counts:
        pytest.skip("this target cannot count")
    (tmp_path / "inputs").write_bytes(b"".join(inputs))
    ct.emulate(target, program, cwd=tmp_path)
    counts = [n for (n,) in struct.iter_unpack("<I", (tmp_path / "counts").read_bytes())]
    assert len(counts) == 1000
    assert min(counts) > 50
    assert max(counts) == min(counts)


def traces(target, program, plugin, inputs, where) -> list:
    """A digest of the path and the addresses of each input."""
    (where / "inputs").write_bytes(b"".join(inputs))
    symbols = target.run("nm", program)
    mark = re.search(r"^(\w+) \w mark$", symbols, re.MULTILINE)[1]
    loaded = ["-plugin", f"{plugin},mark=0x{mark},out={where / 'trace'}"]
    ct.emulate(target, program, exact=False, cwd=where, args=loaded)
    return (where / "trace").read_text().split()


@pytest.mark.parametrize("kernel", KERNELS)
def test_same_path_and_addresses(target, program, plugin, kernel, inputs, tmp_path):
    inputs = inputs[:: 50 if "x25519" in kernel else 5]
    digests = traces(target, program, plugin, inputs, tmp_path)
    assert len(digests) == len(inputs)
    assert len(set(digests)) == 1


def test_another_length_is_another_trace(target, program, plugin, tmp_path):
    """Guards the tracer: what is not secret shows."""
    inputs = [pack("blake2s", bytes(32), data=bytes(n)) for n in (10, 10, 20, 65)]
    first, second, longer, two_blocks = traces(target, program, plugin, inputs, tmp_path)
    assert first == second
    assert len({first, longer, two_blocks}) == 3
