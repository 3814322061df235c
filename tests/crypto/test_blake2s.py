# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
"""BLAKE2s against RFC 7693 and hashlib; HMAC and the whitepaper's KDF against hmac."""

import ctypes
import hashlib
import hmac
import random

import pytest


def hashed(crypto, data: bytes, key: bytes = b"", size: int = 32) -> bytes:
    out = ctypes.create_string_buffer(size + 1)
    out[size] = b"\xa5"
    crypto.wg_blake2s(out, size, key, len(key), data, len(data))
    assert out[size] == b"\xa5"
    return out.raw[:size]


def oracle_hmac(key: bytes, data: bytes) -> bytes:
    return hmac.new(key, data, hashlib.blake2s).digest()


def test_rfc7693_appendix_b(crypto):
    assert hashed(crypto, b"abc").hex() == (
        "508c5e8c327c14e2e1a72ba34eeb452f37458b209ed63a294d999b4c86675982"
    )


def test_rfc7693_appendix_e_self_test(crypto):
    """The RFC's own self-test: a hash of 48 hashes, keyed and not."""

    def sequence(size: int, seed: int) -> bytes:
        a, b, out = (0xDEAD4BAD * seed) & 0xFFFFFFFF, 1, bytearray()
        for _ in range(size):
            a, b = b, (a + b) & 0xFFFFFFFF
            out.append(b >> 24)
        return bytes(out)

    grand = b""
    for size in (16, 20, 28, 32):
        for length in (0, 3, 64, 65, 255, 1024):
            data = sequence(length, length)
            grand += hashed(crypto, data, size=size)
            grand += hashed(crypto, data, sequence(size, size), size)
    assert hashed(crypto, grand).hex() == (
        "6a411f08ce25adcdfb02aba641451cec53c598b24f4fc787fbdc88797f4c1dfe"
    )


def test_every_length(crypto):
    data = random.Random(1).randbytes(1500)
    for length in [*range(1501), 65535]:
        message = data[:length] if length <= 1500 else data * 43 + data[:1035]
        assert hashed(crypto, message) == hashlib.blake2s(message).digest(), length


def test_every_key_and_digest_size(crypto):
    rng = random.Random(2)
    for key_len in range(33):
        for size in range(1, 33):
            key, data = rng.randbytes(key_len), rng.randbytes(rng.choice((0, 1, 63, 64, 65, 200)))
            expected = hashlib.blake2s(data, key=key, digest_size=size).digest()
            assert hashed(crypto, data, key, size) == expected, (key_len, size)


@pytest.mark.parametrize("length", [0, 1, 63, 64, 65, 127, 128, 129, 192, 1000])
def test_unaligned_within_guards(crypto, arenas, length):
    source, target = arenas
    data = random.Random(length).randbytes(length)
    expected = hashlib.blake2s(data).digest()
    for address in [*(source.low(align) for align in range(4)), source.high(length)]:
        source.write(address, data)
        for out in [*(target.low(align) for align in range(4)), target.high(32)]:
            crypto.wg_blake2s(out, 32, None, 0, address, length)
            assert target.read(out, 32) == expected


def test_any_split_and_wiped_state(crypto):
    rng = random.Random(3)
    for _ in range(500):
        data = rng.randbytes(rng.randrange(400))
        state = ctypes.create_string_buffer(256)
        out = ctypes.create_string_buffer(32)
        crypto.wg_blake2s_init(state, 32, None, 0)
        position = 0
        while position < len(data):
            step = rng.choice((0, 1, 3, 32, 63, 64, 65, 128, 200))
            piece = data[position : position + step]
            crypto.wg_blake2s_update(state, piece, len(piece))
            position += step
        crypto.wg_blake2s_final(state, out)
        assert out.raw == hashlib.blake2s(data).digest()
        assert state.raw == bytes(256)


