# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
"""ping without a network: packets, statistics, printing. With one: tests/e2e."""

import struct

import ping
from expect import equal, unhex


class _Echo(ping.Echo):
    """An Echo for a fixed address, that keeps what it would print."""

    def __init__(self, address="192.0.2.1", size=56):
        self.printed = []
        real = ping.socket
        ping.socket = self
        try:
            super().__init__(address, size)
        finally:
            ping.socket = real

    AF_INET, AF_INET6 = 2, 10

    def getaddrinfo(self, host, port):
        return [(10 if ":" in host else 2, 3, 0, "", (host, port))]

    def _say(self, text):
        self.printed.append(text)


def _reply(request, ttl=64):
    """The IPv4 packet that answers a request."""
    icmp = bytearray(request)
    icmp[0] = 0
    icmp[2:4] = b"\0\0"
    struct.pack_into(">H", icmp, 2, ping.checksum(icmp))
    header = bytearray(20)
    header[0], header[8], header[9] = 0x45, ttl, 1
    return bytes(header + icmp)


def test_checksum_rfc1071():
    equal(ping.checksum(unhex("0001f203f4f5f6f7")), 0x220D)
    equal(ping.checksum(b"\xff\xff"), 0)
    equal(ping.checksum(b"\x01"), 0xFEFF)


def test_request_and_reply():
    echo = _Echo()
    equal(echo.printed, ["PING 192.0.2.1: 56 data bytes"])
    request = echo.request()
    equal((len(request), request[0], ping.checksum(request)), (64, 8, 0))
    assert not echo.is_complete()
    assert echo.consume(_reply(request))
    assert echo.is_complete()
    line = echo.printed[1]
    assert line.startswith("64 bytes from 192.0.2.1: icmp_seq=1 ttl=64 time="), line
    assert line.endswith(" ms"), line
    milliseconds, dot, rest = line[:-3].rsplit("=", 1)[1].partition(".")
    assert milliseconds.isdigit() and len(rest) == 3


def test_what_is_no_reply_of_this_run():
    echo = _Echo()
    good = _reply(echo.request())
    for i in (20, 21, 22, 24, 25, 27, 30, 83):
        bad = bytearray(good)
        bad[i] ^= 1
        assert not echo.consume(bytes(bad)), i
    for packet in (b"", b"\x45", good[:27], good[:-1], good + b"x", _reply(_Echo().request())):
        assert not echo.consume(packet)
    equal(echo.statistics.received, 0)
    assert echo.consume(good)


def test_ip_options_before_the_reply():
    echo = _Echo()
    packet = _reply(echo.request())
    assert echo.consume(b"\x46" + packet[1:20] + bytes(4) + packet[20:])


def test_duplicates_and_late_replies():
    echo = _Echo()
    first, second = _reply(echo.request()), _reply(echo.request())
    assert echo.consume(second)
    assert echo.consume(first)
    assert not echo.consume(first)
    statistics = echo.finish()
    equal((statistics.received, statistics.duplicates), (2, 1))
    assert echo.printed[3].endswith(" ms (DUP!)")
    assert "2 received, +1 duplicates, 0% packet loss" in echo.printed[-1]


def test_ipv6():
    echo = _Echo("fd04::1")
    request = echo.request()
    equal(request[0], 128)
    request[0] = 129
    header = bytearray(40)
    header[0], header[7] = 0x60, 63
    assert echo.consume(bytes(header + request))
    assert "icmp_seq=1 ttl=63" in echo.printed[1]


def test_statistics():
    statistics = ping.Statistics("192.0.2.1")
    statistics.transmitted = 5
    statistics.elapsed_ms = 4012
    for rtt in (1234, 2345, 99, 100_000):
        statistics.add(rtt)
    equal(statistics.rtt(), (99, 25919, 100_000, 42778))
    equal(
        statistics.text(),
        "--- 192.0.2.1 ping statistics ---\n"
        "5 packets transmitted, 4 received, 20% packet loss, time 4012 ms\n"
        "rtt min/avg/max/mdev = 0.099/25.919/100.000/42.778 ms",
    )


def test_statistics_without_a_reply():
    statistics = ping.Statistics("192.0.2.1")
    equal((statistics.loss(), statistics.rtt()), (0, None))
    statistics.transmitted = 3
    equal(
        statistics.text(),
        "--- 192.0.2.1 ping statistics ---\n"
        "3 packets transmitted, 0 received, 100% packet loss, time 0 ms",
    )


def test_sequence_number_wraps():
    echo = _Echo(size=0)
    echo.statistics.transmitted = echo.statistics.received = 65535
    assert echo.consume(_reply(echo.request()))
    assert "icmp_seq=0 " in echo.printed[-1]
