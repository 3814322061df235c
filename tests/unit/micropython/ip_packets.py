# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
"""IP packets as somebody else on the network writes them. Addresses are text, ports numbers."""

import struct

ICMP6, UDP = 58, 17
DEVICE_MAC, OTHER_MAC = b"\x02WG\x00\x02\x0f", b"\x02\x02\x02\x02\x02\x02"


def checksum(data):
    """RFC 1071."""
    if len(data) % 2:
        data = data + b"\0"
    words = sum(data[i] << 8 | data[i + 1] for i in range(0, len(data), 2))
    while words >> 16:
        words = (words & 0xFFFF) + (words >> 16)
    return words ^ 0xFFFF


def address4(text):
    return bytes(map(int, text.split(".")))


def address6(text):
    """Of an address with one `::`."""
    head, tail = (
        [int(group, 16) for group in part.split(":") if group] for part in text.split("::")
    )
    return struct.pack(">8H", *(head + [0] * (8 - len(head) - len(tail)) + tail))


def ip4(source, destination, protocol, payload, offset=0):
    """offset: the 16-bit field of a fragment."""
    length = 20 + len(payload)
    header = struct.pack(">BBHHHBBH", 0x45, 0, length, 1, offset, 64, protocol, 0)
    header = bytearray(header + address4(source) + address4(destination))
    header[10:12] = struct.pack(">H", checksum(header))
    return bytes(header) + payload


def udp4(source, destination, port, data, source_port=4000, offset=0):
    """Without the UDP checksum, which IPv4 allows."""
    payload = struct.pack(">HHHH", source_port, port, 8 + len(data), 0) + data
    return ip4(source, destination, UDP, payload, offset)


def ip6(source, destination, protocol, payload, hops=64):
    header = struct.pack(">IHBB", 6 << 28, len(payload), protocol, hops)
    return header + address6(source) + address6(destination) + payload


def _checked(source, destination, protocol, payload, at):
    """With its checksum at that place."""
    pseudo = address6(source) + address6(destination) + struct.pack(">II", len(payload), protocol)
    value = checksum(pseudo + payload)
    return payload[:at] + struct.pack(">H", value) + payload[at + 2 :]


def udp6(source, destination, port, data, source_port=4000):
    payload = struct.pack(">HHHH", source_port, port, 8 + len(data), 0) + data
    return ip6(source, destination, UDP, _checked(source, destination, UDP, payload, 6))


def icmp6(source, destination, kind, body, hops=64):
    payload = struct.pack(">BBH", kind, 0, 0) + body
    return ip6(source, destination, ICMP6, _checked(source, destination, ICMP6, payload, 2), hops)


def frame(packet):
    """From somebody on the device's network."""
    kind = b"\x86\xdd" if packet[0] >> 4 == 6 else b"\x08\x00"
    return DEVICE_MAC + OTHER_MAC + kind + packet
