# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors

"""One thing wrong with the network at a time, in front of each kind of responder.

What arrives is compared byte by byte (by SHA-256), both ways. Our own device is a responder too:
two devices, one of which listens behind a forward.
"""

import hashlib
import time

import pytest
from support.gateways import two_devices
from support.namespace import free_port
from support.relay import DOWN, UP
from wgpy.host import services

pytestmark = pytest.mark.slow

BAD = {
    "loss 10 %": (100_000, {"drop": 0.1}),
    "loss 30 %": (8_000, {"drop": 0.3}),
    "duplicates": (200_000, {"duplicate": 0.5}),
    "reordering": (200_000, {"reorder": 0.3}),
    "corruption": (200_000, {"corrupt": 0.05}),
    "delay": (50_000, {"delay": 0.05}),
}

TRANSFER = """
from testing import *
SIZE = %d
t = tunnel(seconds=90)
s = connect("192.168.4.254", 9, 150)
send_all(s, b"%%d\\n" %% SIZE)
for chunk in pattern(SIZE):
    send_all(s, chunk)
receipt = s.readline().decode()
s.close()
report(receipt=receipt)
t.down()
"""

LISTEN = 58122
SERVER = """
from testing import *
uplink()
t = wireguard.Tunnel("wg.json").up()
server = socket.socket()
server.bind(("0.0.0.0", 9))
server.listen(1)
report(ready=True)
s, _ = server.accept()
s.settimeout(150)
size = int(s.readline())
digest, left = hashlib.sha256(), size
while left:
    data = s.recv(min(left, 16384))
    digest.update(data)
    left -= len(data)
send_all(s, b"%d %s\\n" % (size, hex(digest.digest())))
wait_for("end", 60)
s.close()
t.down()
"""


def receipt(size):
    return f"{size} {hashlib.sha256(services.pattern(size)).hexdigest()}\n"


@pytest.mark.timeout(200)
@pytest.mark.parametrize("kind", BAD)
def test_transfer(device, gateway, relay, kind):
    size, settings = BAD[kind]
    road = relay(gateway, seed=7, **settings)
    config = gateway.config()
    config["peers"][0]["endpoint"] = f"10.0.2.2:{road.port}"
    run = device.run(TRANSFER % size, config, namespace=gateway.namespace, timeout=190)
    assert run.result["receipt"] == receipt(size)
    assert road.count(UP, 4) > size / 1420 and road.count(DOWN, 4) > 3


def test_transfer_while_the_nat_rebinds(device, gateway, relay):
    size = 1_000_000
    road = relay(gateway, delay=0.005)  # slow enough to be rebound many times
    config = gateway.config()
    config["peers"][0]["endpoint"] = f"10.0.2.2:{road.port}"
    run = device.start(TRANSFER % size, config, namespace=gateway.namespace)
    ports = set()
    while run.process.poll() is None and len(ports) < 500:
        time.sleep(0.1)
        if road.count(UP, 4):
            ports.add(road.rebind())
    assert run.wait(60) == 0, run.output
    assert run.result["receipt"] == receipt(size)
    assert len(ports) >= 3
    assert road.count(UP, 1) == 1, "no new handshake is needed"


@pytest.mark.timeout(200)
@pytest.mark.parametrize("kind", BAD)
def test_transfer_between_two_devices(device, relay, kind):
    size, settings = BAD[kind]
    port = free_port()
    road = relay(port, seed=7, **settings)
    server, client = two_devices(road.port, LISTEN)
    responder = device.start(SERVER, server, forwards=[f"udp:{port}:{LISTEN}"])
    responder.wait_for("ready")
    run = device.run(TRANSFER % size, client, timeout=190)
    responder.tell("end")
    assert responder.wait(70) == 0, responder.output
    assert run.result["receipt"] == receipt(size)
    assert road.count(UP, 4) > size / 1420 and road.count(DOWN, 4) > 3
