# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
"""The crypto of `_wireguard` through its bindings: known answers."""

import _wireguard as c
from expect import equal, raises, unhex

# RFC 7748, sections 5.2 and 6.1


def test_x25519_rfc7748():
    for scalar, point, expected in (
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
    ):
        out = bytearray(32)
        assert c.x25519(out, unhex(scalar), unhex(point)) is True
        equal(out, unhex(expected))


def test_x25519_base_rfc7748():
    private = unhex("77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a")
    public = unhex("8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a")
    out = bytearray(32)
    c.x25519_base(out, private)
    equal(out, public)


def test_x25519_low_order_point():
    for point in (bytes(32), b"\x01" + bytes(31)):
        out = bytearray(b"\xff" * 32)
        assert c.x25519(out, bytes(range(32)), point) is False
        equal(out, bytes(32))


# RFC 7693, appendix B


def hashed(*parts):
    out = bytearray(32)
    c.hash(out, *parts)
    return bytes(out)


def test_hash_rfc7693():
    expected = unhex("508c5e8c327c14e2e1a72ba34eeb452f37458b209ed63a294d999b4c86675982")
    equal(hashed(b"abc"), expected)
    equal(hashed(b"a", b"", b"bc"), expected)


def test_hash_into_one_of_its_parts():
    part = bytearray(b"abc" + bytes(29))
    c.hash(part, memoryview(part)[:3])
    equal(part, hashed(b"abc"))


def test_mac_is_keyed_blake2s():
    equal(c.mac(bytes(range(32)), b"abc", b"def"), unhex("a39faa4a9ec339b8953422c2d1b846b4"))


def hmac(key, data):
    inner = hashed(bytes([b ^ 0x36 for b in key]), b"\x36" * 32, data)
    return hashed(bytes([b ^ 0x5C for b in key]), b"\x5c" * 32, inner)


def test_kdf_by_its_definition():
    key, data = bytearray(range(32)), b"input"
    secret = hmac(key, data)
    first = hmac(secret, b"\x01")
    second = hmac(secret, first + b"\x02")
    third = hmac(secret, second + b"\x03")
    outs = [bytearray(32) for _ in range(3)]
    c.kdf(key, data, *outs)
    equal(outs, [first, second, third])
    c.kdf(key, data, key, outs[1])  # the first output may take the place of the key
    equal([key, outs[1]], [first, second])


# RFC 8439, appendix A.5: its nonce begins with four zero bytes, as WireGuard's do

_A5 = (
    "1c9240a5eb55d38af333888604f6b5f0473917c1402b80099dca5cbc207075c0",
    "0102030405060708",
    "f33388860000000000004e91",
    "64a0861575861af460f062c79be643bd5e805cfd345cf389f108670ac76c8cb2"
    "4c6cfc18755d43eea09ee94e382d26b0bdb7b73c321b0100d4f03b7f355894cf"
    "332f830e710b97ce98c8a84abd0b948114ad176e008d33bd60f982b1ff37c855"
    "9797a06ef4f0ef61c186324e2b3506383606907b6a7c02b0f9f6157b53c867e4"
    "b9166c767b804d46a59b5216cde7a4e99040c5a40433225ee282a1b0a06c523e"
    "af4534d7f83fa1155b0047718cbc546a0d072b04b3564eea1b422273f548271a"
    "0bb2316053fa76991955ebd63159434ecebb4e466dae5a1073a6727627097a10"
    "49e617d91d361094fa68f0ff77987130305beaba2eda04df997b714d6c6f2c29"
    "a6ad5cb4022b02709b",
    "eead9d67890cbb22392336fea1851f38",
)


def test_open_rfc8439():
    key, nonce, ad, sealed, tag = _A5
    key, nonce, ad, sealed = unhex(key), unhex(nonce), unhex(ad), unhex(sealed + tag)
    plain = c.open(key, nonce, sealed, ad)
    assert plain.startswith(b"Internet-Drafts are draft documents valid for a maximum of six")
    equal(len(plain), 265)
    equal(c.seal(key, nonce, plain, ad), sealed)


def test_open_refuses_every_changed_bit():
    key, one, two = bytes(range(32)), b"\1" + bytes(7), b"\2" + bytes(7)
    sealed = c.seal(key, one, b"text", b"ad")
    for i in range(8 * len(sealed)):
        changed = bytearray(sealed)
        changed[i // 8] ^= 1 << i % 8
        assert c.open(key, one, changed, b"ad") is None
    assert c.open(key, two, sealed, b"ad") is None
    assert c.open(key, one, sealed, b"aD") is None
    assert c.open(key, one, sealed[:-1], b"ad") is None
    assert c.open(key, one, b"", b"ad") is None
    equal(c.open(key, one, sealed, b"ad"), b"text")


# draft-irtf-cfrg-xchacha, appendix A.3.1


def test_xchacha_draft_vector():
    text = (
        b"Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the "
        b"future, sunscreen would be it."
    )
    key = bytes(range(0x80, 0xA0))
    nonce = bytes(range(0x40, 0x58))
    ad = unhex("50515253c0c1c2c3c4c5c6c7")
    sealed = unhex(
        "bd6d179d3e83d43b9576579493c0e939572a1700252bfaccbed2902c21396cbb"
        "731c7f1b0b4aa6440bf3a82f4eda7e39ae64c6708c54c216cb96b72e1213b452"
        "2f8c9ba40db5d945b11b69b982c1bb9e3f3fac2bc369488f76b2383565d3fff9"
        "21f9664c97637da9768812f615c68b13b52e"
        "c0875924c1c7987947deafd8780acf49"
    )
    equal(c.seal(key, nonce, text, ad), sealed)
    equal(c.open(key, nonce, sealed, ad), text)
    assert c.open(key, nonce[:-1] + b"\x00", sealed, ad) is None


def test_wipe():
    secret = bytearray(b"secret")
    c.wipe(secret)
    equal(secret, bytes(6))
    drawn = bytes(bytearray(b"answer of a random generator"))
    c.wipe(drawn)
    equal(drawn, bytes(28))
    raises(TypeError, c.wipe, "text")


def test_wrong_sizes_are_errors():
    out = bytearray(32)
    key = bytes(32)
    raises(ValueError, c.x25519, out, key[:31], key)
    raises(ValueError, c.x25519, out, key, key[:31])
    raises(ValueError, c.x25519, bytearray(31), key, key)
    raises(ValueError, c.hash, bytearray(31), b"")
    raises(ValueError, c.kdf, key, b"", bytearray(31))
    raises(ValueError, c.seal, key[:31], bytes(8), b"", b"")
    for size in (0, 7, 9, 12, 23, 25):
        raises(ValueError, c.seal, key, bytes(size), b"", b"")
        raises(ValueError, c.open, key, bytes(size), bytes(16), b"")
