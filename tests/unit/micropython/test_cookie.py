# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
"""mac1, mac2 and cookies between our own two sides."""

from os import urandom

import _wireguard as c
from expect import equal
from wireguard.cookie import Checker, Stamper

_PUBLIC = bytes(range(32))
_SOURCE = ("192.0.2.1", 4000)


def _message():
    message = bytearray(148)
    message[0] = 1
    message[4:8] = b"\x11\x22\x33\x44"
    return message


def test_mac1_by_its_definition():
    stamper, message = Stamper(_PUBLIC), _message()
    stamper.stamp(message, 0)
    key = c.blake2s(b"mac1----" + _PUBLIC)
    equal(message[116:132], c.blake2s(message[:116], key, 16))
    equal(message[132:], bytes(16))


def test_cookie_makes_the_next_message_acceptable():
    stamper, checker, message = Stamper(_PUBLIC), Checker(_PUBLIC, urandom), _message()
    stamper.stamp(message, 0)
    assert not checker.has_mac2(message, _SOURCE, 0)
    reply = checker.reply(message, _SOURCE, 0)
    equal(len(reply), 64)
    equal(reply[:8], b"\x03\x00\x00\x00\x11\x22\x33\x44")
    assert stamper.consume(reply, 10)
    message = _message()
    stamper.stamp(message, 20)
    assert checker.has_mac2(message, _SOURCE, 30)
    message[20] ^= 1
    assert not checker.has_mac2(message, _SOURCE, 30)


def test_cookie_is_for_one_address_and_port():
    stamper, checker, message = Stamper(_PUBLIC), Checker(_PUBLIC, urandom), _message()
    stamper.stamp(message, 0)
    assert stamper.consume(checker.reply(message, _SOURCE, 0), 0)
    stamper.stamp(message, 0)
    assert checker.has_mac2(message, _SOURCE, 0)
    assert not checker.has_mac2(message, ("192.0.2.1", 4001), 0)
    assert not checker.has_mac2(message, ("192.0.2.2", 4000), 0)


def test_reply_counts_only_for_the_message_it_answers_and_once():
    stamper, checker, first = Stamper(_PUBLIC), Checker(_PUBLIC, urandom), _message()
    assert not stamper.consume(bytes(64), 0)
    stamper.stamp(first, 0)
    reply = checker.reply(first, _SOURCE, 0)
    second = _message()
    second[9] = 1
    stamper.stamp(second, 0)
    assert not stamper.consume(reply, 0)
    reply = checker.reply(second, _SOURCE, 0)
    forged = bytearray(reply)
    forged[40] ^= 1
    assert not stamper.consume(forged, 0)
    assert stamper.consume(reply, 0)
    assert not stamper.consume(reply, 0)


def test_cookie_is_used_for_120_s():
    stamper, checker, message = Stamper(_PUBLIC), Checker(_PUBLIC, urandom), _message()
    stamper.stamp(message, 0)
    stamper.consume(checker.reply(message, _SOURCE, 0), 1000)
    for now, used in ((120_999, True), (121_000, False), (121_001, False)):
        message = _message()
        stamper.stamp(message, now)
        equal(message[132:] != bytes(16), used)


def test_secret_changes_after_120_s():
    stamper, checker, message = Stamper(_PUBLIC), Checker(_PUBLIC, urandom), _message()
    stamper.stamp(message, 0)
    stamper.consume(checker.reply(message, _SOURCE, 0), 0)
    stamper.stamp(message, 0)
    assert checker.has_mac2(message, _SOURCE, 119_999)
    assert not checker.has_mac2(message, _SOURCE, 120_000)


def test_works_from_time_zero_and_far_beyond():
    for now in (0, 1 << 30, 1 << 45):
        stamper, checker, message = Stamper(_PUBLIC), Checker(_PUBLIC, urandom), _message()
        stamper.stamp(message, now)
        assert stamper.consume(checker.reply(message, _SOURCE, now), now)
        stamper.stamp(message, now + 1)
        assert checker.has_mac2(message, _SOURCE, now + 1)
