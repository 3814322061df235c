# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors

"""Inner packets for hand-made peers: just enough IPv4, IPv6, ICMP and UDP."""

import ipaddress
import socket
import struct

ICMP, TCP, UDP = 1, 6, 17
ECHO_REPLY, ECHO_REQUEST = 0, 8


def checksum(data: bytes) -> int:
    """RFC 1071."""
    data += bytes(len(data) % 2)
    total = sum(struct.unpack(f">{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return total ^ 0xFFFF


def ipv4(
    source: str, target: str, protocol: int, payload: bytes, ident=0, flags=0, ttl=64
) -> bytes:
    """flags: the 16-bit field of DF, MF and the fragment offset in units of 8 bytes."""
    addresses = socket.inet_aton(source) + socket.inet_aton(target)
    header = struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(payload), ident, flags, ttl, protocol, 0)
    value = checksum(header + addresses)
    return header[:10] + struct.pack(">H", value) + addresses + payload


def ipv6(source: str, target: str, protocol: int, payload: bytes, hops=64) -> bytes:
    header = struct.pack(">LHBB", 6 << 28, len(payload), protocol, hops)
    return header + _address(source) + _address(target) + payload


def _address(text: str) -> bytes:
    return ipaddress.ip_address(text).packed


def echo(kind: int, ident: int, sequence: int, data: bytes = b"abcdefgh") -> bytes:
    body = struct.pack(">BBHHH", kind, 0, 0, ident, sequence) + data
    return body[:2] + struct.pack(">H", checksum(body)) + body[4:]


def udp(source: tuple, target: tuple, data: bytes) -> bytes:
    """A whole packet; source and target are (host, port), both of one family."""
    size = 8 + len(data)
    segment = struct.pack(">HHHH", source[1], target[1], size, 0) + data
    pseudo = _address(source[0]) + _address(target[0])
    value = checksum(pseudo + struct.pack(">HH", UDP, size) + segment) or 0xFFFF
    segment = segment[:6] + struct.pack(">H", value) + segment[8:]
    return (ipv6 if ":" in source[0] else ipv4)(source[0], target[0], UDP, segment)


def tcp(source: tuple, target: tuple, seq: int, ack: int, flags: int, data=b"") -> bytes:
    """A whole packet of a segment, likewise; flags: FIN 1, SYN 2, ACK 16."""
    offset_flags = 5 << 12 | flags
    ports = struct.pack(">HHLL", source[1], target[1], seq % 2**32, ack % 2**32)
    segment = ports + struct.pack(">HHHH", offset_flags, 5760, 0, 0) + data
    pseudo = _address(source[0]) + _address(target[0]) + struct.pack(">HH", TCP, len(segment))
    segment = segment[:16] + struct.pack(">H", checksum(pseudo + segment)) + segment[18:]
    return (ipv6 if ":" in source[0] else ipv4)(source[0], target[0], TCP, segment)


def fragments(packet: bytes, size: int):
    """Split an IPv4 packet without options into fragments of size bytes (a multiple of 8)."""
    ident = struct.unpack_from(">H", packet, 4)[0]
    source, target = (socket.inet_ntoa(packet[i : i + 4]) for i in (12, 16))
    payload = packet[20:]
    for start in range(0, len(payload), size):
        more = 0x2000 if start + size < len(payload) else 0
        part = payload[start : start + size]
        yield ipv4(source, target, packet[9], part, ident, more | start // 8)


def fragments6(packet: bytes, size: int, ident=1):
    """Split an IPv6 packet without extension headers, likewise (RFC 8200, section 4.5)."""
    header, payload = packet[:40], packet[40:]
    for start in range(0, len(payload), size):
        more = start + size < len(payload)
        part = struct.pack(">BBHL", packet[6], 0, start | more, ident) + payload[start:][:size]
        yield header[:4] + struct.pack(">HB", len(part), 44) + header[7:] + part


class Packet:
    """A view of an IP packet: source, target, protocol, payload (padding removed)."""

    def __init__(self, data: bytes):
        if data[0] >> 4 == 6:
            self.protocol = data[6]
            self.source, self.target = (
                str(ipaddress.ip_address(data[i : i + 16])) for i in (8, 24)
            )
            self.raw = data[: 40 + struct.unpack_from(">H", data, 4)[0]]
            self.payload = self.raw[40:]
            return
        header, total = (data[0] & 15) * 4, struct.unpack_from(">H", data, 2)[0]
        self.protocol = data[9]
        self.source, self.target = (socket.inet_ntoa(data[i : i + 4]) for i in (12, 16))
        self.payload = data[header:total]
        self.raw = data[:total]

    def ports(self):
        return struct.unpack_from(">HH", self.payload)

    def is_echo_request(self):
        return self.protocol == ICMP and self.payload[0] == ECHO_REQUEST

    def echo_reply(self) -> bytes:
        """The reply to this echo request."""
        ident, sequence = struct.unpack_from(">HH", self.payload, 4)
        return ipv4(
            self.target,
            self.source,
            ICMP,
            echo(ECHO_REPLY, ident, sequence, self.payload[8:]),
        )
