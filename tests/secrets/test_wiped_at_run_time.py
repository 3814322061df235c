# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
"""Keys that are replaced or fail while the tunnel stays up: what is left of them in memory.

What a program or a file says in base64 is theirs; here it is about the keys made of it.
"""

import json
import os
import time

import memory
import pytest
from recorder import RECORDER, private_keys, secrets_of
from support.noise_model import DH, DH_PUBLIC, KDF, NoisePeer
from wgpy import keys

pytestmark = memory.SEARCHABLE

CHANGES = (
    RECORDER
    + """
t = tunnel()
assert ping("192.168.4.254", 2) == 2
report(up=True)
step = 0
while not told("end"):
    if told("step%d" % step):
        with open("step%d" % step) as f:
            change = json.load(f)
        if "interface" in change:
            t.configure(change)
        else:
            t.set_peer(**change)
        del change
        report(done=step)
        step += 1
    time.sleep_ms(10)
t.down()
"""
)


class Changing:
    def __init__(self, device, config):
        self.run = device.start(CHANGES, config)
        self.run.wait_for("RESULT .*up")
        self._steps = 0

    def change(self, **change):
        self.run.tell(f"step{self._steps}", json.dumps(change))
        self.run.wait_for(f"RESULT .*done.*{self._steps}")
        self._steps += 1

    def find(self, **secrets):
        return memory.find(memory.snapshot(self.run.process.pid), secrets)

    def end(self):
        self.run.tell("end")
        assert self.run.wait() == 0, self.run.output


def test_a_preshared_key_that_was_replaced(device, peer):
    changing = Changing(device, peer.config())
    first, second = os.urandom(32), os.urandom(32)
    for psk in (first, second):
        changing.change(public_key=peer.public_key, preshared_key=keys.encode(psk))
    assert changing.find(second=second)
    found = changing.find(first=first)
    changing.change(public_key=peer.public_key, preshared_key=None)
    found += changing.find(second=second)
    changing.end()
    assert not found, "\n".join(found)


def test_a_peer_that_was_removed(device, peer):
    """Its preshared key, what the static keys share, and its session."""
    psk = os.urandom(32)
    peer.noise = NoisePeer(peer.noise.private_key, peer.noise.remote_public_key, psk)
    changing = Changing(device, peer.config(preshared_key=keys.encode(psk)))
    config = peer.config()
    lasting = private_keys(config)
    secrets = secrets_of(changing.run, lasting)
    secrets["static shared"] = DH(peer.device_private_key, peer.noise.public_key)
    assert changing.find(psk=psk) and changing.find(shared=secrets["static shared"])
    changing.change(public_key=peer.public_key, remove=True)
    found = changing.find(psk=psk, **secrets)
    assert changing.find(private=next(iter(lasting)))
    changing.end()
    assert len(secrets) > 10
    assert not found, "\n".join(found)


def test_a_private_key_that_was_replaced(device, peer):
    """And all that the peers shared with it."""
    config = peer.config()
    changing = Changing(device, config)
    (old,) = private_keys(config)
    secrets = secrets_of(changing.run) | {"private": old}
    new = os.urandom(32)
    peer.noise = NoisePeer(peer.noise.private_key, DH_PUBLIC(new))
    config["interface"]["private_key"] = keys.encode(new)
    changing.change(**config)
    peer.wait(lambda: len(peer.sessions) == 2, 20, "a session with the new key")
    assert changing.find(new=new)
    found = changing.find(**secrets)
    changing.end()
    assert len(secrets) > 10
    assert not found, "\n".join(found)


MADE = """
from testing import *
uplink()
t = wireguard.Tunnel("wg.json").up()
report(up=True)
wait_for("end")
t.down()
report(down=True)
wait_for("really")
"""


@pytest.mark.parametrize("is_new", [True, False], ids=["made here", "read"])
def test_a_private_key_in_a_file_of_its_own(device, peer, is_new):
    """One copy of it, as if it were in wg.json."""
    config = peer.config()
    private = config["interface"].pop("private_key")
    files = {} if is_new else {"private.key": private + "\n"}
    run = device.start(MADE, config, files=files)
    run.wait_for("RESULT .*up")
    key = keys.decode((run.flash / "private.key").read_text().strip())
    run.tell("end")
    run.wait_for("RESULT .*down")
    found = memory.find(memory.snapshot(run.process.pid), {"private": key})
    run.tell("really")
    assert run.wait() == 0, run.output
    assert len(found) == len(memory.PIECES), "\n".join(found)


FAILS = (
    RECORDER
    + """
uplink()
t = wireguard.Tunnel("wg.json").up()
wait_for("down", 60)
t.down()
report(down=True)
wait_for("end")
"""
)


@pytest.mark.parametrize("wrong", [True, False], ids=["wrong answers", "no answers"])
def test_handshakes_that_fail(device, peer, wrong):
    """Of those before the one under way nothing is left, and in the end of none."""
    config = peer.config()
    peer.answer_handshakes = wrong
    peer.noise.preshared_key = os.urandom(32)  # the device has none: it cannot open the response
    run = device.start(FAILS, config)
    lasting = private_keys(config)
    lasting.add(DH(peer.device_private_key, peer.noise.public_key))
    counts = []
    for number in (1, 2):
        peer.wait(lambda n=number: peer.initiations >= n, 20, "an initiation")
        time.sleep(0.2)  # the answer is judged
        counts.append(len(secrets_of(run, lasting)))
    secrets = secrets_of(run, lasting)
    first = dict(list(secrets.items())[: counts[0]])
    found = memory.find(memory.snapshot(run.process.pid), first)
    run.tell("down")
    run.wait_for("RESULT .*down")
    found += memory.find(memory.snapshot(run.process.pid), secrets)
    run.tell("end")
    assert run.wait() == 0, run.output
    assert len(first) >= 5 and len(secrets) > len(first)
    assert not found, "\n".join(found)


COOKIES = """
from testing import *
from wireguard import device, keys
import binascii

class Keys:
    draw_private = keys.draw_private

    def draw(random):
        seed = keys.draw(random)
        print("SEED", binascii.hexlify(seed).decode())
        return seed

device.keys = Keys
t = tunnel()
report(up=True)
wait_for("down", 60)
t.down()
report(down=True)
wait_for("end")
"""


def test_the_secrets_of_cookies(device, peer):
    """What they are made from, once strangers have been given some."""
    run = device.start(COOKIES, peer.config())
    run.wait_for("RESULT .*up")
    for _ in range(12):
        peer.raw(peer.noise.create_initiation())
    peer.wait(lambda: any(d[0] == 3 for d in peer.datagrams), 20, "a cookie")
    seed = bytes.fromhex(run.wait_for(r"^SEED (\w+)$")[1])
    names = ("the next seed", "the secret", "the key of nonces")
    secrets = dict(zip(names, KDF(3, seed, b""), strict=True))
    parts = memory.snapshot(run.process.pid)
    for name, secret in secrets.items():
        assert memory.find(parts, {name: secret}), name
    secrets["the first seed"] = seed
    assert not memory.find(parts, {"the first seed": seed})
    run.tell("down")
    run.wait_for("RESULT .*down")
    found = memory.find(memory.snapshot(run.process.pid), secrets)
    run.tell("end")
    assert run.wait() == 0, run.output
    assert not found, "\n".join(found)
