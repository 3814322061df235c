# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
"""ChaCha20-Poly1305 and XChaCha20-Poly1305: the RFC's vectors, then `cryptography` as oracle."""

import ctypes
import random
import struct

import pytest
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

PRIME = 2**130 - 5
STATE_LEN = 512


def nonce_of(counter: int) -> bytes:
    return struct.pack("<4xQ", counter)


def oracle_seal(key: bytes, counter: int, data: bytes, ad: bytes) -> bytes:
    return ChaCha20Poly1305(key).encrypt(nonce_of(counter), data, ad)


def seal(crypto, key: bytes, counter: int, data: bytes, ad: bytes = b"") -> bytes:
    out = ctypes.create_string_buffer(len(data) + 17)
    crypto.wg_seal(out, data, len(data), ad, len(ad), counter, key)
    assert out.raw[-1] == 0
    return out.raw[:-1]


def open_(crypto, key: bytes, counter: int, sealed: bytes, ad: bytes = b"") -> bytes | None:
    size = max(len(sealed) - 16, 0)
    out = ctypes.create_string_buffer(b"\xa5" * (size + 1), size + 1)
    ok = crypto.wg_open(out, sealed, len(sealed), ad, len(ad), counter, key)
    assert out.raw[size:] == b"\xa5"
    if not ok:
        assert out.raw == b"\xa5" * (size + 1), "a refused message must leave nothing behind"
        return None
    return out.raw[:size]


# RFC 8439


def chacha_state(words: list[int]):
    """The kernel's state: the input, and what all blocks of a message begin with."""
    x = list(words)

    def rotl(value, n):
        return (value << n | value >> 32 - n) & 0xFFFFFFFF

    for a, b, c, d in ((1, 5, 9, 13), (2, 6, 10, 14), (3, 7, 11, 15)):
        for n, (p, q, r) in zip((16, 12, 8, 7), ((a, b, d), (c, d, b)) * 2, strict=True):
            x[p] = (x[p] + x[q]) & 0xFFFFFFFF
            x[r] = rotl(x[r] ^ x[p], n)
    x[1] = (x[1] + x[6]) & 0xFFFFFFFF
    x[2] = (x[2] + x[7]) & 0xFFFFFFFF
    x[13] = rotl(x[13] ^ x[2], 16)
    start = x[1:4] + x[5:8] + x[9:12] + x[13:16]
    return (ctypes.c_uint32 * 28)(*words, *start)


# Appendix A.1: key, block counter, nonce, keystream
BLOCKS = [
    (
        "00" * 32,
        0,
        "00" * 12,
        (
            "76b8e0ada0f13d90405d6ae55386bd28bdd219b8a08ded1aa836efcc8b770dc7"
            "da41597c5157488d7724e03fb8d84a376a43b8f41518a11cc387b669b2ee6586"
        ),
    ),
    (
        "00" * 32,
        1,
        "00" * 12,
        (
            "9f07e7be5551387a98ba977c732d080dcb0f29a048e3656912c6533e32ee7aed"
            "29b721769ce64e43d57133b074d839d531ed1f28510afb45ace10a1f4b794d6f"
        ),
    ),
    (
        "00" * 31 + "01",
        1,
        "00" * 12,
        (
            "3aeb5224ecf849929b9d828db1ced4dd832025e8018b8160b82284f3c949aa5a"
            "8eca00bbb4a73bdad192b5c42f73f2fd4e273644c8b36125a64addeb006c13a0"
        ),
    ),
    (
        "00" * 32,
        0,
        "00" * 11 + "02",
        (
            "c2c64d378cd536374ae204b9ef933fcd1a8b2288b3dfa49672ab765b54ee27c7"
            "8a970e0e955c14f3a88e741b97c286f75f8fc299e8148362fa198a39531bed6d"
        ),
    ),
    # section 2.3.2
    (
        bytes(range(32)).hex(),
        1,
        "000000090000004a00000000",
        (
            "10f1e7e4d13b5915500fdd1fa32071c4c7d1f4c733c068030422aa9ac3d46c4e"
            "d2826446079faa0914c2d705d98b02a2b5129cd1de164eb9cbd083e8a2503c4e"
        ),
    ),
]


@pytest.mark.parametrize(("key", "counter", "nonce", "keystream"), BLOCKS)
def test_chacha20_block(crypto, key, counter, nonce, keystream):
    words = [0x61707865, 0x3320646E, 0x79622D32, 0x6B206574]
    words += struct.unpack("<8I", bytes.fromhex(key))
    words += [counter, *struct.unpack("<3I", bytes.fromhex(nonce))]
    state = chacha_state(words)
    out = ctypes.create_string_buffer(64)
    crypto.wg_chacha20_xor(state, out, out, 1)
    assert out.raw.hex() == keystream
    assert state[12] == counter + 1


