# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors

"""The judge of uplinks must see a leak when there is one."""

import struct

import pytest
from support import packets, pcap

PORT = 58120
WIFI, HOST = "10.0.2.15", "10.0.2.2"
TRANSPORT = struct.pack("<LLQ", 4, 1, 0) + bytes(16)


def ethernet(packet, kind=0x0800):
    return bytes(12) + struct.pack(">H", kind) + packet


def incoming(frame):
    return frame[:6] + b"\x52\x55" + frame[8:]


def udp(payload, source=50000, target=PORT, to=HOST):
    return ethernet(packets.udp((WIFI, source), (to, target), payload))


def write(path, *frames):
    header = struct.pack("<LHHLLLL", 0xA1B2C3D4, 2, 4, 0, 0, 65535, pcap.ETHERNET)
    records = (struct.pack("<LLLL", 0, 0, len(f), len(f)) + f for f in frames)
    path.write_bytes(header + b"".join(records))
    return path


def judge(tmp_path, *frames, **how):
    return pcap.judge_uplink(write(tmp_path / "uplink.pcap", *frames), [PORT], **how)


def test_it_counts_what_belongs_there(tmp_path):
    frames = [
        ethernet(bytes(28), 0x0806),
        udp(bytes(300), 68, 67),
        udp(b"query", 50001, 53, "10.0.2.3"),
        udp(struct.pack("<L", 1) + bytes(144)),
        udp(TRANSPORT),
    ]
    assert judge(tmp_path, *frames) == {"arp": 1, "dhcp": 1, "dns": 1, "wireguard": 2}


@pytest.mark.parametrize(
    "frame",
    [
        udp(b"hello", target=7, to="192.168.4.254"),
        udp(TRANSPORT, to="192.168.4.254"),
        ethernet(packets.ipv4("192.168.4.48", HOST, packets.ICMP, packets.echo(8, 1, 1))),
        ethernet(packets.ipv4(WIFI, "192.168.4.254", packets.ICMP, packets.echo(8, 1, 1))),
        ethernet(packets.ipv4(WIFI, HOST, packets.ICMP, packets.echo(8, 1, 1))),
        ethernet(packets.ipv4(WIFI, HOST, packets.TCP, bytes(20))),
        udp(b"plaintext to the gateway's port!"),
        udp(struct.pack("<L", 1) + bytes(145)),
        udp(struct.pack("<LLQ", 4, 1, 0) + bytes(17)),
        udp(TRANSPORT, source=50001, target=PORT + 1),
        udp(struct.pack("<L", 1) + bytes(4000)),
        ethernet(packets.ipv4(WIFI, HOST, packets.UDP, bytes(100), flags=1)),
        ethernet(bytes(60), 0x88CC),
        incoming(udp(b"hello", target=7, to="192.168.4.254")),
        incoming(ethernet(packets.ipv4(HOST, WIFI, packets.TCP, bytes(20)))),
    ],
)
def test_it_sees_a_leak(tmp_path, frame):
    with pytest.raises(pcap.Leak):
        judge(tmp_path, udp(TRANSPORT), frame)


def test_what_the_world_sends_to_the_device_is_no_leak_of_its(tmp_path):
    frames = [incoming(udp(b"garbage", target=1234)), incoming(udp(TRANSPORT))]
    assert judge(tmp_path, *frames) == {"incoming": 1, "wireguard": 1}


def test_a_port_of_the_tunnel_may_answer_where_the_peer_has_moved(tmp_path):
    moved = udp(TRANSPORT, source=50000, target=9999)
    assert judge(tmp_path, udp(TRANSPORT), moved) == {"wireguard": 2}
    with pytest.raises(pcap.Leak):
        judge(tmp_path, moved, udp(TRANSPORT))
    with pytest.raises(pcap.Leak):
        judge(tmp_path, udp(TRANSPORT), udp(b"plain", source=50000, target=9999))


def test_ports_of_the_test_itself_are_let_through(tmp_path):
    assert judge(tmp_path, udp(b"x", target=9999), extra_udp=[9999]) == {"extra": 1}


def test_fragments_follow_their_first(tmp_path):
    whole = packets.udp((WIFI, 50000), (HOST, PORT), TRANSPORT[:16] + bytes(1600))
    parts = [ethernet(p) for p in packets.fragments(whole, 800)]
    assert judge(tmp_path, *parts) == {"wireguard": 1, "fragment": 2}
    with pytest.raises(pcap.Leak):
        judge(tmp_path, *parts[1:])


def test_a_file_cut_short_is_read_up_to_there(tmp_path):
    path = write(tmp_path / "a.pcap", udp(TRANSPORT), udp(TRANSPORT))
    path.write_bytes(path.read_bytes()[:-3])
    assert pcap.judge_uplink(path, [PORT]) == {"wireguard": 1}
