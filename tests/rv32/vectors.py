# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
"""Published answers: RFC 7748, RFC 8439, draft-irtf-cfrg-xchacha, RFC 7693, as cases."""

import cases


def published(one: bytes, answer: str) -> bytes:
    """The case, once the host's answer is seen to be the published one."""
    assert one.endswith(bytes.fromhex(answer))
    return one


def x25519_vectors():
    unhex = bytes.fromhex
    # RFC 7748 section 5.2
    yield published(
        cases.x25519(
            unhex("a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4"),
            unhex("e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c"),
        ),
        "c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552",
    )
    yield published(
        cases.x25519(
            unhex("4b66e9d4d1b4673c5ad22691957d6af5c11b6421e0ea01d42ca4169e7918ba0d"),
            unhex("e5210f12786811d3f4b7959d0538ae2c31dbe7106fc03c3efc4cd549c715a493"),
        ),
        "95cbde9476e8907d7aade45cb4b873f88b595a68799fa152e6f8f7647aac7957",
    )
    # The same section's iteration, after one round.
    yield published(
        cases.x25519(cases.le(9), cases.le(9)),
        "422c8e7a6227d7bca1350b3e2bb7279f7897b87bb6854b783c60e80311ae3079",
    )
    # RFC 7748 section 6.1
    alice = unhex("77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a")
    bob = unhex("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb")
    bob_public = "de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f"
    yield published(
        cases.base(alice), "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a"
    )
    yield published(cases.base(bob), bob_public)
    yield published(
        cases.x25519(alice, unhex(bob_public)),
        "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742",
    )


def aead_vectors():
    # RFC 8439 appendix A.5, whose nonce has WireGuard's form.
    key = bytes.fromhex("1c9240a5eb55d38af333888604f6b5f0473917c1402b80099dca5cbc207075c0")
    ad = bytes.fromhex("f33388860000000000004e91")
    text = (
        b"Internet-Drafts are draft documents valid for a maximum of six months and may be "
        b"updated, replaced, or obsoleted by other documents at any time. It is inappropriate to "
        b"use Internet-Drafts as reference material or to cite them other than as "
        b"/\xe2\x80\x9cwork in progress./\xe2\x80\x9d"
    )
    tag = "eead9d67890cbb22392336fea1851f38"
    for op in (cases.SEAL, cases.FORGE):
        yield published(cases.seal(key, 0x0807060504030201, text, ad, op=op), tag)
    # draft-irtf-cfrg-xchacha appendix A.3.1
    text = (
        b"Ladies and Gentlemen of the class of '99: If I could offer you only one tip for "
        b"the future, sunscreen would be it."
    )
    ad = bytes.fromhex("50515253c0c1c2c3c4c5c6c7")
    yield published(
        cases.xseal(bytes(range(0x80, 0xA0)), bytes(range(0x40, 0x58)), text, ad),
        "c0875924c1c7987947deafd8780acf49",
    )


def hash_vectors():
    # RFC 7693 appendix B
    yield published(
        cases.blake2s(b"", b"abc", 32),
        "508c5e8c327c14e2e1a72ba34eeb452f37458b209ed63a294d999b4c86675982",
    )
    # The whitepaper's first two hashes of every handshake (section 5.4).
    construction = b"Noise_IKpsk2_25519_ChaChaPoly_BLAKE2s"
    yield published(
        cases.blake2s(b"", construction, 32),
        "60e26daef327efc02ec335e2a025d2d016eb4206f87277f52d38d1988b78cd36",
    )
    # No published vectors are known for these two; the answers are the host's.
    yield cases.hmac(b"key", b"data")
    for n in (1, 2, 3):
        yield cases.kdf(bytes(range(32)), b"input", n)


def all_vectors():
    yield from x25519_vectors()
    yield from aead_vectors()
    yield from hash_vectors()
