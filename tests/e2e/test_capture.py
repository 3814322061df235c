# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors

"""wgpy capture: packets of a running board, both sides of the tunnel, read by tshark."""

import json
import stat

import pytest
from support.board import Board
from support.command_line import wgpy
from support.gateways import ADDRESS
from wgpy import keys
from wgpy.host import boot as flashes


@pytest.fixture
def running(tmp_path):
    """running(gateway, **changes of the peer) -> a board with its tunnel up behind the prompt."""
    boards = []

    def start(gateway, **changes):
        config = gateway.config()
        config["ping"]["count"] = 1
        config["peers"][0].update(changes)
        (tmp_path / "wg.json").write_text(json.dumps(config))
        prefix = gateway.namespace.prefix if gateway.namespace else ()
        flash = flashes.make_flash(tmp_path / "flash", tmp_path / "wg.json")
        boards.append(Board(flash, prefix=prefix))
        boards[-1].expect("1 received", 40)
        boards[-1].expect(">>> ")
        boards[-1].secret = config["interface"]["private_key"]
        return boards[-1]

    yield start
    for b in boards:
        b.close()


def test_both_sides_of_the_tunnel(running, boringtun, capture, tmp_path):
    b, path = running(boringtun), tmp_path / "c.pcapng"
    said = wgpy("capture", "-o", path, "--port", b.port, "--ping", 3, secrets=[b.secret])
    assert "3 received" in said and "\x1e" not in said and "lost" not in said.replace("loss", "")
    inside = capture.fields(path, "icmp", "frame.interface_name", "ip.src", "ip.dst", "icmp.type")
    one = ["tunnel", "192.168.4.48", ADDRESS, "8"], ["tunnel", ADDRESS, "192.168.4.48", "0"]
    assert [row for row in inside if row[0] == "tunnel"] == [*one] * 3
    assert len(inside) == 6, "a ping in clear on the uplink"
    outside = capture.fields(path, "wg.type == 4", "frame.interface_name", "ip.dst", "wg.counter")
    assert {row[0] for row in outside} == {"uplink"}
    assert {row[1] for row in outside} == {"10.0.2.2", "10.0.2.15"} and len(outside) >= 6
    times = [float(t) for (t,) in capture.fields(path, "frame", "frame.time_epoch")]
    assert times == sorted(times) and 0.5 < times[-1] - times[0] < 60
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert not capture.fields(path, "wg && icmp", "frame.number"), "decrypted without keys"
    assert b.secret.encode() not in path.read_bytes()


def test_with_keys_wireshark_reads_the_datagrams(running, wireguard_go, capture, tmp_path):
    psk = keys.genpsk()
    wireguard_go.preshared_key(psk)
    b, path = running(wireguard_go, preshared_key=psk), tmp_path / "c.pcapng"
    said = wgpy("capture", "-o", path, "--port", b.port, "--ping", 8, "--keys",
                secrets=[b.secret, psk])  # fmt: skip
    assert "warning" in said and "private key" in said
    types = capture.fields(path, "wg.type == 1 || wg.type == 2", "wg.type")
    assert ["1"] in types and ["2"] in types, "no handshake while capturing"
    clear = capture.fields(path, 'wg.type == 4 && icmp && frame.interface_name == "uplink"',
                           "icmp.type")  # fmt: skip
    assert ["8"] in clear and ["0"] in clear, "the datagrams were not decrypted"
    wgpy("capture", "-o", path, "--port", b.port, "--ping", 1, secrets=[b.secret])
    assert b.secret.encode() not in path.read_bytes(), "keys without being asked"


def test_a_program_and_its_output(running, boringtun, capture, tmp_path):
    b, path = running(boringtun), tmp_path / "c.pcapng"
    program = tmp_path / "program.py"
    program.write_text(
        "from ping import ping\n"
        "print('the program', 'prints')\n"
        f"ping('{ADDRESS}', count=2, size=1200, interval=0.2)\n"
        "1 / 0\n"
    )
    said = wgpy(
        "capture", "-o", path, "--port", b.port, "--run", program, "--longest", 200, status=1
    )
    assert "the program prints\n" in said and "ZeroDivisionError" in said
    rows = capture.fields(path, "icmp && icmp.type == 8", "frame.len", "frame.cap_len")
    assert rows == [["1228", "200"]] * 2


def test_a_full_ring_is_counted(running, boringtun, capture, tmp_path):
    b, path = running(boringtun), tmp_path / "c.pcapng"
    program = tmp_path / "program.py"
    program.write_text(
        "import socket\n"
        "s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)\n"
        "for _ in range(300):\n"
        f"    try: s.sendto(b'x' * 1300, ('{ADDRESS}', 9))\n"
        "    except OSError: pass  # no room: it waits for the gateway\n"
    )
    said = wgpy("capture", "-o", path, "--port", b.port, "--run", program, "--ring", 4096)
    assert "packets were lost" in said
    assert capture.fields(path, "udp.dstport == 9", "frame.number")
    assert "ok" in b.mpremote("resume", "exec", "print('ok' if tunnel.active() else 'down')")


def test_netifs_are_as_before(running, boringtun, tmp_path):
    b = running(boringtun)
    for _ in range(3):
        wgpy("capture", "-o", tmp_path / "c", "--port", b.port, "--seconds", 0.2)
    answer = b.mpremote(
        "resume", "exec",
        "tunnel.down(); tunnel.up(); tunnel.wait(10); from ping import ping; "
        f"ping('{ADDRESS}', 2)",
    )  # fmt: skip
    assert "2 received" in answer


def test_a_board_without_library_and_network(board, tmp_path):
    b = board()
    b.expect(">>> ")
    path = tmp_path / "c.pcapng"
    said = wgpy("capture", "-o", path, "--port", b.port, "--ping", 1, status=1)
    assert "no module named 'wireguard'" in said and "wgpy deploy" in said
    assert "0 of the uplink" in said
    wgpy("capture", "-o", path, "--port", b.port, "--seconds", 0.2)
