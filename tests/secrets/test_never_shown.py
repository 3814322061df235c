# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
"""No secret in anything that is printed: reprs, status, errors of all kinds, tracebacks."""

import base64
import json
import os

from support.noise_model import DH, NoisePeer
from support.peer import HandMadePeer
from wgpy import keys

SHOWN = """
import sys
from testing import *
import _host
from wireguard import config as configs
from wireguard import noise

def show(thing):
    for text in (repr, str):
        print(text(thing))

def attempt(function, *arguments, **more):
    try:
        show(function(*arguments, **more))
    except Exception as error:
        show(error)
        show(error.args)
        sys.print_exception(error)

uplink()
with open("wg.json") as f:
    text = f.read()
t = wireguard.Tunnel("wg.json").up()
assert t.wait(20) and ping("192.168.4.254")
interface = t._interface
device = interface.device
peer = device.peers[0]
show([t, t.status(), t.errors, t.last_error, configs.load("wg.json"), t._config.peers])
show([interface, device, device._identity, device._by_public, device._by_index, peer])
show([peer.stamper, peer.timers, peer.initiation, interface.netif, t._handler, t._log._ring])
show(noise._State(b""))
t.show()
for param in ("name", "public_key", "private_key", "preshared_key"):
    attempt(t.config, param)
    attempt(t.status, param)

# Faults in the configuration, the keys in the wrong places among them.
for change in json.loads(open("changes.json").read()):
    attempt(t.configure, change)
    attempt(wireguard.Tunnel, change)
    for section in change.get("peers", ()):
        attempt(t.set_peer, **section)

# No memory, anywhere.
for n in range(1, 400, 7):
    t.down()
    _host.fail("python", n)
    try:
        t.up()
        t.wait(0.02)
        ping("192.168.4.254", 1, 0.02)
    except Exception as error:
        _host.fail("python", 0)
        sys.print_exception(error)
    _host.fail("python", 0)
    if t.last_error:
        sys.print_exception(t.last_error)
t.down()
show(t)
print("ALL SHOWN")
"""


def forms(secret: bytes):
    """As somebody would see it, whole or half: base64, hexadecimal, bytes of Python."""
    text = base64.b64encode(secret).decode()
    yield from (text[:20], text[20:40])
    yield from (secret[:12].hex(), secret[12:24].hex())
    yield from (repr(secret[:10])[2:-1], repr(secret[10:20])[2:-1])


def misplaced(config, private, psk):
    """Configurations with the keys where they do not belong, damaged or of another type."""

    def change(section, key, value):
        copy = json.loads(json.dumps(config))
        place = copy["peers"][0] if section == "peers" else copy[section]
        place[key] = value
        return copy

    for secret in (private, psk):
        damaged = [secret[:-1], " " + secret, secret[:-2] + "!=", secret[:20] + "B" + secret[20:]]
        for value in (*damaged, [secret], {"key": secret}):
            yield change("interface", "private_key", value)
            yield change("peers", "preshared_key", value)
            yield change("peers", "public_key", value)
        for key in ("listen_port", "mtu"):
            yield change("interface", key, secret)
        yield change("peers", "persistent_keepalive", secret)
        yield change("peers", "endpoint", secret)
        for value in (secret, [secret]):
            yield change("peers", "allowed_ips", value)
            for key in ("address", "dns", "pre_up"):
                yield change("interface", key, value)
    yield change("peers", "public_key", private)
    yield change("peers", "preshared_key", private)
    yield change("interface", "private_key", psk)
    yield change("interface", "unknown", private)


def test_what_is_printed(device):
    psk = os.urandom(32)
    with HandMadePeer(preshared_key=psk) as peer:
        config = peer.config()
        private = config["interface"]["private_key"]
        changes = list(misplaced(config, private, keys.encode(psk)))
        files = {"changes.json": json.dumps(changes)}
        run = device.start(SHOWN, config, files=files)
        run.wait_for("^ALL SHOWN$", 110)
        assert run.wait() == 0, run.output
        secrets = {
            "private key": keys.decode(private),
            "preshared key": psk,
            "static shared": DH(peer.device_private_key, peer.noise.public_key),
        }
        for number, session in enumerate(peer.sessions):
            secrets[f"key out #{number}"] = session.send_key
            secrets[f"key in #{number}"] = session.recv_key
    assert len(peer.sessions) > 3
    assert run.output.count("ConfigError") > len(changes)
    assert run.output.count("MemoryError") > 10
    found = [name for name, secret in secrets.items() for f in forms(secret) if f in run.output]
    assert not found, found
    # What the search would find:
    public = NoisePeer(peer.noise.private_key, bytes(32)).public_key
    assert any(form in run.output for form in forms(public))
