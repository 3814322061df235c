# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors

"""Handshakes of the device against the host's model, byte by byte, in both roles."""

import json
import random

import pytest
from support import noise_model as model


class Transcript:
    """Everything that would be random in a handshake, from a seed."""

    def __init__(self, seed, psk):
        rng = random.Random(seed)
        self.initiator, self.responder = rng.randbytes(32), rng.randbytes(32)
        self.ephemerals = [self._clamp(rng.randbytes(32)) for _ in range(2)]
        self.indices = [rng.getrandbits(32) for _ in range(2)]
        self.psk = rng.randbytes(32) if psk else model.NO_PSK
        self.timestamp = model.tai64n(rng.getrandbits(31), rng.randrange(60) << 24)

    @staticmethod
    def _clamp(key):
        return bytes([key[0] & 248]) + key[1:31] + bytes([key[31] & 127 | 64])

    def peers(self):
        publics = [model.DH_PUBLIC(key) for key in (self.initiator, self.responder)]
        return (
            model.NoisePeer(self.initiator, publics[1], self.psk),
            model.NoisePeer(self.responder, publics[0], self.psk),
        )

    def arguments(self, role, **more):
        n = 0 if role == "initiator" else 1
        mine, other = self.peers()[n], self.peers()[1 - n]
        return {
            "role": role,
            "private": mine.private_key.hex(),
            "remote_public": other.public_key.hex(),
            "psk": self.psk.hex(),
            "index": self.indices[n],
            "ephemeral": self.ephemerals[n].hex(),
            "timestamp": self.timestamp.hex(),
        } | {name: value.hex() for name, value in more.items()}


@pytest.fixture
def ask(on_device, tmp_path):
    """ask(arguments): one end of a handshake on the device."""

    def ask(arguments):
        (tmp_path / "arguments.json").write_text(json.dumps(arguments))
        return json.loads(on_device("transcript.py"))

    return ask


@pytest.fixture(params=[(seed, psk) for seed in range(4) for psk in (False, True)], ids=str)
def transcript(request):
    return Transcript(*request.param)


def test_device_as_initiator(transcript, ask):
    initiator, responder = transcript.peers()
    expected = initiator.create_initiation(
        transcript.ephemerals[0], transcript.indices[0], transcript.timestamp
    )
    assert responder.consume_initiation(expected) == transcript.timestamp
    response, session = responder.create_response(transcript.ephemerals[1], transcript.indices[1])
    result = ask(transcript.arguments("initiator", response=response))
    assert result["initiation"] == expected.hex()
    assert result["session"] == [
        session.local_index,
        session.recv_key.hex(),
        session.send_key.hex(),
    ]


def test_device_as_responder(transcript, ask):
    initiator, responder = transcript.peers()
    initiation = initiator.create_initiation(
        transcript.ephemerals[0], transcript.indices[0], transcript.timestamp
    )
    responder.consume_initiation(initiation)
    expected, _ = responder.create_response(transcript.ephemerals[1], transcript.indices[1])
    result = ask(transcript.arguments("responder", initiation=initiation))
    assert result["caller"] == initiator.public_key.hex()
    assert result["timestamp"] == transcript.timestamp.hex()
    assert result["response"] == expected.hex()
    session = initiator.consume_response(bytes.fromhex(result["response"]))
    assert result["session"] == [
        session.local_index,
        session.recv_key.hex(),
        session.send_key.hex(),
    ]


def test_device_uses_the_cookie_that_the_model_gives(ask):
    transcript = Transcript(10, False)
    initiator, responder = transcript.peers()
    answered = initiator.create_initiation(transcript.ephemerals[1], transcript.indices[0])
    cookie = bytes(range(16))
    reply = responder.create_cookie_reply(answered, cookie)
    result = ask(
        transcript.arguments("initiator", cookie_reply=reply, answered_mac1=answered[-32:-16])
    )
    initiation = bytes.fromhex(result["initiation"])
    assert responder.has_mac2(initiation, cookie)
    responder.consume_initiation(initiation)


def test_device_refuses_a_response_made_with_another_psk(ask):
    transcript = Transcript(11, True)
    initiator, responder = transcript.peers()
    responder.preshared_key = bytes(32)
    responder.consume_initiation(
        initiator.create_initiation(
            transcript.ephemerals[0], transcript.indices[0], transcript.timestamp
        )
    )
    response, _ = responder.create_response()
    assert ask(transcript.arguments("initiator", response=response))["session"] is None


def test_the_model_itself_against_hchacha20_of_the_draft():
    """draft-irtf-cfrg-xchacha, section 2.2.1: the one primitive that the model brings along."""
    nonce = bytes.fromhex("000000090000004a0000000031415927")
    assert model._hchacha20(bytes(range(32)), nonce).hex() == (
        "82413b4227b27bfed30e42508a877d73a0f9e4d58a74a853c12ec41326d3ecdc"
    )
