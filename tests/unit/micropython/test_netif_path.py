# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
"""Packets between two Netifs of one device, and how events reach Python."""

import gc
import socket
import struct
import time

import _host
import _wireguard as wg
import ip_packets
from expect import equal
from transport import Sender
from two_netifs import A, B, ignore, install, pair, public, until

INITIATION = 148  # bytes, counted when a responder's keypair is installed


def udp(host, port):
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    s.bind(socket.getaddrinfo(host, port)[0][-1])
    s.settimeout(3)
    return s


def test_datagrams_of_every_size_arrive_whole():
    a, at_a, b, at_b = pair()
    install(a, at_a, b, at_b)
    here, there = udp(A, 5001), udp(B, 5002)
    to = socket.getaddrinfo(B, 5002)[0][-1]
    for size in list(range(1, 40)) + [1000, 1391, 1392]:
        data = bytes((size + i) & 255 for i in range(size))
        here.sendto(data, to)
        got, source = there.recvfrom(2000)
        equal(got, data)
        equal(source[0], A)
    drops = {name: n for name, n in b.counters().items() if n}
    equal(drops, {})
    equal(b.stats(at_b)[0], a.stats(at_a)[1] + INITIATION)
    here.close()
    there.close()
    a.close()
    b.close()


def test_what_is_staged_arrives_in_order_and_only_the_newest():
    events = []

    def collect(netif):
        event = netif.event()
        while event:
            events.append(event)
            event = netif.event()

    a, at_a, b, at_b = pair(collect)
    here, there = udp(A, 5001), udp(B, 5002)
    to = socket.getaddrinfo(B, 5002)[0][-1]
    for i in range(12):
        here.sendto(bytes([i]), to)
    until(lambda: events, "the wish for a handshake")
    equal(set(events), {(wg.EVENT_HANDSHAKE, at_a)})
    install(a, at_a, b, at_b)
    got = []
    for _ in range(6):  # the socket's mailbox holds six
        got.append(there.recv(10)[0])
    equal(got, list(range(4, 10)))
    equal(a.counters()["staged"], 4)
    here.close()
    there.close()
    a.close()
    b.close()


def staged(count, port=5001):
    """A pair where so many packets wait for a session; (pair, send, receive)."""
    net = pair()
    here, there = udp(A, port), udp(B, 5002)
    there.settimeout(1)
    to = socket.getaddrinfo(B, 5002)[0][-1]
    for i in range(count):
        here.sendto(bytes([i]), to)

    def close():
        for s in (here, there, net[0], net[2]):
            s.close()

    return net, lambda i: here.sendto(bytes([i]), to), lambda: there.recv(10)[0], close


def test_a_new_session_does_not_disturb_what_is_staged():
    net, send, receive, close = staged(4)
    a, at_a, b, at_b = net
    one, two = b"1" * 32, b"2" * 32
    # First all of them there: a packet under way opens with the session of before, too.
    for index in (100, 102):
        b.keypair(at_b, index + 1, index, two, one, True)
    for index in (100, 102):
        a.keypair(at_a, index, index + 1, one, two, True)
    send(4)
    equal([receive() for _ in range(5)], list(range(5)))
    net[0].keys_clear(net[1])
    send(5)
    install(*net, 106)
    equal(receive(), 5)
    close()


def test_a_tunnel_or_a_peer_goes_while_its_staged_packets_leave():
    before = _host.memp()
    for i in range(40):
        (a, at_a, b, at_b), send, receive, close = staged(8)
        install(a, at_a, b, at_b)
        if i % 2:
            a.peer_remove(at_a)
        else:
            a.close()
        close()
    after = _host.memp()
    for name in ("UDP_PCB", "heap"):
        if name in before:
            assert after[name][0] <= before[name][0] + 500 * (name == "heap"), name


