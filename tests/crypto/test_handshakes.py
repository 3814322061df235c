# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
"""Handshakes of the device against the host's model on random inputs, byte by byte, both roles.

The model plays both ends and writes down what the device must send and derive; the device is told
the same. In every case one message of each kind comes changed before it comes as it is, the byte
being another one in every case, so that all of them have their turn. HANDSHAKE_CASES: how many.
"""

import copy
import ctypes
import os
import random
import struct
import subprocess
from pathlib import Path

import pytest
from support import noise_model as model
from support.device import BINARY, ROOT

CASES = int(os.environ.get("HANDSHAKE_CASES", "600"))
SCRIPT = Path(__file__).parent / "on_device" / "control_plane.py"
FIRMWARE = ROOT / "firmware" / "wireguard"
A_PROCESS = 500  # cases
SIZES = {b"\1\0\0\0": 148, b"\2\0\0\0": 92, b"\3\0\0\0": 64}
LOW_ORDER = [
    bytes(32),
    b"\1" + bytes(31),
    bytes.fromhex("e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800"),
    bytes.fromhex("ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"),
]


def clamped(chance):
    key = bytearray(chance.randbytes(32))
    key[0] &= 248
    key[31] = key[31] & 127 | 64
    return bytes(key)


class Case:
    """What the device is told, and the transcript that must come of it.

    ours is the device as the model has it, theirs its peer.
    """

    def __init__(self, number, mac1):
        self.number, self.mac1 = number, mac1
        self.chance = chance = random.Random(number)
        mine, other = clamped(chance), clamped(chance)
        psk = chance.choice((model.NO_PSK, chance.randbytes(32)))
        self.ours = model.NoisePeer(mine, model.DH_PUBLIC(other), psk)
        self.theirs = model.NoisePeer(other, self.ours.public_key, psk)
        self.random = chance.randbytes(32)  # for the secret of its cookies
        self.timestamps = b""
        self.now, self.label = 0, chance.getrandbits(31)
        self.events, self.expected = b"", b""
        self.keys = None  # of the last session, as the device has them
        self.accepted_changed = 0

    def bytes(self):
        head = self.ours.private_key + self.ours.remote_public_key + self.ours.preshared_key
        for part in (self.random, self.timestamps):
            head += struct.pack("<H", len(part)) + part
        return head + self.events + b"E" + bytes(4)

    # Randomness, in the order in which the device asks for it

    def index(self):
        value = self.chance.getrandbits(32)
        self.random += struct.pack("<L", value)
        return value

    def ephemeral(self):
        key = clamped(self.chance)
        self.random += key
        return key

    def timestamp(self):
        self.label += 1 + self.chance.getrandbits(8)
        return model.tai64n(self.label, self.chance.getrandbits(29))

    # Events

    def event(self, kind, data=None):
        self.now += 5000
        self.events += kind + struct.pack("<L", self.now)
        if data is not None:
            self.events += struct.pack("<H", len(data)) + data

    def initiate(self):
        """The device begins; its initiation."""
        self.event(b"W")
        self.random += bytes(4)  # the jitter of its timer
        stamp = self.timestamp()
        self.timestamps += stamp
        index = self.index()
        message = self.ours.create_initiation(self.ephemeral(), index, stamp)
        self.sent(message)
        self.expected += b"."
        return message

    def hand_over(self, message, consume):
        """A message arrives, and the model does with it what the device must do.

        The data plane lets the device see none of another length or with a wrong mac1.
        """
        before = copy.copy(self.ours)
        length = SIZES.get(message[:4])
        passes = len(message) == length and (
            message[0] == model.COOKIE_REPLY or self.mac1(self.ours.public_key, message)
        )
        if passes:
            self.event(b"M", message)
        try:
            answer = consume(message)
        except model.ProtocolError:
            answer, self.ours = None, before
        assert passes or answer is None, "the model takes what the data plane refuses"
        if passes:
            self.expected += b"."
        return answer

    def sent(self, message):
        self.expected += b"S" + struct.pack("<H", len(message)) + message

    def installed(self, session):
        indices = struct.pack("<LL", session.local_index, session.remote_index)
        self.expected += b"K" + indices + session.send_key + session.recv_key
        self.keys = session.send_key, session.recv_key

    def changed(self, message):
        """`message` with one byte changed, or with a weak ephemeral key.

        In odd rounds mac1 is right again, as anybody makes it who knows the public key, which
        leaves it to the handshake itself to notice.
        """
        turn, at = divmod(self.number, len(message))
        out = bytearray(message)
        if message[0] == model.COOKIE_REPLY:
            out[at] ^= 1 << self.chance.randrange(8)
            return bytes(out)
        if turn % 4 == 3:
            start = 8 if message[0] == model.INITIATION else 12
            out[start : start + 32] = self.chance.choice(LOW_ORDER)
        else:
            out[at] ^= 1 << self.chance.randrange(8)
        if turn % 2:
            key = model.HASH(model.LABEL_MAC1, self.ours.public_key)
            out[-32:-16] = model.MAC(key, bytes(out[:-32]))
        return bytes(out)

    # The two roles

    def as_initiator(self):
        first = self.initiate()
        if self.number % 3 == 0:
            self.be_given_a_cookie(first)
            first = self.initiate()
            assert any(first[-16:])
        self.theirs.consume_initiation(first)
        response, session = self.theirs.create_response(
            clamped(self.chance), self.chance.getrandbits(32)
        )
        if self.hand_over(self.changed(response), self.take_response):
            self.accepted_changed += 1
        else:
            assert self.hand_over(response, self.take_response)
            assert self.keys == (session.recv_key, session.send_key)
        self.hand_over(response, refuse)

    def take_response(self, message):
        session = self.ours.consume_response(message)
        self.installed(session)
        return session

    def as_responder(self):
        first = self.theirs_begins()
        if self.hand_over(self.changed(first), self.take_initiation):
            self.accepted_changed += 1
        else:
            response = self.hand_over(first, self.take_initiation)
            session = self.theirs.consume_response(response)
            assert self.keys == (session.recv_key, session.send_key)
            if self.number % 3 == 0:
                self.be_given_a_cookie(response)
                response = self.hand_over(self.theirs_begins(), self.take_initiation)
                assert any(response[-16:])
        assert not self.hand_over(first, self.take_initiation), "it is taken twice"

    def theirs_begins(self):
        return self.theirs.create_initiation(
            clamped(self.chance), self.chance.getrandbits(32), self.timestamp()
        )

    def take_initiation(self, message):
        self.ours.consume_initiation(message)
        index = self.index()
        response, session = self.ours.create_response(self.ephemeral(), index)
        self.installed(session)
        self.sent(response)
        return response

    def be_given_a_cookie(self, message):
        cookie, nonce = self.chance.randbytes(16), self.chance.randbytes(24)
        reply = self.theirs.create_cookie_reply(message, cookie, nonce)
        assert not self.hand_over(self.changed(reply), self.ours.consume_cookie_reply)
        assert self.hand_over(reply, self.ours.consume_cookie_reply) == cookie


