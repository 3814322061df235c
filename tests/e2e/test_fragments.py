# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors

"""WireGuard datagrams in fragments of IP, in chains of pbufs, or both, in either family.

ESP-IDF's lwIP puts fragments together where CONFIG_LWIP_IP4_REASSEMBLY and ..._IP6_REASSEMBLY are
set; by default it does not.
"""

import hashlib
import itertools

import pytest
from support import packets, pcap
from wgpy.host import services

SIZE = 100_000
RECEIPT = f"{SIZE} {hashlib.sha256(services.pattern(SIZE)).hexdigest()}\n"

WIDE = """
import _host
from testing import *
_host.reassembly(%s)
t = tunnel(ipv6=True)
s = udp(0, 3)
wrong = []
for size in (100, 1392, 1440, 1472):
    data = bytes((size + i) & 255 for i in range(size))
    s.sendto(data, ("192.168.4.254", 7))
    try:
        if s.recv(2000) != data:
            wrong.append(size)
    except OSError:
        wrong.append(-size)
report(wrong=wrong)
if %s:
    s = connect("192.168.4.254", 9)
    send_all(s, b"100000\\n")
    for chunk in pattern(100000):
        send_all(s, chunk)
    receipt = s.readline().decode()
    s = connect("192.168.4.254", 19)
    send_all(s, b"100000\\n")
    total, digest = 0, hashlib.sha256()
    while data := s.recv(16384):
        total += len(data)
        digest.update(data)
    report(sent=receipt, got="%%d %%s\\n" %% (total, hex(digest.digest())))
t.down()
"""


def wide(gateway):
    """A tunnel whose full packets do not fit the underlay, on both sides."""
    gateway.namespace.run("ip", "link", "set", gateway.interface, "mtu", "1500")
    config = gateway.config()
    config["interface"]["mtu"] = 1500
    return config


def test_fragments_outside_both_ways(device, wireguard_go):
    config = wide(wireguard_go)
    run = device.run(WIDE % (True, True), config, namespace=wireguard_go.namespace)
    assert run.result == {"wrong": [], "sent": RECEIPT, "got": RECEIPT}


def test_without_reassembly_what_fits_arrives(device, wireguard_go):
    config = wide(wireguard_go)
    run = device.run(WIDE % (False, False), config, namespace=wireguard_go.namespace)
    assert run.result == {"wrong": [-1440, -1472]}


LISTEN = 58121
FRAMES = """
import _host
from testing import *
_host.reassembly(True)
t = tunnel(ipv6=True)
_host.chain(%d, %d)
s = udp(4000, 10)
report(own=[a for a in network.WLAN(0).ipconfig("addr6") if a[:3] == "FEC"][0])
report(mac=hex(network.WLAN(0).config("mac")))
n = 0
while not told("end"):
    if told("frames%%d" %% n):
        for line in open("frames%%d" %% n):
            _host.receive(binascii.unhexlify(line.strip()))
        report(got=hex(s.recv(2000)))
        n += 1
    time.sleep_ms(10)
report(drops=drops(t))
t.down()
"""


@pytest.mark.parametrize("chain", [(0, 0), (300, 200)], ids=["whole frames", "chained frames"])
@pytest.mark.parametrize("family", [4, 6])
def test_fragments_in_any_order(device, peer, family, chain):
    """Frames of our own making: slirp cuts no IPv6."""
    config = peer.config()
    config["interface"]["listen_port"] = LISTEN
    script = "import binascii\nimport network\n" + FRAMES % chain
    run = device.start(script, config, extra_udp=[41000])
    run.wait_until(lambda: "mac" in run.result)
    mac = bytes.fromhex(run.result["mac"]) + bytes.fromhex("5255 0a000202")
    source = ("fec0::2" if family == 6 else "10.0.2.2", 41000)
    target = (run.result["own"] if family == 6 else "10.0.2.15", LISTEN)
    cut = packets.fragments6 if family == 6 else packets.fragments
    head = mac + (b"\x86\xdd" if family == 6 else b"\x08\x00")
    for number, order in enumerate(itertools.permutations(range(3))):
        data = bytes([number]) * 1000
        inner = packets.udp(("192.168.4.254", 9), ("192.168.4.48", 4000), data)
        outer = packets.udp(source, target, peer.sessions[-1].seal(inner))
        parts = list(cut(outer, 400))
        assert len(parts) == 3
        if family == 6:  # each packet's fragments have an identification of their own
            parts = list(packets.fragments6(outer, 400, number + 1))
        run.tell(f"frames{number}", "\n".join((head + parts[i]).hex() for i in order))
        run.wait_until(lambda d=data: run.result.get("got") == d.hex(), 20, f"order {order}")
    run.tell("end")
    assert run.wait() == 0, run.output
    assert not any(run.result["drops"].values()), run.result


CHAINS = """
import _host
from testing import *
t = tunnel(ipv6=%s)
_host.chain(%d, %d)
s = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
s.settimeout(5)
s.connect(("fd04::254", 9))
wrong = []
for size in (100, 1360, 2000, 4000):  # from 1393 on cut, inside, into chains
    data = bytes((size + i) & 255 for i in range(size))
    s.send(data)
    if s.recv(200).decode() != "%%d %%s\\n" %% (size, hex(hashlib.sha256(data).digest())):
        wrong.append(size)
s = socket.socket(socket.AF_INET6, socket.SOCK_STREAM)
s.settimeout(20)
s.connect(("fd04::254", 19))
send_all(s, b"100000\\n")
total, digest = 0, hashlib.sha256()
while data := s.recv(16384):
    total += len(data)
    digest.update(data)
report(wrong=wrong, got="%%d %%s\\n" %% (total, hex(digest.digest())))
t.down()
"""


@pytest.mark.parametrize("first, rest", [(160, 1), (200, 160)])
@pytest.mark.parametrize("outside", [4, 6])
def test_chains_both_ways_with_ipv6_inside(device, wireguard_go, outside, first, rest):
    wireguard_go.add_address("fd04::254", 64)
    config = wireguard_go.config()
    config["interface"]["address"].append("fd04::48/64")
    config["peers"][0]["allowed_ips"].append("fd04::/64")
    if outside == 6:
        config["peers"][0]["endpoint"] = f"[fec0::2]:{wireguard_go.port}"
    script = CHAINS % (outside == 6, first, rest)
    run = device.run(script, config, namespace=wireguard_go.namespace)
    assert run.result == {"wrong": [], "got": RECEIPT}
    ipv4 = {port for s, t, _ in pcap.udp_datagrams(run.uplink) for port in (s[1], t[1])}
    assert (wireguard_go.port in ipv4) == (outside == 4)
