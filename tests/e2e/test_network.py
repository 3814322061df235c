# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors

"""Networks that lose, mangle and move, with real gateways behind them."""

import hashlib

import pytest
from support import pcap
from support.dns import NameServer
from support.relay import DOWN, UP
from wgpy.host import services

pytestmark = pytest.mark.slow

SIZE = 200_000
BOTH_WAYS = """
SIZE = 200_000
from testing import *
t = tunnel(seconds=60)
s = connect("192.168.4.254", 9, 60)
send_all(s, b"%d\\n" % SIZE)
for chunk in pattern(SIZE):
    send_all(s, chunk)
receipt = s.readline().decode()
s.close()
s = connect("192.168.4.254", 19, 60)
send_all(s, b"%d\\n" % SIZE)
total, digest = 0, hashlib.sha256()
while data := s.recv(16384):
    total += len(data)
    digest.update(data)
s.close()
report(sent=receipt, received="%d %s\\n" % (total, hex(digest.digest())))
t.down()
"""
RECEIPT = f"{SIZE} {hashlib.sha256(services.pattern(SIZE)).hexdigest()}\n"

# Asks the gateway's UDP echo, again and again, until the test says end.
ASK = """
from testing import *
t = tunnel()
s = udp(0, 0.3)
n = 0
while not told("end"):
    n += 1
    data = b"%d" % n
    try:
        s.sendto(data, ("192.168.4.254", 7))
        if s.recv(100) == data:
            print("answered", n)
    except OSError:
        pass
    time.sleep_ms(20)
t.down()
"""


def through(relay, gateway):
    config = gateway.config()
    config["peers"][0]["endpoint"] = f"10.0.2.2:{relay.port}"
    return config


def answered(run) -> int:
    return sum(line.startswith("answered") for line in run.output.splitlines())


def next_answer(run, timeout=30):
    count = answered(run)
    run.wait_until(lambda: answered(run) > count, timeout, "another answer")


@pytest.mark.timeout(200)
def test_tcp_over_a_bad_network(device, gateway, relay):
    bad = relay(gateway, drop=0.02, duplicate=0.05, reorder=0.05, corrupt=0.02, seed=3)
    run = device.run(
        BOTH_WAYS,
        through(bad, gateway),
        namespace=gateway.namespace,
        timeout=180,
    )
    assert run.result == {"sent": RECEIPT, "received": RECEIPT}
    assert bad.count(UP, 4) > SIZE / 1420 and bad.count(DOWN, 4) > SIZE / 1420


def test_a_network_that_comes_late_finds_a_tunnel_that_waits(device, boringtun):
    script = """
from testing import *
t = wireguard.Tunnel().up()
assert not t.wait(6), "there is no network"
uplink()
began = time.ticks_ms()
assert t.wait(10)
report(took=time.ticks_diff(time.ticks_ms(), began))
t.down()
"""
    run = device.run(script, boringtun.config())
    assert run.result["took"] < 3000  # without hearing of it, it would be up to 5 s


def test_the_gateway_follows_a_new_source_port(device, gateway, relay):
    nat = relay(gateway)
    run = device.start(ASK, through(nat, gateway), namespace=gateway.namespace)
    for _ in range(3):
        next_answer(run)
        port = nat.rebind()
    next_answer(run)
    if gateway.kind == "wireguard-go":
        assert gateway.show("endpoints") == f"127.0.0.1:{port}"
    assert nat.count(UP, 1) == 1, "no new handshake is needed"
    run.tell("end")
    assert run.wait() == 0, run.output


def test_a_gateway_that_forgets_is_asked_for_a_new_session(device, wireguard_go):
    """Section 6.5: no answer for 15 s of sending, and a new handshake begins."""
    run = device.start(ASK, wireguard_go.config(), namespace=wireguard_go.namespace)
    next_answer(run)
    wireguard_go.peer("remove")
    wireguard_go.peer("allowed-ips", "192.168.4.0/24")
    next_answer(run, timeout=25)
    run.tell("end")
    assert run.wait() == 0, run.output


def test_a_silent_network_heals(device, boringtun, relay):
    road = relay(boringtun)
    run = device.start(ASK, through(road, boringtun))
    next_answer(run)
    road.blocked = True
    before = answered(run)
    run.wait_until(lambda: road.count(UP, 1) >= 2, 30, "a new initiation after 15 s of silence")
    assert answered(run) <= before + 1
    road.blocked = False
    next_answer(run)
    run.tell("end")
    assert run.wait() == 0, run.output