def test_chacha20_alignments_and_block_counts(crypto, arenas):
    rng = random.Random(1)
    source, target = arenas
    words = [rng.getrandbits(32) for _ in range(16)]
    words[12] = 0xFFFFFFFE  # wraps within the 32-bit word
    keystream = b""
    for i in range(5):
        out = ctypes.create_string_buffer(64)
        block_words = [*words[:12], (words[12] + i) & 0xFFFFFFFF, *words[13:]]
        crypto.wg_chacha20_xor(chacha_state(block_words), out, out, 1)
        keystream += out.raw
    for blocks in range(1, 6):
        size = blocks * 64
        data = rng.randbytes(size)
        expected = bytes(x ^ y for x, y in zip(data, keystream[:size], strict=True))
        sources = [*map(source.low, range(8)), *(source.high(size + n) for n in range(4))]
        for src in sources:
            for dst in [*map(target.low, range(8)), target.high(size), src]:
                source.write(src, data)
                crypto.wg_chacha20_xor(chacha_state(words), dst, src, blocks)
                assert target.read(dst, size) == expected


def poly_state(h: int, r: int):
    words = [h >> 32 * i & 0xFFFFFFFF for i in range(5)]
    return (ctypes.c_uint32 * 13)(*words, *(r >> 32 * i & 0xFFFFFFFF for i in range(4)))


