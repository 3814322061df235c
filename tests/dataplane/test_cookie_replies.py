# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
"""Cookies that we give out, against the model of whom they are given to."""

import ctypes
import os

import native
import pytest
from support.noise_model import NoisePeer, generate_private_key

LIFETIME = 120_000
SOURCE = bytes([192, 0, 2, 1]) + bytes(12) + (4000).to_bytes(2, "big")
WRAP = 2**32


class Us:
    """Our side, with a clock of 32 bits."""

    def __init__(self, library, stranger, public_key, seed=bytes(32)):
        self.library, self.stranger = library, stranger
        self.cookies = native.Cookies()
        library.wg_cookies_init(self.cookies, public_key)
        if seed is not None:
            library.wg_cookies_seed(self.cookies, seed)

    def reply(self, message, source=SOURCE, now=0):
        out = ctypes.create_string_buffer(64)
        now %= WRAP
        if not self.library.wg_cookie_reply(self.cookies, out, message, len(message), source, now):
            return None
        return out.raw

    def proven(self, message, source=SOURCE, now=0):
        return self.library.wg_mac2_is_valid(
            self.cookies, message, len(message), source, now % WRAP
        )

    def give(self, **arguments):
        """Have the stranger ask and keep the cookie; its next message."""
        reply = self.reply(self.stranger.create_initiation(), **arguments)
        assert reply[0] == 3
        self.stranger.consume_cookie_reply(reply)  # ProtocolError if it is not authentic
        return self.stranger.create_initiation()


@pytest.fixture
def us(dataplane):
    private = generate_private_key()
    public = NoisePeer(private, bytes(32)).public_key
    return Us(dataplane, NoisePeer(generate_private_key(), public), public)


def test_mac1(us):
    for message in (us.stranger.create_initiation(), us.stranger.add_macs(bytes(60))):
        assert us.library.wg_mac1_is_valid(us.cookies, message, len(message))
        for at in (0, len(message) - 33, len(message) - 32, len(message) - 17):
            wrong = bytearray(message)
            wrong[at] ^= 1
            assert not us.library.wg_mac1_is_valid(us.cookies, bytes(wrong), len(message))
        other = message[:-16] + os.urandom(16)  # mac2 is none of its business
        assert us.library.wg_mac1_is_valid(us.cookies, other, len(message))


def test_a_cookie_proves_where_a_message_comes_from(us):
    assert not us.proven(us.stranger.create_initiation())
    message = us.give()
    assert us.proven(message)
    elsewhere = bytes([192, 0, 2, 2]) + SOURCE[4:]
    other_port = SOURCE[:-1] + bytes([SOURCE[-1] ^ 1])
    assert not us.proven(message, elsewhere)
    assert not us.proven(message, other_port)
    for at in (0, 40, 131, 132, 147):
        wrong = bytearray(message)
        wrong[at] ^= 1
        assert not us.proven(bytes(wrong))


@pytest.mark.parametrize("start", [0, 5, WRAP - 60_000, WRAP - LIFETIME, 2**31])
def test_the_secret_lives_for_two_minutes(us, start):
    message = us.give(now=start)
    assert us.proven(message, now=start + LIFETIME - 1)
    secret, seed = bytes(us.cookies.secret), bytes(us.cookies.seed)
    assert not us.proven(message, now=start + LIFETIME)
    assert secret != bytes(us.cookies.secret) and seed != bytes(us.cookies.seed)
    message = us.give(now=start + LIFETIME)
    assert us.proven(message, now=start + 2 * LIFETIME - 1)


def test_no_nonce_is_used_twice(us):
    nonces = set()
    for now in (0, 1, LIFETIME, 2 * LIFETIME):
        for _ in range(50):
            nonces.add(us.reply(us.stranger.create_initiation(), now=now)[8:32])
    assert len(nonces) == 200


def test_another_seed_gives_other_cookies(dataplane, us):
    public = us.stranger.remote_public_key
    other = Us(dataplane, us.stranger, public, bytes(31) + b"\1")
    message = us.give()
    other.reply(message)
    assert not other.proven(message)


def test_without_a_seed_there_are_no_cookies(dataplane, us):
    unseeded = Us(dataplane, us.stranger, us.stranger.remote_public_key, None)
    message = us.give()
    assert unseeded.reply(message) is None
    assert not unseeded.proven(message)
