# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors

"""Several peers at once, as client and as server, and their change while the tunnel is up."""

import contextlib
import socket
import time

import pytest
from support import packets
from support.namespace import free_port
from support.noise_model import generate_private_key
from support.peer import HandMadePeer
from wgpy import keys

ADDRESSES = ["10.99.0.48/32", "fd99::48/128"]
LISTEN = 58122

ECHO = """
from testing import *
uplink()
t = wireguard.Tunnel("wg.json")
t.up()
s4 = udp(4000, 0)
s6 = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
s6.settimeout(0)
s6.bind(("::", 4006))
report(ready=True)

def send(host, text):  # the ESP32's sendto() knows IPv4 only, its connect() both
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    s = socket.socket(family, socket.SOCK_DGRAM)
    s.connect((host, 4001))
    s.send(text)
    s.close()

step = 0
while not told("end"):
    if told("step%d" % step):
        with open("step%d" % step) as f:
            exec(f.read())
        report(done=step)
        step += 1
    for s in (s4, s6):
        try:
            data = s.recv(100)
        except OSError:
            continue
        send(data.decode().split()[0], data)  # recvfrom() knows IPv4 only, too
    time.sleep_ms(5)
report(errors=t.status("errors"))
t.down()
"""


@pytest.fixture
def network():
    """network(n): that many peers of one device, and its wg.json.

    Peer i has 10.(100+i).0.0/16 and fd04:(i+1)::/32.
    """
    with contextlib.ExitStack() as stack:

        def make(count):
            key = generate_private_key()
            peers = [
                stack.enter_context(HandMadePeer(device_private_key=key)) for _ in range(count)
            ]
            config = peers[0].config()
            config["interface"]["address"] = ADDRESSES
            config["peers"] = [
                peer.config(allowed_ips=[f"10.{100 + i}.0.0/16", f"fd04:{i + 1:x}::/32"])["peers"][
                    0
                ]
                for i, peer in enumerate(peers)
            ]
            return peers, config

        yield make


def tell(run, step, text):
    """Have the device execute text; wait until it has."""
    run.tell(f"step{step}", text)
    run.wait_until(lambda: run.result.get("done") == step, 20, f"step {step}")


def ask(peer, source, data):
    """Send the device a datagram from an address inside; it echoes it there."""
    own, port = ("fd99::48", 4006) if ":" in source else ("10.99.0.48", 4000)
    peer.send(packets.udp((source, 4001), (own, port), source.encode() + b" " + data))


def hears(peer, data, source=None):
    packet = peer.wait_inner(lambda p: p.payload[8:].endswith(data), what=repr(data))
    assert source is None or packet.target == source


def end(run):
    run.tell("end")
    assert run.wait() == 0, run.output
    assert run.result["errors"] == 0


def talk(peers):
    for i, peer in enumerate(peers):
        for source in (f"10.{100 + i}.255.1", f"fd04:{i + 1:x}::1"):
            ask(peer, source, f"{i} from {source}".encode())
            hears(peer, f"{i} from {source}".encode(), source)
        assert len(peer.inner) == 2 and not peer.errors


def test_eight_peers_at_once_in_both_families(device, network):
    peers, config = network(8)
    run = device.start(ECHO, config)
    run.wait_for("ready")
    for peer in peers:
        peer.wait(lambda p=peer: p.sessions)
    talk(peers)
    assert [peer.initiations for peer in peers] == [1] * 8
    end(run)


STALL = """
start = time.ticks_us()
sum(range(100_000))
count = 100_000 * 1_500_000 // time.ticks_diff(time.ticks_us(), start)
print("STALLED")
sum(range(count))  # native code, in which the scheduler has no turn
report(drops=drops(t))
"""


def test_as_many_answers_at_once_as_there_may_be_peers(device, network):
    """They come while Python stands still, and none has to be asked for again."""
    peers, config = network(32)
    for peer in peers:
        peer.answer_handshakes = False
    run = device.start(ECHO, config)
    peers[0].wait(lambda: peers[0].initiations)
    began = time.monotonic()
    for peer in peers:
        peer.wait(lambda p=peer: p.initiations)
    run.tell("step0", STALL)
    run.wait_for("^STALLED")
    for peer in peers:
        peer.answer(peer.datagrams[0])
    run.wait_for("drops")
    assert run.result["drops"]["messages_full"] == 0
    if (
        time.monotonic() - began < 4
    ):  # a slower device, after five seconds, asks again all the same
        for peer in peers:
            peer.wait(lambda p=peer: len(p.datagrams) > 1)
        assert [peer.initiations for peer in peers] == [1] * 32
        talk(peers)
    end(run)


