# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
"""For a long time, or its slice in CI: `make soak TIME=seconds` (SOAK_SECONDS).

In real time a device talks TCP and UDP with wireguard-go through a network that loses 5 %; in
virtual time two devices do for 24 hours. Every byte is compared, and nothing may grow.
"""

import os
import re
import time
from pathlib import Path

import pytest

SECONDS = int(os.environ.get("SOAK_SECONDS", "20"))
LOSS = 0.05
MODELS = Path(__file__).parents[1] / "unit" / "micropython"

pytestmark = pytest.mark.soak

TRAFFIC = """
import errno, struct
from testing import *
t = tunnel(ipv6=True)
for n in range(16):  # the log is full, as it is after 16 sessions
    t._log.append(("connected", "".join(list("a WireGuard public key in base64, 44 letters"))))
begun = time.ticks_ms()
end = time.ticks_add(begun, SECONDS * 1000)
sample_ms = max(2000, min(60_000, SECONDS * 1000 // 12))
tcp = connect("192.168.4.254", 7, 60)
tcp.settimeout(60)
datagrams = udp(4007, 0.5)
buffer = bytearray(4096)
numbers = dict(tcp=0, udp_sent=0, udp_back=0, sessions=0, samples=0)
handshake = None

def talk_tcp(chunk):
    send_all(tcp, chunk)
    got = 0
    while got < len(chunk):
        n = tcp.readinto(buffer, min(len(buffer), len(chunk) - got))
        assert n, "closed"
        assert buffer[:n] == chunk[got : got + n], "TCP brought something else"
        got += n
    numbers["tcp"] += got

def talk_udp(chunk):
    number = numbers["udp_sent"]
    numbers["udp_sent"] += 1
    data = struct.pack("<I", number) + chunk
    datagrams.sendto(data, ("192.168.4.254", 7))
    try:
        while True:
            back, _ = datagrams.recvfrom(2000)
            if back[:4] == data[:4]:
                assert back == data, "UDP brought something else"
                numbers["udp_back"] += 1
                return
    except OSError as e:
        if e.errno not in (errno.ETIMEDOUT, errno.EAGAIN):
            raise

def sample():
    global handshake
    time.sleep(1)  # what is on its way settles
    numbers["samples"] += 1
    now = t.status("peers")[0]["latest_handshake"]
    if now != handshake:
        handshake = now
        numbers["sessions"] += 1
    m = memory()
    print("SAMPLE", time.ticks_diff(time.ticks_ms(), begun) // 1000, m["heap"], m["lwip"]["mem"],
        sum(m["lwip"][n] for n in m["lwip"] if n not in ("mem",)))

next_sample = time.ticks_add(begun, sample_ms)
while time.ticks_diff(end, time.ticks_ms()) > 0:
    for chunk in pattern(8192, 4096):
        talk_tcp(chunk)
    for chunk in pattern(2400, 1200):
        talk_udp(bytes(chunk))
    if time.ticks_diff(time.ticks_ms(), next_sample) >= 0:
        sample()
        next_sample = time.ticks_add(time.ticks_ms(), sample_ms)
tcp.close()
datagrams.close()
report(errors=t.errors, drops=drops(t), **numbers)
t.down()
"""


def files_open(pid):
    return len(os.listdir(f"/proc/{pid}/fd"))


@pytest.mark.timeout(SECONDS + 300)
def test_traffic_for_a_long_time(device, wireguard_go, relay):
    bad_network = relay(wireguard_go, drop=LOSS, seed=8)
    config = wireguard_go.config()
    config["peers"][0]["endpoint"] = f"10.0.2.2:{bad_network.port}"
    run = device.start(
        TRAFFIC.replace("SECONDS", str(SECONDS)), config, namespace=wireguard_go.namespace
    )
    run.wait_for("^SAMPLE", 240)
    files = []
    while run.process.poll() is None:
        files.append(files_open(run.process.pid) if run.process.poll() is None else 0)
        bad_network.passed.clear()
        time.sleep(1)
    assert run.wait(30) == 0, run.output
    result = run.result
    print(result)
    samples = [line.split()[1:] for line in run.output.splitlines() if line.startswith("SAMPLE")]
    samples = [[int(number) for number in sample] for sample in samples]
    print(*samples, sep="\n")
    print("files", min(files), max(files))
    assert result["tcp"] > 200 * SECONDS
    assert result["udp_back"] > 0.7 * result["udp_sent"] > 0
    assert result["errors"] == 0
    if SECONDS > 300:
        assert result["sessions"] >= SECONDS // 180
    # The least of the first samples against the least of the last: what was on its way is in none.
    quarter = max(1, len(samples) // 4)
    for column, slack in ((1, 512), (2, 2048), (3, 2)):
        first = min(sample[column] for sample in samples[:quarter])
        last = min(sample[column] for sample in samples[-quarter:])
        assert last <= first + slack, samples
    steady = files[: len(files) - 2] or files
    assert max(steady) <= min(steady) + 2


SESSIONS = """
from testing import *
t = tunnel()
report(up=True)
for round in range(3):
    wait_for("round%d" % round, 60)
    print("HEAP", memory()["heap"])
wait_for("end")
t.down()
"""


def test_sessions_grow_nothing(device, peer):
    """Once a tunnel's log of events is full, thirty sessions more need no byte more."""
    run = device.start(SESSIONS, peer.config())
    run.wait_for("RESULT")
    for number, sessions in enumerate((20, 3, 30)):
        for _ in range(sessions):
            peer.initiate(peer.address)
            time.sleep(0.25)  # or the device takes it for a flood
        run.tell(f"round{number}")
        run.wait_until(lambda n=number: run.output.count("HEAP") > n, 30)
    run.tell("end")
    assert run.wait() == 0, run.output
    _, before, after = (int(n) for n in re.findall(r"^HEAP (\d+)", run.output, re.M))
    assert after <= before + 64


DAY = """
import gc, sys
sys.path.append("MODELS")
from testing import report
from virtual import World, pair

world = World(8, loss=5, duplicate=2)
a, b = pair(world)
sent = arrived = number = 0
heaps = []
for hour in range(HOURS):
    for _ in range(360):
        number += 1
        one, two = b"one %d" % number, b"two %d" % number
        a.write(0, one)
        if b.session(0):
            b.write(0, two)
            sent += 1
        sent += 1
        world.run(10_000)
        for node, whose in ((a, b"two"), (b, b"one")):
            for data in node.links[0].received:
                kind, n = data.split()
                assert kind == whose and number - 20 < int(n) <= number, data
                arrived += 1
            node.links[0].received.clear()
    a.heard.clear()
    b.heard.clear()
    gc.collect()
    heaps.append(gc.mem_alloc())
report(sent=sent, arrived=arrived, heaps=heaps, sessions=a.keys_installed,
    indices=[len(n.device._by_index) for n in (a, b)])
"""


@pytest.mark.timeout(120 + SECONDS)
def test_a_day_of_virtual_time(device):
    hours = 24 if SECONDS >= 300 else 6
    script = DAY.replace("MODELS", str(MODELS)).replace("HOURS", str(hours))
    result = device.run(script, timeout=100 + SECONDS, heap="8M").result
    print(result)
    assert result["sessions"] >= hours * 3600 // 180
    assert result["sent"] * 0.9 < result["arrived"] <= result["sent"] * 1.1
    assert max(result["heaps"][1:]) <= result["heaps"][0] + 4096, result
    assert max(result["indices"]) <= 4
