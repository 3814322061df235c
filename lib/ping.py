# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
"""ICMP echo over a raw socket, printed as ping prints it (RFC 792, RFC 4443).

import ping
statistics = ping.ping("192.168.4.254", count=5)
statistics = await ping.aping("192.168.4.254")
"""

import errno
import os
import socket
import struct
import time

from micropython import const

_RAW = getattr(socket, "SOCK_RAW", 3)
_ICMP = const(1)
_ICMP6 = const(58)
_LONGEST = const(2048)
_NOTHING_YET = (errno.ETIMEDOUT, errno.EAGAIN, 116)  # 116: ETIMEDOUT of newlib


class Statistics:
    """Of one run: transmitted, received, duplicates, elapsed_ms, interrupted; loss(), rtt()."""

    def __init__(self, host):
        self.host = host
        self.transmitted = 0
        self.received = 0
        self.duplicates = 0
        self.elapsed_ms = 0
        self.interrupted = False
        self._least = self._most = self._sum = self._squares = 0

    def add(self, rtt):
        """Count a reply that took `rtt` microseconds."""
        self._least = min(self._least, rtt) if self.received else rtt
        self._most = max(self._most, rtt)
        self._sum += rtt
        self._squares += rtt * rtt
        self.received += 1

    def loss(self):
        """Percent lost."""
        if not self.transmitted:
            return 0
        return 100 * (self.transmitted - self.received) // self.transmitted

    def rtt(self):
        """(least, mean, most, deviation) in microseconds, or None without replies."""
        if not self.received:
            return None
        mean = self._sum // self.received
        variance = self._squares // self.received - mean * mean
        return self._least, mean, self._most, int(max(0, variance) ** 0.5)

    def text(self):
        """The last lines of ping's output."""
        lines = ["--- {} ping statistics ---".format(self.host)]
        lines.append(
            "{} packets transmitted, {} received,{} {}% packet loss, time {} ms".format(
                self.transmitted,
                self.received,
                " +{} duplicates,".format(self.duplicates) if self.duplicates else "",
                self.loss(),
                self.elapsed_ms,
            )
        )
        if self.received:
            figures = "/".join([_ms(us) for us in self.rtt()])
            lines.append("rtt min/avg/max/mdev = {} ms".format(figures))
        return "\n".join(lines)


class Echo:
    """The packets of one run: makes requests, recognises their replies."""

    def __init__(self, host, size=56, quiet=False):
        """OSError if `host` cannot be resolved."""
        family, _, _, _, self.address = socket.getaddrinfo(host, 0)[0]
        self.is_ipv6 = family == socket.AF_INET6
        self.statistics = Statistics(self.address[0])
        self._host = host
        self._quiet = quiet
        self._identifier = os.urandom(2)
        self._data = bytes([i & 0xFF for i in range(size)])
        self._sent = {}  # by sequence number: when
        self._answered = set()
        self._began = time.ticks_ms()
        self._say("PING {}: {} data bytes".format(host, size))

    def socket(self):
        """A raw socket of the right family."""
        if self.is_ipv6:
            return socket.socket(socket.AF_INET6, _RAW, _ICMP6)
        return socket.socket(socket.AF_INET, _RAW, _ICMP)

    def request(self):
        """The next echo request."""
        self.statistics.transmitted += 1
        sequence = self.statistics.transmitted & 0xFFFF
        kind = 128 if self.is_ipv6 else 8
        packet = bytearray(struct.pack(">BBH", kind, 0, 0))
        packet += self._identifier + struct.pack(">H", sequence) + self._data
        if not self.is_ipv6:  # there it covers the addresses, and lwIP fills it in
            struct.pack_into(">H", packet, 2, checksum(packet))
        self._sent[sequence] = time.ticks_us()
        self._answered.discard(sequence)
        return packet

    def consume(self, packet):
        """Take an IP packet. True if it is a reply to a request of this run, seen first."""
        now = time.ticks_us()
        parts = self._parse(packet)
        if parts is None:
            return False
        sequence, length, hops = parts
        rtt = time.ticks_diff(now, self._sent[sequence])
        again = sequence in self._answered
        if again:
            self.statistics.duplicates += 1
        else:
            self._answered.add(sequence)
            self.statistics.add(rtt)
        self._say(  # counted before: whoever reads the line may interrupt at once
            "{} bytes from {}: icmp_seq={} ttl={} time={} ms{}".format(
                length, self.address[0], sequence, hops, _ms(rtt), " (DUP!)" if again else ""
            )
        )
        return not again

    def is_complete(self):
        return self.statistics.received == self.statistics.transmitted

    def failed(self, error):
        """A request could not even be sent."""
        self._say("ping: sendto: {}".format(error))

    def finish(self):
        """Print and answer the statistics."""
        self.statistics.elapsed_ms = time.ticks_diff(time.ticks_ms(), self._began)
        self._say("\n" + self.statistics.text())
        return self.statistics

    def _parse(self, packet):
        """(sequence number, bytes of ICMP, hops left) of a reply to us, else None."""
        if self.is_ipv6:
            header, reply, hops = 40, 129, 7
        else:
            header, reply, hops = (packet[0] & 0x0F) * 4 if packet else 0, 0, 8
        if len(packet) < header + 8:
            return None
        kind, code = packet[header], packet[header + 1]
        if kind != reply or code or packet[header + 4 : header + 6] != self._identifier:
            return None
        if packet[header + 8 :] != self._data:
            return None
        if not self.is_ipv6 and checksum(memoryview(packet)[header:]):
            return None
        sequence = packet[header + 6] << 8 | packet[header + 7]
        if sequence not in self._sent:
            return None
        return sequence, len(packet) - header, packet[hops]

    def _say(self, text):
        if not self._quiet:
            print(text)