def test_a_dead_nat_mapping_is_left_for_another_port(device, boringtun, relay):
    """A NAT that has forgotten one source port for good, and would serve any other."""
    nat = relay(boringtun)
    run = device.start(ASK, through(nat, boringtun))
    next_answer(run)
    dead = nat.client
    nat.filter = lambda _, datagram: [] if nat.client == dead else [datagram]
    next_answer(run, timeout=45)  # 15 s of silence, three handshakes
    assert nat.client != dead
    run.tell("end")
    assert run.wait() == 0, run.output


def test_a_configured_listen_port_stays(device, boringtun, relay):
    """Others may have been told it."""
    nat = relay(boringtun)
    config = through(nat, boringtun)
    config["interface"]["listen_port"] = 58121
    nat.blocked = True
    script = ASK.replace("t = tunnel()", "uplink()\nt = wireguard.Tunnel('wg.json').up()")
    run = device.start(script, config)
    run.wait_until(lambda: nat.count(UP, 1) >= 6, 40, "six handshakes")
    ports = {s[1] for s, t, _ in pcap.udp_datagrams(run.uplink) if t[1] == nat.port}
    assert ports == {58121}
    run.tell("end")
    assert run.wait() == 0, run.output


def test_other_sessions_survive_a_new_port(device, peer):
    script = """
from testing import *
t = tunnel()
before = t.status("listen_port")
for n in range(5):
    t._interface.netif.rebind()
    assert ping("192.168.4.254", 1) == 1
wait_for("now")
t._interface.netif.rebind()
report(before=before, after=t.status("listen_port"))
wait_for("end")
assert ping("192.168.4.254", 1) == 1
t.down()
"""
    run = device.start(script, peer.config())
    peer.wait(lambda: len(peer.inner) == 5, what="five pings")
    count, old = len(peer.datagrams), peer.address
    run.tell("now")
    peer.wait(lambda: len(peer.datagrams) > count, what="a keepalive from the new port")
    assert peer.address != old
    assert len(peer.datagrams[-1]) == 32 and peer.initiations == 1
    run.tell("end")
    assert run.wait() == 0, run.output
    assert run.result["before"] != run.result["after"]


def test_lost_and_repeated_handshake_messages(device, boringtun, relay):
    """The first initiation is lost, then the first response; both are sent again."""
    road = relay(boringtun)
    lost = []

    def lose(direction, datagram):
        if datagram[0] in (1, 2) and datagram[0] not in lost:
            lost.append(datagram[0])
            return []
        return [datagram, datagram]

    road.filter = lose
    run = device.start(ASK.replace("tunnel()", "tunnel(seconds=30)"), through(road, boringtun))
    next_answer(run)
    assert lost == [1, 2] and road.count(UP, 1) == 3
    run.tell("end")
    assert run.wait() == 0, run.output


def test_an_endpoint_by_name(device, gateway):
    make_socket = {"make_socket": gateway.namespace.udp_socket} if gateway.namespace else {}
    with NameServer({"gateway.example.org": "10.0.2.2"}, **make_socket) as names:
        config = gateway.config()
        config["peers"][0]["endpoint"] = f"gateway.example.org:{gateway.port}"
        run = device.start(ASK, config, namespace=gateway.namespace, dns=names.port)
        next_answer(run)
        run.tell("end")
        assert run.wait() == 0, run.output
        assert ("gateway.example.org", 1) in names.asked


def test_a_name_that_is_not_known_yet_is_asked_again(device, boringtun):
    with NameServer() as names:
        config = boringtun.config()
        config["peers"][0]["endpoint"] = f"gateway.example.org:{boringtun.port}"
        script = ASK.replace("tunnel()", "tunnel(seconds=40)")
        run = device.start(script, config, dns=names.port)
        run.wait_until(lambda: names.asked, 20, "a question for the name")
        names.names["gateway.example.org"] = "10.0.2.2"
        next_answer(run)
        run.tell("end")
        assert run.wait() == 0, run.output


LINK = """
import _host
from testing import *
wlan = uplink()
t = wireguard.Tunnel("wg.json")
t.up()
t.wait(10)
s = udp(0, 1)

def ask():
    try:
        s.sendto(b"a secret", ("192.168.4.254", 7))
        return s.recv(100) == b"a secret"
    except OSError:
        return False

before = ask()
%s
without = [ask() for n in range(3)]
%s
until(wlan.isconnected, 10, "uplink")
until(ask, 20, "answer")
report(before=before, without=any(without))
t.down()
"""


@pytest.mark.parametrize(
    "away, back",
    [
        ("wlan.disconnect()", "wlan.connect('slirp', '')"),
        ("_host.in_range(False)", "_host.in_range(True)"),
    ],
    ids=["disconnect", "out of range"],
)
def test_the_link_goes_and_comes_back(device, gateway, away, back):
    run = device.run(LINK % (away, back), gateway.config(), namespace=gateway.namespace)
    assert run.result == {"before": True, "without": False}
