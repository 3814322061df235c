# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
"""The client of `make bench`: TCP and UDP both ways as fast as they go, and pings.

MicroPython on the device and CPython on a host run the same file, so that the same program talks
through our tunnel, through no tunnel and through another WireGuard. Its argument is a file of
JSON: what to measure, in order, and whose CPU time to read. It prints an object a measurement.
"""

import json
import os
import select
import socket
import sys
import time

SOURCE, SINK, ECHO = 5001, 5002, 7  # wgpy.bench.services
CHUNK = 16384
DATAGRAM = 1392  # what an MTU of 1420 carries over IPv4
CREDITS = 8  # datagrams on their way at once; a socket of our firmware holds twelve
BATCH = 16  # datagrams from the device that are acknowledged together
MICROPYTHON = sys.implementation.name == "micropython"

if MICROPYTHON:
    from _host import mbox_drops

    def now():
        return time.ticks_us()

    def since(then):
        return time.ticks_diff(time.ticks_us(), then) / 1e6

    def read_into(s, buffer):
        return s.readinto(buffer)
else:

    def mbox_drops():
        return 0

    def now():
        return time.monotonic()

    def since(then):
        return time.monotonic() - then

    def read_into(s, buffer):
        try:
            return s.recv_into(buffer)
        except BlockingIOError:
            return None


def cpu(pids):
    """CPU seconds so far by the name of the thread, of these processes."""
    used = {}
    for pid in pids:
        tasks = "/proc/{}/task".format(pid)
        for task in os.listdir(tasks):
            try:
                with open("{}/{}/comm".format(tasks, task)) as file:
                    name = file.read().strip()
                with open("{}/{}/schedstat".format(tasks, task)) as file:
                    spent = int(file.read().split()[0])
            except OSError:  # a thread that has just ended
                continue
            used[name] = used.get(name, 0) + spent / 1e9
    return used


def spent(pids, before):
    """What cpu() has grown by."""
    return {name: now - before.get(name, 0) for name, now in cpu(pids).items()}


def connect(host, port, kind=socket.SOCK_STREAM):
    s = socket.socket(socket.AF_INET, kind)
    s.settimeout(10)
    s.connect((host, port))
    return s


def tcp_down(host, seconds, count=1):
    """(seconds, bytes) read from `count` connections at once."""
    return _tcp(host, SOURCE, select.POLLIN, seconds, count, read_into, bytearray(CHUNK))


def tcp_up(host, seconds, count=1):
    """(seconds, bytes) written."""
    return _tcp(host, SINK, select.POLLOUT, seconds, count, _send, bytes(CHUNK))


def _send(s, data):
    try:
        return s.send(data)
    except OSError as error:
        if error.args[0] == 11:  # EAGAIN
            return None
        raise


def _tcp(host, port, event, seconds, count, move, data):
    if count == 1:
        return _tcp_alone(host, port, seconds, move, data)
    sockets = [connect(host, port) for _ in range(count)]
    poll = select.poll()
    by_number = {}
    for s in sockets:
        s.setblocking(False)
        poll.register(s, event)
        by_number[s.fileno()] = s
    total, began = 0, now()
    while since(began) < seconds:
        for which, _ in poll.poll(100):
            s = which if MICROPYTHON else by_number[which]
            for _ in range(4):  # a poll costs more than a segment
                moved = move(s, data)
                if not moved:
                    break
                total += moved
    took = since(began)
    for s in sockets:
        s.close()
    return took, total


def _tcp_alone(host, port, seconds, move, data):
    """Without poll(), which in MicroPython looks once a millisecond: a window a millisecond."""
    s = connect(host, port)
    total, began = 0, now()
    while since(began) < seconds:
        total += move(s, data)
    took = since(began)
    s.close()
    return took, total


def udp_up(host, seconds, size=DATAGRAM):
    """(seconds from the first to arrive to the last, bytes and datagrams that arrived, sent ones).

    The time is the receiver's: what waits in queues when the last one is sent takes time too.
    """
    s = connect(host, SINK, socket.SOCK_DGRAM)
    s.settimeout(0.05)
    data = bytes(size)
    sent, unanswered, began = 0, 0, now()
    while since(began) < seconds:
        if unanswered == 2:  # else the other side would queue without an end
            try:
                s.recv(100)
                unanswered -= 1
            except OSError:  # some got lost
                unanswered = 0
        for _ in range(BATCH):
            try:
                s.send(data)
                sent += 1
            except OSError:  # lwIP's queue is full
                time.sleep(0.0005)
        unanswered += 1
    arrived, us = _receipt(s)
    s.close()
    return us / 1e6, arrived * size, arrived, sent


def _receipt(s):
    s.settimeout(0.5)
    for _ in range(20):
        try:
            s.send(b"?")
            while len(receipt := s.recv(100).split()) != 2:
                pass
            return [int(word) for word in receipt]
        except OSError:
            pass
    raise OSError("no receipt")