def test_counter_carries_into_its_second_word(crypto):
    """4 GiB is too much to hash here: start the count just below it."""

    class State(ctypes.Structure):
        _fields_ = [("h", ctypes.c_uint32 * 8), ("t", ctypes.c_uint32 * 2)]

    state = (ctypes.c_uint8 * 256)()
    crypto.wg_blake2s_init(state, 32, None, 0)
    fields = State.from_buffer(state)
    fields.t[0] = 0xFFFFFFC0
    crypto.wg_blake2s_update(state, bytes(65), 65)
    assert list(fields.t) == [0, 1]


def test_out_may_be_in(crypto):
    for size in (32, 64, 100):
        buffer = ctypes.create_string_buffer(bytes(range(size)), size)
        crypto.wg_blake2s(buffer, 32, None, 0, buffer, size)
        assert buffer.raw[:32] == hashlib.blake2s(bytes(range(size))).digest()


def test_hmac(crypto):
    rng = random.Random(4)
    for key_len in [*range(67), 100, 128, 200]:
        for length in (0, 1, 32, 63, 64, 65, 148, 300):
            key, data = rng.randbytes(key_len), rng.randbytes(length)
            out = ctypes.create_string_buffer(32)
            crypto.wg_hmac(out, key, key_len, data, length)
            assert out.raw == oracle_hmac(key, data), (key_len, length)


def test_hmac_out_may_alias_key_or_input(crypto):
    key, data = bytes(range(32)), bytes(range(100, 132))
    expected = oracle_hmac(key, data)
    buffer = ctypes.create_string_buffer(key, 32)
    crypto.wg_hmac(buffer, buffer, 32, data, 32)
    assert buffer.raw == expected
    buffer = ctypes.create_string_buffer(data, 32)
    crypto.wg_hmac(buffer, key, 32, buffer, 32)
    assert buffer.raw == expected


def oracle_kdf(key: bytes, data: bytes, n: int) -> list[bytes]:
    secret = oracle_hmac(key, data)
    outputs, previous = [], b""
    for i in range(1, n + 1):
        previous = oracle_hmac(secret, previous + bytes([i]))
        outputs.append(previous)
    return outputs


@pytest.mark.parametrize("n", [1, 2, 3])
@pytest.mark.parametrize("length", [0, 1, 32, 64, 100])
@pytest.mark.parametrize("alias", [None, 0, 1, 2])
def test_kdf(crypto, n, length, alias):
    rng = random.Random(n * 1000 + length)
    for _ in range(20):
        key, data = rng.randbytes(32), rng.randbytes(length)
        key_buffer = ctypes.create_string_buffer(key, 32)
        buffers = [ctypes.create_string_buffer(32) for _ in range(n)]
        if alias is not None and alias < n:
            buffers[alias] = key_buffer
        outs = (ctypes.c_void_p * n)(*(ctypes.addressof(b) for b in buffers))
        crypto.wg_kdf(outs, n, key_buffer, data, length)
        assert [b.raw for b in buffers] == oracle_kdf(key, data, n)


def test_kdf_output_may_alias_input(crypto):
    key, data = bytes(range(32)), bytes(range(50, 82))
    buffer, other = ctypes.create_string_buffer(data, 32), ctypes.create_string_buffer(32)
    outs = (ctypes.c_void_p * 2)(ctypes.addressof(buffer), ctypes.addressof(other))
    crypto.wg_kdf(outs, 2, key, buffer, 32)
    assert [buffer.raw, other.raw] == oracle_kdf(key, data, 2)


def test_equal(crypto):
    rng = random.Random(5)
    for size in range(65):
        data = rng.randbytes(size)
        assert crypto.wg_equal(data, bytes(bytearray(data)), size)
        for i in range(size * 8):
            other = bytearray(data)
            other[i // 8] ^= 1 << i % 8
            assert not crypto.wg_equal(data, bytes(other), size)


def test_wipe(crypto):
    for start in range(8):
        for size in range(40):
            buffer = ctypes.create_string_buffer(b"\xff" * 64, 64)
            crypto.wg_wipe(ctypes.addressof(buffer) + start, size)
            assert buffer.raw == b"\xff" * start + bytes(size) + b"\xff" * (64 - start - size)
