# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
"""mac1, mac2 and cookies as their sender keeps them."""

import _wireguard as c
from expect import equal
from wireguard.cookie import Stamper

_PUBLIC = bytes(range(32))
_COOKIE = bytes(range(16))


def _hash(data):
    out = bytearray(32)
    c.hash(out, data)
    return out


def _message():
    message = bytearray(148)
    message[0] = 1
    message[4:8] = b"\x11\x22\x33\x44"
    return message


def _reply(message):
    """As who has the key _PUBLIC answers it under load."""
    nonce = bytes(range(24))
    sealed = c.seal(_hash(b"cookie--" + _PUBLIC), nonce, _COOKIE, message[-32:-16])
    return b"\x03\0\0\0" + bytes(message[4:8]) + nonce + sealed


def test_mac1_by_its_definition():
    stamper, message = Stamper(_PUBLIC), _message()
    stamper.stamp(message, 0)
    equal(message[116:132], c.mac(_hash(b"mac1----" + _PUBLIC), message[:116]))
    equal(message[132:], bytes(16))


def test_a_cookie_makes_mac2_of_the_next_message():
    stamper, message = Stamper(_PUBLIC), _message()
    stamper.stamp(message, 0)
    assert stamper.consume(_reply(message), 10)
    message = _message()
    stamper.stamp(message, 20)
    equal(message[132:], c.mac(_COOKIE, message[:132]))


def test_reply_counts_only_for_the_message_it_answers_and_once():
    stamper, first = Stamper(_PUBLIC), _message()
    assert not stamper.consume(bytes(64), 0)
    stamper.stamp(first, 0)
    reply = _reply(first)
    second = _message()
    second[9] = 1
    stamper.stamp(second, 0)
    assert not stamper.consume(reply, 0)
    reply = _reply(second)
    for at in (8, 40, 63):
        forged = bytearray(reply)
        forged[at] ^= 1
        assert not stamper.consume(forged, 0)
    assert stamper.consume(reply, 0)
    assert not stamper.consume(reply, 0)


def test_cookie_is_used_for_120_s():
    for start in (0, 1 << 30, 1 << 45):
        stamper, message = Stamper(_PUBLIC), _message()
        stamper.stamp(message, start)
        assert stamper.consume(_reply(message), start + 1000)
        for now, used in ((120_999, True), (121_000, False), (121_001, False)):
            message = _message()
            stamper.stamp(message, start + now)
            equal(message[132:] != bytes(16), used)
