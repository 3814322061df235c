# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
"""Keys: generation, and text as strict as wg's."""

from expect import equal, raises, unhex
from wireguard import keys

_TEXT = "dwdtCnMYpX08FsFyUbJmRd9ML4frwJkqsXf7pR25LCo="
_PRIVATE = unhex("77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a")
_PUBLIC = unhex("8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a")


def test_text_and_back():
    equal(keys.encode(_PRIVATE), _TEXT)
    equal(keys.decode(_TEXT), _PRIVATE)
    equal(keys.public(_PRIVATE), _PUBLIC)


def test_only_the_canonical_text_is_a_key():
    for text in (
        "",
        _TEXT[:-1],
        _TEXT + "=",
        _TEXT + "\n",
        " " + _TEXT,
        _TEXT[:-2] + "p=",  # the same bytes, bits left over
        _TEXT[:-1] + "A",
        _TEXT[:20] + "-" + _TEXT[21:],
        _TEXT[:20] + "\n" + _TEXT[21:],
        _TEXT[:20] + "=" + _TEXT[21:],
        "\xe9" * 44,
        None,
        5,
    ):
        error = str(raises(ValueError, keys.decode, text))
        assert not text or len(str(text)) < 10 or str(text) not in error


def test_generated_keys_are_clamped_and_differ():
    seen = set()
    for _ in range(50):
        key = keys.generate()
        equal(len(key), 32)
        equal((key[0] & 7, key[31] & 0xC0), (0, 0x40))
        seen.add(bytes(key))
        equal(keys.decode(keys.encode(key)), key)
    equal(len(seen), 50)
    assert keys.generate_preshared() != keys.generate_preshared()
