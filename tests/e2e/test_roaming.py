# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors

"""Endpoints follow what is authentic and fresh, on both sides, within one round trip."""

from support.relay import UP

ASK = """
from testing import *
t = tunnel()
s = udp(0, 0.3)
while not told("end"):
    try:
        s.sendto(b"question", ("192.168.4.254", 7))
        if s.recv(100) == b"question":
            print("answered from", t.status("peers")[0]["endpoint"][1])
    except OSError:
        pass
    time.sleep_ms(20)
t.down()
"""


def start(device, gateway, road):
    config = gateway.config()
    config["peers"][0]["endpoint"] = f"10.0.2.2:{road.port}"
    run = device.start(ASK, config, namespace=gateway.namespace, inside=["192.168.4.0/24"])
    run.wait_for(f"answered from {road.port}$")
    return run


def end(run):
    run.tell("end")
    assert run.wait() == 0, run.output


def test_the_gateway_moves(device, wireguard_go, relay):
    road = relay(wireguard_go)
    run = start(device, wireguard_go, road)
    for _ in range(3):
        port = road.move()
        wireguard_go.namespace.ping("192.168.4.48")  # the first packet from there is enough
        run.wait_for(f"answered from {port}$", 5)
    assert road.count(UP, 1) == 1, "no new handshake is needed"
    end(run)


def test_a_replay_from_elsewhere_does_not_move_it(device, wireguard_go, relay):
    road, elsewhere = relay(wireguard_go), relay(wireguard_go)
    run = start(device, wireguard_go, road)
    elsewhere.client = road.client
    old = [d for direction, d in road.passed if direction != UP and d[0] == 4]
    forged = old[-1][:8] + (1000).to_bytes(8, "little") + old[-1][16:]
    for datagram in (*old[-5:], forged):
        elsewhere.inject("down", datagram)
    count = run.output.count("answered")
    run.wait_until(lambda: run.output.count("answered") > count + 3, 5, "answers")
    assert f"answered from {elsewhere.port}" not in run.output
    assert not elsewhere.passed, "nothing was sent to where the replay came from"
    end(run)


def test_both_move(device, wireguard_go, relay):
    """The device's NAT and the gateway at once: who can still reach the other heals both."""
    road = relay(wireguard_go)
    run = start(device, wireguard_go, road)
    road.rebind()
    run.wait_until(lambda c=run.output.count("answered"): run.output.count("answered") > c, 5)
    port = road.move()
    wireguard_go.namespace.ping("192.168.4.48")
    run.wait_for(f"answered from {port}$", 5)
    assert road.count(UP, 1) == 1, "no new handshake is needed"
    end(run)


def test_a_new_lease_changes_nothing(device, gateway, relay):
    """DHCP renewals, with what ESP-IDF does then, while packets go both ways."""
    script = """
import _host
from testing import *
t = tunnel()
answered = 0
for n in range(10):
    _host.renew()
    answered += ping("192.168.4.254", 1)
report(answered=answered)
t.down()
"""
    road = relay(gateway)
    config = gateway.config()
    config["peers"][0]["endpoint"] = f"10.0.2.2:{road.port}"
    run = device.run(script, config, namespace=gateway.namespace)
    assert run.result["answered"] == 10
    assert road.count(UP, 1) == 1