def udp_down(host, seconds, size=DATAGRAM):
    """(seconds, bytes, datagrams), sent as they are asked for, so that few are lost."""
    s = connect(host, SOURCE, socket.SOCK_DGRAM)
    s.settimeout(0.1)
    buffer = bytearray(2048)
    first, more = b"%d %d" % (size, CREDITS), b"%d %d" % (size, CREDITS // 2)
    s.send(first)
    got, began = 0, now()
    while since(began) < seconds:
        try:
            read_into(s, buffer) if not MICROPYTHON else s.recv(2048)
        except OSError:
            s.send(first)
            continue
        got += 1
        if got % (CREDITS // 2) == 0:
            s.send(more)
    took = since(began)
    s.close()
    return took, got * size, got


def echo(hosts, seconds, size=64):
    """(seconds, bytes, echoes), of one host after the other."""
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    s.settimeout(0.2)
    data, sent, got = bytes(size), 0, 0

    def ask():
        s.sendto(data, (hosts[sent % len(hosts)], ECHO))
        return sent + 1

    for host in hosts:
        _session(s, data, host)
    for _ in range(CREDITS):
        sent = ask()
    began = now()
    while since(began) < seconds:
        try:
            s.recv(2048)
            got += 1
        except OSError:
            pass
        sent = ask()
    took = since(began)
    s.close()
    return took, got * size, got


def _session(s, data, host):
    """Ask until there is an answer, then until there is none left."""
    answered = False
    for _ in range(100):
        s.sendto(data, (host, ECHO))
        try:
            while s.recv(2048):
                answered = True
        except OSError:
            if answered:
                return
    raise OSError("no answer from " + host)


def latency(host, seconds, size=64):
    """Milliseconds from question to answer, sorted."""
    s = connect(host, ECHO, socket.SOCK_DGRAM)
    times, began = [], now()
    while since(began) < seconds:
        asked = now()
        s.send(bytes(size))
        s.recv(2048)
        times.append(since(asked) * 1000)
        time.sleep(0.005)
    s.close()
    return sorted(times)


def ping(host, seconds, size=56):
    """Milliseconds from an ICMP echo request to its reply, sorted."""
    s = socket.socket(socket.AF_INET, getattr(socket, "SOCK_RAW", 3), 1)
    s.settimeout(0.5)
    request = bytearray(8 + size)
    request[0:2], request[4:6] = b"\x08\x00", os.urandom(2)
    times, sequence, began = [], 0, now()
    while since(began) < seconds:
        sequence = (sequence + 1) & 0xFFFF
        request[6:8] = bytes((sequence >> 8, sequence & 0xFF))
        request[2:4] = b"\x00\x00"
        request[2:4] = _checksum(request)
        asked = now()
        s.sendto(request, (host, 0))
        try:
            while not _answers(s.recv(2048), request):
                pass
            times.append(since(asked) * 1000)
        except OSError:  # lost
            pass
        time.sleep(0.005)
    s.close()
    return sorted(times)


def _checksum(data):
    total = 0
    for i in range(0, len(data), 2):
        total += data[i] << 8 | data[i + 1]
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    total = ~total & 0xFFFF
    return bytes((total >> 8, total & 0xFF))


def _answers(packet, request):
    reply = packet[(packet[0] & 15) * 4 :]
    return reply[0] == 0 and reply[4:8] == request[4:8]


TIMES = {"latency": latency, "ping": ping}
KINDS = {
    "tcp_down": tcp_down,
    "tcp_up": tcp_up,
    "udp_up": udp_up,
    "udp_down": udp_down,
    "echo": echo,
}


def measure(case, pids, gateway):
    """case: {"name", "kind", and its arguments}; pids: whose CPU time counts as the client's, and
    gateway: as the gateway's."""
    arguments = {k: v for k, v in case.items() if k not in ("name", "kind")}
    if case["kind"] in TIMES:
        times = TIMES[case["kind"]](**arguments)
        return {"name": case["name"], "ms": times[len(times) // 2], "count": len(times)}
    before, before_there, dropped = cpu(pids), cpu(gateway), mbox_drops()
    seconds, size, *packets = KINDS[case["kind"]](**arguments)
    result = {"name": case["name"], "seconds": seconds, "bytes": size}
    result["cpu"], result["gateway"] = spent(pids, before), spent(gateway, before_there)
    result["dropped"] = mbox_drops() - dropped
    if packets:
        result["packets"] = packets[0]
    if len(packets) > 1:
        result["sent"] = packets[1]
    return result


def main(plan):
    if MICROPYTHON:
        _join()
        if plan.get("tunnel"):
            import wireguard

            tunnel = wireguard.Tunnel("wg.json").up()
            assert tunnel.wait(20), "no session"
    pids = plan.get("pids") or ["self"]
    for case in plan["cases"]:
        print(json.dumps(measure(case, pids, plan["gateway"])))
        time.sleep(0.2)


def _join():
    import network

    wlan = network.WLAN(network.WLAN.IF_STA)
    wlan.active(True)
    wlan.connect("slirp", "")
    while not wlan.isconnected():
        time.sleep(0.01)


with open(sys.argv[1]) as file:
    plan = json.load(file)
main(plan)