def refuse(message):
    raise model.ProtocolError


@pytest.fixture(scope="module")
def mac1(tmp_path_factory):
    """mac1(public key, message): whether the data plane, which looks at it first, lets it pass."""
    target = tmp_path_factory.mktemp("cookie") / "libcookie.so"
    sources = [FIRMWARE / "cookie.c", *(FIRMWARE / "crypto").glob("*.c")]
    subprocess.run(["gcc", "-O2", "-fPIC", "-shared", "-o", target, *sources], check=True)
    library = ctypes.CDLL(str(target))
    library.wg_mac1_is_valid.restype = ctypes.c_bool

    def mac1(public_key, message):
        cookies = ctypes.create_string_buffer(256)  # a wg_cookies_t is smaller
        library.wg_cookies_init(cookies, public_key)
        return library.wg_mac1_is_valid(cookies, message, ctypes.c_size_t(len(message)))

    return mac1


def transcript(directory, cases):
    """What the device makes of them."""
    told, answer = directory / "cases", directory / "transcript"
    told.write_bytes(struct.pack("<L", len(cases)) + b"".join(case.bytes() for case in cases))
    done = subprocess.run(
        [BINARY, "-X", "heapsize=2M", SCRIPT, told, answer],
        env=os.environ | {"MICROPYPATH": f"{ROOT / 'lib'}:.frozen"},
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return answer.read_bytes()


@pytest.mark.timeout(600 + CASES // 10)
@pytest.mark.parametrize("role, size", [("initiator", 92), ("responder", 148)])
def test_handshakes(role, size, tmp_path, mac1):
    accepted = 0
    for first in range(0, CASES, A_PROCESS):
        cases = [Case(number, mac1) for number in range(first, min(first + A_PROCESS, CASES))]
        for case in cases:
            getattr(case, f"as_{role}")()
            accepted += case.accepted_changed
        seen = transcript(tmp_path, cases)
        at = 0
        for case in cases:
            expected = case.expected + b"E"
            assert seen[at : at + len(expected)] == expected, (role, case.number)
            at += len(expected)
        assert at == len(seen)
    print(f"{CASES} cases as {role}; both take {accepted} changed messages")
    assert accepted == sum(is_open_to_change(number, size) for number in range(CASES))


def is_open_to_change(number, size):
    """mac2, for which nobody has asked. And by who makes mac1 right again the sender's index, by
    which he names the session (or mac1, which is then as it was). Nothing else."""
    turn, at = divmod(number, size)
    if turn % 2 == 0:
        return at >= size - 16
    return turn % 4 == 1 and (4 <= at < 8 or at >= size - 32)
