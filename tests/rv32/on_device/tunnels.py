# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
"""Two tunnels of one machine, the datagrams of each the other's by the loopback interface."""

import errno
import gc
import socket
import time

import ping
from _bench import heap, netifs
from wireguard import Tunnel, keys

HERE, THERE = "10.9.0.1", "10.9.0.2"
PRIVATE = keys.generate(), keys.generate()
PUBLIC = [keys.encode(keys.public(private)) for private in PRIVATE]


def tunnel(i, address, other, **peer):
    """The one or the other tunnel, for whom all that is `other` is the other's."""
    peer["public_key"] = PUBLIC[1 - i]
    peer["endpoint"] = "127.0.0.1:{}".format(51820 + 1 - i)
    peer["allowed_ips"] = other
    interface = {"private_key": keys.encode(PRIVATE[i]), "address": address}
    interface["listen_port"] = 51820 + i
    return Tunnel({"interface": interface, "peers": [peer]}, "wg{}".format(i))


def pair(**peer):
    """Two tunnels with a session."""
    here = tunnel(0, [HERE + "/24", "fd09::1/64"], [THERE + "/32", "fd09::2/128"], **peer).up()
    there = tunnel(1, [THERE + "/24", "fd09::2/64"], [HERE + "/32", "fd09::1/128"], **peer).up()
    assert here.wait(5) and there.wait(5)
    return here, there


def down(*tunnels):
    for each in tunnels:
        assert not each.errors, each.last_error
        each.down()


def echo(count):
    """How many of `count` pings come back."""
    run = ping.Echo(THERE, quiet=True)
    raw = run.socket()
    raw.connect(run.address)  # or it would take the requests as well, away from who answers them
    raw.settimeout(1)
    for _ in range(count):
        raw.send(run.request())
        try:
            run.consume(raw.recv(200))
        except OSError:
            pass
    raw.close()
    return run.statistics.received


def copy(data, source, sink):
    """What comes out of the socket `sink` while `data` goes into `source`."""
    source.setblocking(False)
    sink.setblocking(False)
    sent, received = 0, bytearray()
    end = time.ticks_add(time.ticks_ms(), 60_000)
    while len(received) < len(data):
        assert time.ticks_diff(end, time.ticks_ms()) > 0, len(received)
        try:
            sent += source.send(data[sent : sent + 2000]) if sent < len(data) else 0
        except OSError as error:
            assert error.errno == errno.EAGAIN, error
        try:
            received += sink.recv(2000)
        except OSError as error:
            assert error.errno == errno.EAGAIN, error
            time.sleep_ms(1)
    return received


def connection(host, family):
    """(client, server): both ends of a TCP connection to `host`."""
    listener = socket.socket(family)
    listener.bind((host, 7000))
    listener.listen(1)
    client = socket.socket(family)
    client.connect((host, 7000))
    server, _ = listener.accept()
    listener.close()
    return client, server


def test_ping():
    here, there = pair()
    assert echo(20) == 20
    down(here, there)


def test_with_a_preshared_key():
    here, there = pair(preshared_key=keys.encode(bytes(range(32))))
    assert echo(1) == 1
    down(here, there)


def test_udp_of_every_size():
    here, there = pair()
    for family, ours, theirs in (
        (socket.AF_INET, HERE, THERE),
        (socket.AF_INET6, "fd09::1", "fd09::2"),
    ):
        one = socket.socket(family, socket.SOCK_DGRAM)
        two = socket.socket(family, socket.SOCK_DGRAM)
        one.bind((ours, 5001))
        two.bind((theirs, 5002))
        one.settimeout(1)
        two.settimeout(1)
        for size in list(range(1, 80)) + [500, 1371, 1372]:
            data = bytes([(size + i) & 255 for i in range(size)])
            one.sendto(data, (theirs, 5002))
            got, source = two.recvfrom(2000)
            assert got == data and source[1] == 5001, (size, source)
            two.sendto(data, source)
            assert one.recv(2000) == data, size
        one.close()
        two.close()
    down(here, there)


def test_tcp_both_ways():
    here, there = pair()
    data = bytes([i * i >> 4 & 255 for i in range(50_000)])
    for host, family in ((THERE, socket.AF_INET), ("fd09::2", socket.AF_INET6)):
        client, server = connection(host, family)
        assert copy(data, client, server) == data
        assert copy(data, server, client) == data
        client.close()
        server.close()
    sent = here.status("peers")[0]["tx_bytes"]
    assert sent > 2 * len(data), sent
    down(here, there)


def test_with_little_memory():
    """Two tunnels and their traffic in the heap that a board has left for one."""
    gc.collect()
    ballast = bytearray(gc.mem_free() - 48_000)
    here, there = pair()
    for _ in range(10):
        time.sleep(150)
        assert echo(5) == 5
    assert gc.mem_free() < 48_000
    down(here, there)
    assert not any(ballast)


def test_an_hour_of_traffic_renews_the_session():
    here, there = pair()
    sessions = set()
    for _ in range(60):
        time.sleep(60)
        assert echo(1) == 1
        sessions.add(here._interface.device.peers[0].last_handshake)
    assert len(sessions) >= 30, len(sessions)
    down(here, there)


def test_hours_of_silence():
    here, there = pair()
    time.sleep(6 * 3600)
    assert not here.isconnected()
    echo(1)
    time.sleep(1)
    assert echo(3) == 3
    down(here, there)


def test_a_persistent_keepalive_keeps_the_session():
    here, there = pair(persistent_keepalive=25)
    before = there.status("peers")[0]["rx_bytes"]
    time.sleep(1000)
    assert here.isconnected() and there.isconnected()
    assert there.status("peers")[0]["rx_bytes"] >= before + 1000 // 26 * 32
    down(here, there)


def test_nothing_is_left():
    def life():
        here, there = pair()
        assert echo(1) == 1
        down(here, there)
        gc.collect()

    life()
    before = heap(), netifs()
    memory = gc.mem_alloc()
    for _ in range(20):
        life()
    assert (heap(), netifs()) == before
    assert gc.mem_alloc() - memory < 2000, gc.mem_alloc() - memory