def checksum(data):
    """The Internet checksum (RFC 1071); 0 over data that contains a right one."""
    total = 0
    for i in range(0, len(data) - 1, 2):
        total += data[i] << 8 | data[i + 1]
    if len(data) & 1:
        total += data[-1] << 8
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def ping(host, count=5, interval=1.0, timeout=1.0, size=56, quiet=False):
    """Send `count` echo requests, one every `interval` seconds; wait `timeout` for the last.

    Ctrl-C ends it early, as it ends ping. Answers Statistics; OSError if the host is unknown.
    """
    echo = Echo(host, size, quiet)
    sock = echo.socket()
    try:
        for i in range(count):
            try:
                sock.sendto(echo.request(), echo.address)
            except OSError as error:
                echo.failed(error)
            last = i == count - 1
            _listen(sock, echo, int(1000 * (timeout if last else interval)), last)
    except KeyboardInterrupt:
        echo.statistics.interrupted = True
    finally:
        sock.close()
        echo.finish()
    return echo.statistics


def _listen(sock, echo, ms, last):
    """Take replies for `ms`, after the last request only until all are there."""
    end = time.ticks_add(time.ticks_ms(), ms)
    while not (last and echo.is_complete()):
        left = time.ticks_diff(end, time.ticks_ms())
        if left <= 0:
            return
        sock.settimeout(left / 1000)
        try:
            echo.consume(sock.recv(_LONGEST))
        except OSError as error:
            if error.errno not in _NOTHING_YET:
                raise


async def aping(host, count=5, interval=1.0, timeout=1.0, size=56, quiet=False):
    """`ping` for asyncio. (The name look-up blocks: give an address.)"""
    import asyncio

    echo = Echo(host, size, quiet)
    sock = echo.socket()
    sock.setblocking(False)
    stream = asyncio.StreamReader(sock)
    try:
        for i in range(count):
            try:
                sock.sendto(echo.request(), echo.address)
            except OSError as error:
                echo.failed(error)
            last = i == count - 1
            end = time.ticks_add(time.ticks_ms(), int(1000 * (timeout if last else interval)))
            while not (last and echo.is_complete()):
                left = time.ticks_diff(end, time.ticks_ms())
                if left <= 0:
                    break
                try:
                    echo.consume(await asyncio.wait_for_ms(stream.read(_LONGEST), left))
                except asyncio.TimeoutError:
                    break
    finally:
        sock.close()
        echo.finish()
    return echo.statistics


def _ms(us):
    return "{}.{:03d}".format(us // 1000, us % 1000)
