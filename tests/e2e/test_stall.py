# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors

"""Ten seconds of native code, in which no line of Python runs: the tunnel goes on without it."""

import contextlib
import socket
import time

from support import packets

STALL_SECONDS = 10
STALL = """
from testing import *

def work(n):  # one call of a function in C: the scheduler has no turn
    began = time.ticks_ms()
    sum(range(n))
    return time.ticks_diff(time.ticks_ms(), began)

rate = 1_000_000 / max(1, work(1_000_000))
t = tunnel()
report(ready=True, before=memory()["heap"])
wait_for("go")
print("stalled")
took = 0
while took < %d000:
    took += work(int(rate * (%d000 - took)) + 1_000_000)
print("over")
report(took=took, errors=t.errors, after=memory()["heap"])
wait_for("end")
report(drops=drops(t))
t.down()
""" % (STALL_SECONDS, STALL_SECONDS)


def pings(address, run, results):
    """Echo requests to the device, one at a time, while it is stalled: seconds each took."""
    with socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP) as s:
        s.settimeout(2)
        number = 0
        while "over" not in run.output:
            number += 1
            began = time.monotonic()
            s.sendto(packets.echo(packets.ECHO_REQUEST, 9, number), (address, 0))
            results.append(None)
            with contextlib.suppress(TimeoutError):
                while True:
                    answer = packets.Packet(s.recv(2000)).payload
                    if answer[0] == packets.ECHO_REPLY and answer[6:8] == number.to_bytes(
                        2, "big"
                    ):
                        results[-1] = time.monotonic() - began
                        break
            time.sleep(0.02)


def start(device, gateway):
    run = device.start(STALL, gateway.config(), namespace=gateway.namespace)
    run.wait_for("ready")
    run.tell("go")
    run.wait_for("^stalled")
    return run


def test_a_stalled_python_costs_no_packet(device, wireguard_go):
    run = start(device, wireguard_go)
    times = []
    wireguard_go.namespace.call(pings, "192.168.4.48", run, times)
    assert len(times) > 50 and None not in times, "every one is answered meanwhile"
    run.tell("end")
    assert run.wait() == 0, run.output
    assert run.result["took"] >= STALL_SECONDS * 1000 and run.result["errors"] == 0
    assert not any(run.result["drops"].values())


def test_a_handshake_waits_for_python_and_then_succeeds(device, wireguard_go):
    """The gateway has lost its session and asks for a new one, every five seconds."""
    run = device.start(STALL, wireguard_go.config(), namespace=wireguard_go.namespace)
    run.wait_for("ready")
    endpoint = wireguard_go.show("endpoints")
    run.tell("go")
    run.wait_for("^stalled")
    wireguard_go.peer("remove")
    wireguard_go.peer("allowed-ips", "192.168.4.0/24", "endpoint", endpoint)
    wireguard_go.peer("persistent-keepalive", "1")
    run.wait_until(lambda: int(wireguard_go.show("transfer").split()[1]) >= 148, 20, "initiation")
    assert wireguard_go.show("latest-handshakes") == "0"
    run.wait_for("^over", 60)
    wireguard_go.namespace.ping("192.168.4.48", 20)
    assert wireguard_go.show("latest-handshakes") != "0"
    run.tell("end")
    assert run.wait() == 0, run.output
    assert run.result["errors"] == 0