def serve(device, config):
    """Start a device that waits for its peers; (run, its address)."""
    config["interface"]["listen_port"] = LISTEN
    for entry in config["peers"]:
        del entry["endpoint"]
    port = free_port()
    run = device.start(ECHO, config, forwards=[f"udp:{port}:{LISTEN}"])
    run.wait_for("ready")
    return run, ("127.0.0.1", port)


def test_a_server_with_as_many_clients_as_there_may_be(device, network):
    peers, config = network(32)
    run, address = serve(device, config)
    for peer in peers:
        peer.initiate(address)
        time.sleep(0.21)  # more than five handshakes a second and it asks for cookies
    talk(peers)
    end(run)


def test_the_longest_ipv6_prefix_chooses_the_peer_and_judges_sources(device, network):
    peers, config = network(3)
    networks = ["fd04::/16", "fd04:0:0:7::/64", "fd04:0:0:7::9/128"]
    hosts = ["fd04::1", "fd04:0:0:7::1", "fd04:0:0:7::9"]
    for entry, net in zip(config["peers"], networks, strict=True):
        entry["allowed_ips"] = [net]
    run = device.start(ECHO, config)
    for peer in peers:
        peer.wait(lambda p=peer: p.sessions)
    tell(run, 0, f"for host in {hosts}: send(host, host.encode())")
    for peer, mine in zip(peers, hosts, strict=True):
        hears(peer, mine.encode(), mine)
        for host in (*(h for h in hosts if h != mine), mine):
            ask(peer, host, f"{mine} says {host}".encode())
    for peer, mine in zip(peers, hosts, strict=True):
        hears(peer, f"{mine} says {mine}".encode(), mine)
    assert [len(peer.inner) for peer in peers] == [2, 2, 2]
    end(run)


def test_peers_change_while_the_others_talk(device, network):
    """As `wg set`: what is not mentioned stays, and so does every session."""
    (first, second, third), config = network(3)
    entry = config["peers"].pop()
    run = device.start(ECHO, config, inside=["10.96.0.0/12", "fd04::/16"], extra_udp=[third.port])
    for peer in (first, second):
        peer.wait(lambda p=peer: p.sessions)

    # A third peer comes; it takes a network from the second.
    allowed = [*entry["allowed_ips"], "10.101.0.0/16"]
    tell(
        run,
        0,
        f"t.set_peer({entry['public_key']!r}, endpoint={entry['endpoint']!r}, "
        f"allowed_ips={allowed!r})\nsend('10.101.0.9', b'moved')",
    )
    hears(third, b"moved")
    ask(second, "10.101.0.1", b"not mine any more")
    ask(second, "fd04:2::1", b"still mine")
    hears(second, b"still mine")
    assert not any(b"not mine" in p.payload for p in second.inner + third.inner)

    # A preshared key makes no difference before the next handshake.
    psk = bytes(range(32))
    tell(run, 1, f"t.set_peer({entry['public_key']!r}, preshared_key={keys.encode(psk)!r})")
    ask(third, "10.102.0.1", b"old session")
    hears(third, b"old session")
    third.noise.preshared_key = psk
    third.initiate()
    ask(third, "10.102.0.1", b"with the key")
    hears(third, b"with the key")

    # A keepalive: its first goes out at once.
    count = len(third.datagrams)
    tell(run, 2, f"t.set_peer({entry['public_key']!r}, persistent_keepalive=1)")
    third.wait(lambda: [len(d) for d in third.datagrams[count:]].count(32) >= 3, 10, "keepalives")

    # An endpoint: the very next packet goes there, in the same session.
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as elsewhere:
        elsewhere.bind(("127.0.0.1", 0))
        elsewhere.settimeout(10)
        where = f"10.0.2.2:{elsewhere.getsockname()[1]}"
        tell(run, 3, f"t.set_peer({entry['public_key']!r}, endpoint={where!r})")
        assert elsewhere.recv(2000)[0] == 4

    # It goes, and its networks with it.
    tell(run, 4, f"t.set_peer({entry['public_key']!r}, remove=True)")
    count = len(third.inner)
    ask(third, "10.102.0.1", b"gone")
    for i, peer in enumerate((first, second)):
        ask(peer, f"fd04:{i + 1}::1", b"the others stay")
        hears(peer, b"the others stay")
        assert peer.initiations == 1 and len(peer.sessions) == 1
    assert len(third.inner) == count
    end(run)


def test_two_clients_of_a_device_that_is_the_server(device, network):
    peers, config = network(2)
    run, address = serve(device, config)
    for peer in peers:
        peer.initiate(address)
    for n in range(5):
        for i, peer in enumerate(peers):
            ask(peer, f"10.{100 + i}.0.1", f"{n} of {i}".encode())
        for i, peer in enumerate(peers):  # in turns: a socket holds six datagrams
            hears(peer, f"{n} of {i}".encode(), f"10.{100 + i}.0.1")
        assert not peer.initiations and not peer.errors
    end(run)