def test_staged_packets_leave_though_memory_is_refused():
    """Each allocation from the session on in turn, the one for the next turn among them."""
    for n in range(1, 16):
        net, send, receive, close = staged(3)
        _host.fail("lwip", n)
        try:
            install(*net)
        except MemoryError:
            _host.fail("lwip", 0)
            install(*net, 102)
        a, at_a = net[:2]
        until(lambda: a.stats(at_a)[3] + a.counters()["send"] == 3, "all to leave: {}".format(n))
        _host.fail("lwip", 0)
        send(3)
        got = []
        while got[-1:] != [3]:
            got.append(receive())
        equal(got, sorted(got))
        assert len(got) >= 3, (n, got)
        close()


def test_a_source_that_is_not_the_peers_is_dropped():
    a, at_a, b, at_b = pair()
    install(a, at_a, b, at_b)
    b.allowed_ips(at_b, [("10.9.0.77", 32)])
    here, there = udp(A, 5001), udp(B, 5002)
    here.sendto(b"forged", socket.getaddrinfo(B, 5002)[0][-1])
    until(lambda: b.counters()["source"] == 1, "the drop")
    there.settimeout(0.05)
    try:
        there.recv(10)
        raise AssertionError("it was delivered")
    except OSError:
        pass
    here.close()
    there.close()
    a.close()
    b.close()


def test_a_peer_does_not_reach_the_loopback_interface():
    a, at_a, b, at_b = pair()
    one, two = bytes([1]) * 32, bytes([2]) * 32
    b.keypair(at_b, 11, 10, two, one, False)
    peer = Sender(11, one)
    outside, inside = udp("127.0.0.1", 5003), udp(B, 5002)
    local = udp("127.0.0.1", 5002)
    tunnel = socket.getaddrinfo("127.0.0.1", b.port())[0][-1]
    for destination in (B, "127.0.0.1", "127.255.0.1"):
        outside.sendto(peer.seal(ip_packets.udp4(A, destination, 5002, b"hello")), tunnel)
    equal(inside.recv(10), b"hello")
    until(lambda: b.stats(at_b)[2] == 3, "three messages")
    equal(b.counters()["malformed"], 2)
    local.settimeout(0.1)
    try:
        local.recv(10)
        raise AssertionError("it was delivered")
    except OSError:
        pass
    for s in (outside, inside, local, a, b):
        s.close()


def test_an_inner_length_that_reaches_into_the_tag_is_refused():
    a, at_a, b, at_b = pair()
    one, two = bytes([1]) * 32, bytes([2]) * 32
    b.keypair(at_b, 11, 10, two, one, False)
    peer = Sender(11, one)
    outside = udp("127.0.0.1", 5003)
    tunnel = socket.getaddrinfo("127.0.0.1", b.port())[0][-1]
    packet = ip_packets.udp4(A, B, 5002, bytes(20))
    equal(len(packet), 48)  # no padding
    for count, length in enumerate((48, 49, 64, 65)):
        outside.sendto(peer.seal(packet[:2] + bytes([0, length]) + packet[4:]), tunnel)
        until(lambda n=count: b.stats(at_b)[2] == n + 1, "the message")
        equal(b.counters()["malformed"], count)
    for s in (outside, a, b):
        s.close()


def test_a_connection_to_itself_outlives_the_tunnel():
    """What lwIP still has to deliver from a netif to itself holds the netif's address."""
    for _ in range(20):
        netif = wg.Netif(public(7), ignore)
        netif.open([(A, 24)], 1420)
        slot = netif.peer_add()
        netif.allowed_ips(slot, [("10.9.0.0", 24)])
        server = socket.socket()
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        address = socket.getaddrinfo(A, 5010)[0][-1]
        server.bind(address)
        server.listen(1)
        client = socket.socket()
        client.connect(address)
        accepted, _ = server.accept()
        client.send(b"x" * 3000)
        netif.close()
        accepted.close()
        client.close()
        server.close()
    gc.collect()


def digest(data):
    out = bytearray(32)
    wg.hash(out, data)
    return out


def response(public_key, receiver, number):
    message = b"\x02\0\0\0" + bytes(4) + struct.pack("<II", receiver, number) + bytes(44)
    return message + wg.mac(digest(b"mac1----" + public_key), message) + bytes(16)