def poly_blocks(crypto, h: int, r: int, data: bytes) -> int:
    state = poly_state(h, r)
    crypto.wg_poly1305_blocks(state, data, len(data) // 16)
    assert state[4] <= 4
    return poly_value(state)


def poly_value(state) -> int:
    return sum(state[i] << 32 * i for i in range(5)) % PRIME


def oracle_poly(h: int, r: int, data: bytes) -> int:
    for i in range(0, len(data), 16):
        h = (h + int.from_bytes(data[i : i + 16], "little") + 2**128) * r % PRIME
    return h


CLAMP = 0x0FFFFFFC0FFFFFFC0FFFFFFC0FFFFFFF
EDGES = [
    0,
    1,
    2,
    4,
    5,
    6,
    2**32 - 1,
    2**32,
    2**64 - 1,
    2**96 - 1,
    2**96,
    2**128 - 1,
    2**128,
    PRIME - 6,
    PRIME - 1,
    PRIME,
    PRIME + 1,
    PRIME + 4,
    PRIME + 5,
    2**130,
    5 * 2**128 - 1,
]


def test_poly1305_edges(crypto):
    """Where carries and the reduction go furthest: RFC 8439 A.3 tests 5 to 11 are of this kind."""
    messages = [
        bytes(16),
        b"\xff" * 16,
        b"\xfb" + b"\xfe" * 15,
        b"\x01" * 16,
        b"\xf0" + b"\xff" * 15,
        b"\x02" + bytes(15),
        b"\xff" * 64,
        bytes(48) + b"\xff" * 16,
    ]
    for r in (0, 1, 2, 4, 4 << 32, CLAMP, CLAMP & ~3, 0x0FFFFFFF, 0x0FFFFFFC << 96, 1 | 4 << 64):
        for h in EDGES:
            for message in messages:
                assert poly_blocks(crypto, h, r, message) == oracle_poly(h, r, message), (r, h)


def test_poly1305_random_and_unaligned(crypto, arenas):
    rng = random.Random(2)
    source, _ = arenas
    for _ in range(3000):
        r = rng.getrandbits(128) & CLAMP
        h = rng.choice((rng.randrange(5 * 2**128), rng.choice(EDGES)))
        data = rng.randbytes(16 * rng.randrange(1, 9))
        address = (
            source.low(rng.randrange(8))
            if rng.random() < 0.5
            else source.high(len(data) + rng.randrange(4))
        )
        source.write(address, data)
        state = poly_state(h, r)
        crypto.wg_poly1305_blocks(state, address, len(data) // 16)
        assert poly_value(state) == oracle_poly(h, r, data)


def test_rfc8439_appendix_a5(crypto):
    key = bytes.fromhex("1c9240a5eb55d38af333888604f6b5f0473917c1402b80099dca5cbc207075c0")
    text = (
        b"Internet-Drafts are draft documents valid for a maximum of six months and may be "
        b"updated, replaced, or obsoleted by other documents at any time. It is inappropriate "
        b"to use Internet-Drafts as reference material or to cite them other than as "
        b"/\xe2\x80\x9cwork in progress./\xe2\x80\x9d"
    )
    ad = bytes.fromhex("f33388860000000000004e91")
    counter = int.from_bytes(bytes.fromhex("0102030405060708"), "little")
    sealed = seal(crypto, key, counter, text, ad)
    assert sealed[:16].hex() == "64a0861575861af460f062c79be643bd"
    assert sealed[-16:].hex() == "eead9d67890cbb22392336fea1851f38"
    assert open_(crypto, key, counter, sealed, ad) == text


# The whole against the oracle


def test_every_length(crypto):
    rng = random.Random(3)
    key, text = rng.randbytes(32), rng.randbytes(65535)
    for size in [*range(1501), 65535]:
        counter, ad = rng.getrandbits(64), text[: size % 37]
        sealed = seal(crypto, key, counter, text[:size], ad)
        assert sealed == oracle_seal(key, counter, text[:size], ad), size
        assert open_(crypto, key, counter, sealed, ad) == text[:size], size


@pytest.mark.parametrize("size", [0, 1, 15, 16, 31, 32, 63, 64, 65, 96, 127, 128, 200, 1420])
def test_alignment_and_place(crypto, arenas, size):
    rng = random.Random(size)
    source, target = arenas
    key, text, ad = rng.randbytes(32), rng.randbytes(size), rng.randbytes(12)
    sealed = oracle_seal(key, 7, text, ad)
    placements = [
        *((source.low(s), target.low(d)) for s in range(4) for d in range(4)),
        *((source.low(n), source.low(n)) for n in range(4)),
        *((source.high(size + 16 + n),) * 2 for n in range(4)),
        (source.high(size), target.high(size + 16)),
    ]
    for src, dst in placements:
        source.write(src, text)
        crypto.wg_seal(dst, src, size, ad, 12, 7, key)
        assert target.read(dst, size + 16) == sealed
    placements[-1] = (source.high(size + 16), target.high(size))
    for src, dst in placements:
        source.write(src, sealed)
        assert crypto.wg_open(dst, src, size + 16, ad, 12, 7, key)
        assert target.read(dst, size) == text


@pytest.mark.parametrize("size", range(200))
def test_padded_with_zeros(crypto, size):
    """As a packet is sent: up to a multiple of 16, or of as many of these as the MTU leaves."""
    rng = random.Random(size)
    key, text = rng.randbytes(32), rng.randbytes(size)
    for padding in range(-size % 16 + 1):
        out = ctypes.create_string_buffer(b"\xa5" * 300, 300)
        crypto.wg_seal_padded(out, text, size, padding, 7, key)
        sealed = oracle_seal(key, 7, text + bytes(padding), b"")
        assert out.raw == sealed + b"\xa5" * (300 - len(sealed))


@pytest.mark.parametrize("size", [0, 1, 16, 32, 64, 100, 300])
def test_forgery_at_every_bit(crypto, size):
    rng = random.Random(size)
    key, text, ad = rng.randbytes(32), rng.randbytes(size), rng.randbytes(5)
    sealed = seal(crypto, key, 9, text, ad)
    for i in range(len(sealed) * 8):
        forged = bytearray(sealed)
        forged[i // 8] ^= 1 << i % 8
        assert open_(crypto, key, 9, bytes(forged), ad) is None, i
    for i in range(len(ad)):
        assert open_(crypto, key, 9, sealed, ad[:i] + bytes([ad[i] ^ 1]) + ad[i + 1 :]) is None
    for i in range(64):
        assert open_(crypto, key, 9 ^ 1 << i, sealed, ad) is None
    for cut in range(1, len(sealed) + 1):
        assert open_(crypto, key, 9, sealed[:-cut], ad) is None
    assert open_(crypto, key, 9, sealed + b"\0", ad) is None
    assert open_(crypto, key, 9, sealed, ad + b"\0") is None


def test_refused_in_place_stays_as_it_was(crypto):
    sealed = bytearray(oracle_seal(bytes(32), 0, bytes(100), b""))
    sealed[3] ^= 1
    buffer = ctypes.create_string_buffer(bytes(sealed), 116)
    assert not crypto.wg_open(buffer, buffer, 116, None, 0, 0, bytes(32))
    assert buffer.raw == bytes(sealed)


# In pieces


def pieces(rng, size: int) -> list[int]:
    sizes = []
    while sum(sizes) < size:
        piece = rng.choice((0, 1, 2, 15, 16, 17, 63, 64, 65, 128, 200))
        sizes.append(min(piece, size - sum(sizes)))
    return sizes


def in_pieces(crypto, crypt, key, counter, ad, address, sizes) -> bytes:
    """Run crypt (wg_aead_encrypt or ..._decrypt) in place over sizes; returns the tag."""
    state, tag = ctypes.create_string_buffer(STATE_LEN), ctypes.create_string_buffer(16)
    crypto.wg_aead_init(state, key, counter, ad, len(ad))
    for piece in sizes:
        crypt(state, address, address, piece)
        address += piece
    crypto.wg_aead_tag(state, tag)
    assert state.raw == bytes(STATE_LEN), "the state must be wiped"
    return tag.raw


def test_any_split(crypto, arenas):
    rng = random.Random(4)
    arena, _ = arenas
    for _ in range(1000):
        size, ad = rng.randrange(600), rng.randbytes(rng.choice((0, 3, 16, 40)))
        key, text, counter = rng.randbytes(32), rng.randbytes(size), rng.getrandbits(64)
        sealed = oracle_seal(key, counter, text, ad)
        sizes = pieces(rng, size)
        address = arena.write(arena.low(rng.randrange(4)), text)
        tag = in_pieces(crypto, crypto.wg_aead_encrypt, key, counter, ad, address, sizes)
        assert arena.read(address, size) + tag == sealed, sizes
        tag = in_pieces(crypto, crypto.wg_aead_decrypt, key, counter, ad, address, sizes)
        assert (arena.read(address, size), tag) == (text, sealed[-16:]), sizes


def test_pieces_out_of_place(crypto):
    rng = random.Random(5)
    text, key = rng.randbytes(777), rng.randbytes(32)
    state, tag = ctypes.create_string_buffer(STATE_LEN), ctypes.create_string_buffer(16)
    out = ctypes.create_string_buffer(777)
    crypto.wg_aead_init(state, key, 1, None, 0)
    position = 0
    for piece in pieces(rng, 777):
        crypto.wg_aead_encrypt(
            state, ctypes.addressof(out) + position, text[position : position + piece], piece
        )
        position += piece
    crypto.wg_aead_tag(state, tag)
    assert out.raw + tag.raw == oracle_seal(key, 1, text, b"")


# XChaCha20-Poly1305


def test_draft_xchacha_appendix_a3(crypto):
    text = (
        b"Ladies and Gentlemen of the class of '99: If I could offer you only one tip for "
        b"the future, sunscreen would be it."
    )
    ad = bytes.fromhex("50515253c0c1c2c3c4c5c6c7")
    key, nonce = bytes(range(0x80, 0xA0)), bytes(range(0x40, 0x58))
    expected = bytes.fromhex(
        "bd6d179d3e83d43b9576579493c0e939572a1700252bfaccbed2902c21396cbb"
        "731c7f1b0b4aa6440bf3a82f4eda7e39ae64c6708c54c216cb96b72e1213b452"
        "2f8c9ba40db5d945b11b69b982c1bb9e3f3fac2bc369488f76b2383565d3fff9"
        "21f9664c97637da9768812f615c68b13b52e"
        "c0875924c1c7987947deafd8780acf49"
    )
    out = ctypes.create_string_buffer(len(text) + 16)
    crypto.wg_xseal(out, text, len(text), ad, len(ad), nonce, key)
    assert out.raw == expected
    back = ctypes.create_string_buffer(len(text))
    assert crypto.wg_xopen(back, out, len(out), ad, len(ad), nonce, key)
    assert back.raw == text


def oracle_hchacha20(key: bytes, nonce: bytes) -> bytes:
    """draft-irtf-cfrg-xchacha section 2.2, in Python."""
    x = [
        0x61707865,
        0x3320646E,
        0x79622D32,
        0x6B206574,
        *struct.unpack("<8I", key),
        *struct.unpack("<4I", nonce),
    ]

    def quarter_round(a, b, c, d):
        for n, (p, q, r) in zip((16, 12, 8, 7), ((a, b, d), (c, d, b)) * 2, strict=True):
            x[p] = (x[p] + x[q]) & 0xFFFFFFFF
            x[r] ^= x[p]
            x[r] = (x[r] << n | x[r] >> 32 - n) & 0xFFFFFFFF

    for _ in range(10):
        for i in range(4):
            quarter_round(i, i + 4, i + 8, i + 12)
        for i in range(4):
            quarter_round(i, (i + 1) % 4 + 4, (i + 2) % 4 + 8, (i + 3) % 4 + 12)
    return struct.pack("<8I", *x[:4], *x[12:])


def test_xchacha_against_oracle(crypto):
    rng = random.Random(6)
    for size in [*range(130), 500]:
        key, nonce, text, ad = (rng.randbytes(n) for n in (32, 24, size, size % 20))
        subkey = oracle_hchacha20(key, nonce[:16])
        expected = ChaCha20Poly1305(subkey).encrypt(bytes(4) + nonce[16:], text, ad)
        out = ctypes.create_string_buffer(size + 16)
        crypto.wg_xseal(out, text, size, ad, len(ad), nonce, key)
        assert out.raw == expected
        assert crypto.wg_xopen(out, out, size + 16, ad, len(ad), nonce, key)
        assert out.raw[:size] == text
        for i in range(24):
            other = nonce[:i] + bytes([nonce[i] ^ 0x80]) + nonce[i + 1 :]
            assert not crypto.wg_xopen(out, expected, size + 16, ad, len(ad), other, key)
    assert not crypto.wg_xopen(out, bytes(15), 15, None, 0, bytes(24), bytes(32))
