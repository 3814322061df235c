# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors

"""Reading packet captures, and judging what an uplink may carry."""

import ipaddress
import struct
from collections import Counter
from pathlib import Path

ETHERNET, RAW_IP = 1, 101

_SLIRP = {b"\x52\x55", b"\x52\x56"}  # how the addresses of slirp's own interfaces begin
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


def is_wireguard(payload: bytes, mtu: int = 1420) -> bool:
    """True if a UDP payload has the type and the length of a WireGuard message."""
    if len(payload) < 4:
        return False
    kind = struct.unpack_from("<L", payload)[0]
    if kind == 4:
        # Packets are padded to 16 bytes, but not past the MTU.
        return len(payload) >= 32 and (len(payload) % 16 == 0 or len(payload) == mtu + 32)
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


def judge_uplink(
    path: Path, endpoints=(), inside=("192.168.4.0/24",), extra_udp=(), mtu=1420, pinged=()
) -> Counter:
    """Count the kinds of frames in an uplink's capture; raise Leak at the first strange one.

    endpoints: UDP ports at which WireGuard peers listen, here or there; inside: the networks in
    AllowedIPs, no address of which may be seen; extra_udp: other UDP ports a test uses; mtu: the
    tunnel's; pinged: addresses outside that the test pings.
    What comes in is the world's affair, as long as it is not from inside; what the device sends
    must be WireGuard or housekeeping.
    """
    judge, kinds = _Judge(endpoints, inside, extra_udp, mtu, pinged), Counter()
    for number, (link_type, frame) in enumerate(read(path), 1):
        assert link_type == ETHERNET, f"uplink capture of link type {link_type}"
        kind = judge.frame(frame)
        if kind is None:
            raise Leak(f"{path}: frame {number} must not be on the uplink: {frame[:80].hex(' ')}")
        kinds[kind] += 1
    return kinds


class _Judge:
    """Names the kind of each frame, None for one that must not be there."""

    def __init__(self, endpoints, inside, extra_udp, mtu, pinged):
        self._mtu = mtu
        self._pinged = {ipaddress.ip_address(a).packed for a in pinged}
        self._endpoints, self._extra_udp = set(endpoints), set(extra_udp)
        self._inside = [ipaddress.ip_network(n) for n in inside]
        self._tunnel_ports = set()  # the device's ports that have sent to an endpoint
        self._fragments = set()  # of packets whose first fragment has passed

    def frame(self, frame):
        ether_type, packet = struct.unpack_from(">H", frame, 12)[0], frame[14:]
        outgoing = frame[6:8] not in _SLIRP
        if ether_type == 0x0806:
            return "arp"
        if ether_type == 0x0800:
            return self._ipv4(packet, outgoing)
        if ether_type == 0x86DD:
            return self._ipv6(packet, outgoing)
        return None

    def _is_inside(self, *addresses):
        addresses = [ipaddress.ip_address(a) for a in addresses]
        return any(a in n for a in addresses for n in self._inside)

    def _ipv4(self, packet, outgoing):
        if self._is_inside(packet[12:16], packet[16:20]):
            return None
        header, total = (packet[0] & 15) * 4, struct.unpack_from(">H", packet, 2)[0]
        protocol, payload = packet[9], packet[header:total]
        flags = struct.unpack_from(">H", packet, 6)[0]
        key = packet[4:6] + packet[9:10] + packet[12:20]
        if flags & 0x1FFF:
            return "fragment" if key in self._fragments or not outgoing else None
        if protocol == 2:
            return "igmp"
        if protocol == 1 and payload[0] == 8 and packet[16:20] in self._pinged:
            return "ping"
        if protocol == 1 and packet[12:16] in self._pinged and not outgoing:
            return "ping"
        if protocol == 1 and (not outgoing or payload[0] == 3):
            return "unreachable" if payload[0] == 3 else None
        if protocol != 17:
            return None
        kind = self._udp(payload, outgoing, fragmented=bool(flags & 0x2000))
        if kind and flags & 0x2000:
            self._fragments.add(key)
        return kind

    def _ipv6(self, packet, outgoing):
        if self._is_inside(packet[8:24], packet[24:40]):
            return None
        protocol, payload = packet[6], packet[40:]
        if protocol == 0:  # hop-by-hop options: multicast listener reports carry a router alert
            protocol, payload = payload[0], payload[(payload[1] + 1) * 8 :]
        if protocol == 58:
            housekeeping = {1, 130, 131, 132, 133, 134, 135, 136, 137, 143}
            return "icmpv6" if payload[0] in housekeeping else None
        if protocol == 44:
            return None if outgoing else "fragment"
        return self._udp(payload, outgoing) if protocol == 17 else None

    def _udp(self, datagram, outgoing, fragmented=False):
        (source, target), payload = struct.unpack_from(">HH", datagram), datagram[8:]
        ports = {source, target}
        if ports <= {67, 68} or ports <= {546, 547}:
            return "dhcp"
        if 53 in ports:
            return "dns"
        if ports & self._extra_udp:
            return "extra"
        if not outgoing:
            return "wireguard" if is_wireguard(payload, self._mtu) else "incoming"
        if not (ports & self._endpoints or source in self._tunnel_ports):
            return None
        if not (fragmented or is_wireguard(payload, self._mtu)):
            return None
        self._tunnel_ports.add(source)
        return "wireguard"