def test_as_many_may_answer_at_once_as_were_asked():
    got = []

    def collect(netif):
        event = netif.event()
        while event:
            if event[0] == wg.EVENT_MESSAGE:
                got.append(event[1][12])
            event = netif.event()

    netif = wg.Netif(public(1), collect)
    netif.open([(A, 24)], 1420)
    there = udp("127.0.0.1", 5004)
    for number in range(32):
        slot = netif.peer_add()
        netif.endpoint(slot, ("127.0.0.1", 5004))
        assert netif.send(slot, b"\x01\0\0\0" + struct.pack("<I", 900 + number) + bytes(140))
        there.recv(200)
    to = socket.getaddrinfo("127.0.0.1", netif.port())[0][-1]

    def answer(number):
        there.sendto(response(public(1), 900 + number, number), to)

    for number in range(32):
        answer(number)
        until(lambda: number in got, "answer {}".format(number))
    equal(got, list(range(32)))
    equal(netif.counters()["messages_limit"], 0)
    # Once each: the same again is what others may send as well.
    for number in range(32):
        answer(number)
        time.sleep_ms(1)
    until(lambda: netif.counters()["messages_limit"] > 10, "a limit")
    assert len(got) < 32 + 20
    there.close()
    netif.close()


def test_a_handler_may_close_every_netif():
    """The next one in the list of those to be told is gone then."""
    netifs, calls = [], []

    def handler(netif):
        calls.append(1)
        for each in netifs:
            each.close()

    for i in range(3):
        netif = wg.Netif(public(i), handler)
        netif.open([("10.9.%d.1" % i, 24)], 1420)
        netifs.append(netif)
    for netif in netifs:
        netif.wake(20)
    end = time.ticks_add(time.ticks_ms(), 60)
    while time.ticks_diff(end, time.ticks_ms()) > 0:
        pass  # no sleep: all are due when the scheduler runs
    until(lambda: calls, "a call")
    time.sleep_ms(50)
    assert not any(netif.active() for netif in netifs)


def test_a_handler_that_raises_is_called_again_but_does_not_spin():
    calls = []

    def handler(netif):
        calls.append(1)
        if len(calls) < 5:
            raise RuntimeError("no")
        ignore(netif)

    netif = wg.Netif(public(1), handler)
    netif.open([(A, 24)], 1420)
    netif.wake(0)
    done = 0
    end = time.ticks_add(time.ticks_ms(), 200)
    while time.ticks_diff(end, time.ticks_ms()) > 0:
        done += 1
    equal(len(calls), 5)
    assert done > 1000, done
    netif.close()


def test_ctrl_c_in_a_handler_reaches_the_program():
    def handler(netif):
        ignore(netif)
        raise KeyboardInterrupt

    netif = wg.Netif(public(1), handler)
    netif.open([(A, 24)], 1420)
    netif.wake(20)
    try:
        time.sleep(5)
        raise AssertionError("not interrupted")
    except KeyboardInterrupt:
        pass
    netif.close()


def test_a_second_import_keeps_the_events_coming():
    import sys

    seen = []

    def handler(netif):
        while netif.event():
            seen.append(1)

    netif = wg.Netif(public(1), handler)
    netif.open([(A, 24)], 1420)
    sys.modules.pop("_wireguard", None)
    import _wireguard

    equal(_wireguard.Netif, wg.Netif)
    netif.wake(5)
    until(lambda: seen, "an event")
    netif.close()


def test_a_persistent_keepalive_goes_on_after_failures():
    a, at_a, b, at_b = pair()
    install(a, at_a, b, at_b)
    until(lambda: a.session(at_a)[2] == 1, "the confirmation")
    a.endpoint(at_a, ("fd99::1", 9))  # no way there
    a.keepalive(at_a, 1)
    until(lambda: a.counters()["no_endpoint"] >= 2, "a second attempt")
    a.endpoint(at_a, ("127.0.0.1", b.port()))
    before = b.stats(at_b)[2]
    until(lambda: b.stats(at_b)[2] > before, "a keepalive")
    a.close()
    b.close()


def test_a_netif_nobody_holds_goes_on_until_it_is_closed():
    netif = wg.Netif(public(1), ignore)
    netif.open([(A, 24)], 1420)
    netif = None
    gc.collect()
    equal("wg" in _host.netifs(), True)
