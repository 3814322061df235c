# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors

"""Reading packet captures, and judging what an uplink may carry."""

import ipaddress
import struct
from collections import Counter
from pathlib import Path

ETHERNET, RAW_IP = 1, 101

_WIREGUARD_LENGTHS = {1: 148, 2: 92, 3: 64}


class Leak(AssertionError):
    """A frame on the uplink that must not be there."""


def read(path: Path):
    """Yield (link type, packet bytes) of each record in a pcap file.

    A record cut short by the end of the file is left out: the device may have been killed.
    """
    data = Path(path).read_bytes()
    if len(data) < 24:
        return
    magic = struct.unpack_from("<L", data)[0]
    order = "<" if magic in (0xA1B2C3D4, 0xA1B23C4D) else ">"
    link_type = struct.unpack_from(order + "L", data, 20)[0] & 0xFFFF
    at = 24
    while at + 16 <= len(data):
        length, original = struct.unpack_from(order + "LL", data, at + 8)
        assert length == original, "the capture cuts packets short and could hide something"
        if at + 16 + length > len(data):
            return
        yield link_type, data[at + 16 : at + 16 + length]
        at += 16 + length


def is_wireguard(payload: bytes) -> bool:
    """True if a UDP payload has the type and the length of a WireGuard message."""
    if len(payload) < 4:
        return False
    kind = struct.unpack_from("<L", payload)[0]
    if kind == 4:
        return len(payload) >= 32 and len(payload) % 16 == 0
    return len(payload) == _WIREGUARD_LENGTHS.get(kind)


def udp_datagrams(path: Path):
    """Yield ((host, port), (host, port), payload) of each whole IPv4 UDP datagram in a capture."""
    for link_type, frame in read(path):
        packet = frame[14:] if link_type == ETHERNET else frame
        if (link_type == ETHERNET and frame[12:14] != b"\x08\x00") or packet[0] >> 4 != 4:
            continue
        if packet[9] != 17 or struct.unpack_from(">H", packet, 6)[0] & 0x3FFF:
            continue
        header, total = (packet[0] & 15) * 4, struct.unpack_from(">H", packet, 2)[0]
        hosts = [str(ipaddress.ip_address(packet[i : i + 4])) for i in (12, 16)]
        ports = struct.unpack_from(">HH", packet, header)
        source, target = zip(hosts, ports, strict=True)
        yield source, target, packet[header + 8 : total]


def judge_uplink(path: Path, endpoints=(), inside=("192.168.4.0/24",), extra_udp=()) -> Counter:
    """Count the kinds of frames in an uplink's capture; raise Leak at the first strange one.

    endpoints: UDP ports at which WireGuard peers listen, here or there; inside: the networks in
    AllowedIPs, no address of which may be seen; extra_udp: other UDP ports a test uses.
    """
    inside = [ipaddress.ip_network(n) for n in inside]
    reassembly, kinds = {}, Counter()
    for number, (link_type, frame) in enumerate(read(path), 1):
        assert link_type == ETHERNET, f"uplink capture of link type {link_type}"
        kind = _judge_frame(frame, set(endpoints), inside, set(extra_udp), reassembly)
        if kind is None:
            raise Leak(f"{path}: frame {number} must not be on the uplink: {frame[:80].hex(' ')}")
        kinds[kind] += 1
    return kinds


def _judge_frame(frame, endpoints, inside, extra_udp, reassembly):
    ether_type = struct.unpack_from(">H", frame, 12)[0]
    packet = frame[14:]
    if ether_type == 0x0806:
        return "arp"
    if ether_type == 0x0800:
        return _judge_ipv4(packet, endpoints, inside, extra_udp, reassembly)
    if ether_type == 0x86DD:
        return _judge_ipv6(packet, endpoints, inside, extra_udp)
    return None


def _judge_ipv4(packet, endpoints, inside, extra_udp, reassembly):
    source, target = (ipaddress.ip_address(packet[i : i + 4]) for i in (12, 16))
    if any(a in n for a in (source, target) for n in inside if n.version == 4):
        return None
    header, total = (packet[0] & 15) * 4, struct.unpack_from(">H", packet, 2)[0]
    protocol, payload = packet[9], packet[header:total]
    flags = struct.unpack_from(">H", packet, 6)[0]
    offset, more = (flags & 0x1FFF) * 8, bool(flags & 0x2000)
    key = (source, target, protocol, packet[4:6])
    if offset:
        # Whatever a later fragment carries, its first fragment must have passed.
        first = reassembly.get(key)
        return first and "fragment"
    if protocol == 2:
        return "igmp"
    if protocol != 17:
        return None
    kind = _judge_udp(payload, endpoints, extra_udp, fragmented=more)
    if kind and more:
        reassembly[key] = True
    return kind


def _judge_ipv6(packet, endpoints, inside, extra_udp):
    source, target = (ipaddress.ip_address(packet[i : i + 16]) for i in (8, 24))
    if any(a in n for a in (source, target) for n in inside if n.version == 6):
        return None
    protocol, payload = packet[6], packet[40:]
    if protocol == 0:  # hop-by-hop options: multicast listener reports carry a router alert
        protocol, payload = payload[0], payload[(payload[1] + 1) * 8 :]
    if protocol == 58:
        housekeeping = {130, 131, 132, 133, 134, 135, 136, 137, 143}
        return "icmpv6" if payload[0] in housekeeping else None
    if protocol == 17:
        return _judge_udp(payload, endpoints, extra_udp)
    return None


def _judge_udp(datagram, endpoints, extra_udp, fragmented=False):
    ports, payload = set(struct.unpack_from(">HH", datagram)), datagram[8:]
    if ports <= {67, 68} or ports <= {546, 547}:
        return "dhcp"
    if 53 in ports:
        return "dns"
    if ports & endpoints:
        return "wireguard" if fragmented or is_wireguard(payload) else None
    if ports & extra_udp:
        return "extra"
    return None
