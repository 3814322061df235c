# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
"""What the device's process still knows of its secrets after down(), and after keys have expired.

The device runs with a recorder: every private key, shared secret, chaining key and transport key
that it makes goes to the test. Then the test reads all of the process's memory.
"""

import memory
import pytest
from recorder import RECORDER, private_keys, secrets_of
from support.noise_model import DH

pytestmark = memory.SEARCHABLE

DOWN = (
    RECORDER
    + """
t = tunnel()
assert ping("192.168.4.254", 2) == 2
if REKEY:
    wait_for("rekeyed", 30)
    assert ping("192.168.4.254", 2) == 2
report(up=True)
wait_for("go")
t.down()
report(down=True)
wait_for("end", 60)
"""
)


@pytest.fixture(params=["initiator", "responder"])
def session(request, device, peer):
    """(run, config) of a device with sessions; also one in which it was the responder."""
    config = peer.config()
    responder = request.param == "responder"
    run = device.start(DOWN.replace("REKEY", str(responder)), config)
    if responder:
        peer.wait(lambda: peer.inner, 30, "traffic")
        peer.initiate(peer.address)
        run.tell("rekeyed")
    run.wait_for("RESULT .*up")
    return run, config


def test_the_search_finds_what_is_there(session):
    """While the tunnel is up: its transport keys, and the private key in the configuration."""
    run, config = session
    private = private_keys(config)
    parts = memory.snapshot(run.process.pid)
    assert memory.find(parts, {"private key": next(iter(private))})
    session_keys = list(secrets_of(run, private).items())[-2:]
    for name, secret in session_keys:
        assert memory.find(parts, {name: secret}), name


def test_after_down_nothing_is_left_but_the_configuration(session):
    run, config = session
    private = private_keys(config)
    run.tell("go")
    run.wait_for("RESULT .*down")
    parts = memory.snapshot(run.process.pid)
    secrets = secrets_of(run, private)
    assert len(secrets) > 10
    found = memory.find(parts, secrets)
    copies = memory.find(parts, {"private key": next(iter(private))})
    run.tell("end")
    assert run.wait() == 0, run.output
    assert not found, "\n".join(found)
    # What up() needs again, in the configuration and nowhere else.
    assert len(copies) == len(memory.PIECES), "\n".join(copies)


EXPIRY = (
    RECORDER
    + """
from wireguard import timers
timers.ZERO_AFTER_TIME_MS = 3000  # instead of nine minutes
t = tunnel()
assert ping("192.168.4.254", 2) == 2
report(up=True)
until(lambda: t._interface.netif.session(0) is None, 20, "expiry")
report(expired=True)
wait_for("go", 60)
until(lambda: ping("192.168.4.254"), 20, "a new session when there is traffic")
t.down()
"""
)


def test_when_keys_expire_nothing_is_left_of_their_session(device, peer):
    """The tunnel is still up: it keeps its private key, and the secret it shares with the peer."""
    run = device.start(EXPIRY, peer.config())
    run.wait_for("RESULT .*expired")
    parts = memory.snapshot(run.process.pid)
    lasting = private_keys(peer.config())
    lasting.add(DH(peer.device_private_key, peer.noise.public_key))
    secrets = secrets_of(run, lasting)
    run.tell("go")
    assert len(secrets) > 10
    found = memory.find(parts, secrets)
    assert run.wait() == 0, run.output
    assert not found, "\n".join(found)
