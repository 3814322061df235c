# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors

"""wgpy doctor and wgpy monitor on a board at a serial port."""

import json
import os
import pty
import re
import select
import signal
import subprocess
import sys
import time

import pytest
from support.board import Board
from support.command_line import wgpy
from wgpy.board import monitor
from wgpy.host import boot as flashes


@pytest.fixture
def pinging(tmp_path, boringtun):
    """A board whose main.py has its tunnel up and pings on and on."""
    config = boringtun.config()
    config["ping"]["count"] = 100000
    (tmp_path / "wg.json").write_text(json.dumps(config))
    b = Board(flashes.make_flash(tmp_path / "flash", tmp_path / "wg.json"))
    b.expect("icmp_seq=2")
    b.secret = config["interface"]["private_key"]
    yield b
    b.close()


def test_monitor_leaves_the_tunnel_up_and_restarts_the_program(pinging):
    secrets = [pinging.secret]
    for _ in range(2):
        said = wgpy("monitor", "--once", "--port", pinging.port, secrets=secrets)
        assert re.search(r"^  latest handshake: \d+ second", said, re.M), said
        assert re.search(r"^  transfer: .* received, .* sent$", said, re.M), said
    wgpy("monitor", "--once", "--restart", "--port", pinging.port)
    pinging.expect("soft reboot")
    pinging.expect("icmp_seq=2", 40)


def test_monitor_refreshes_until_ctrl_c(pinging):
    master, slave = pty.openpty()
    command = [sys.executable, "-m", "wgpy", "monitor", "-n", "0.2", "--port", pinging.port]
    process = subprocess.Popen(command, stdin=slave, stdout=slave, stderr=slave)
    os.close(slave)
    try:
        seen, deadline = "", time.monotonic() + 60
        while len(re.findall("latest handshake", seen)) < 3:
            left = deadline - time.monotonic()
            assert left > 0 and select.select([master], [], [], left)[0], seen
            seen += os.read(master, 4096).decode()
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 0
    finally:
        process.kill()
        process.wait()
        os.close(master)
    assert "now: " in re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", seen), "no rates"


def test_rates_come_from_two_looks():
    peer = {"public_key": "k", "rx_bytes": 1000, "tx_bytes": 0}
    look = monitor.Monitor(None)
    status = {"name": "wg0", "peers": [peer]}
    assert look._rates(status) == {}
    time.sleep(0.05)
    rate = look._rates({"name": "wg0", "peers": [peer | {"rx_bytes": 2000}]})["k"]
    assert 0 < rate.received <= 20_000 and rate.sent == 0
    assert look._rates(status) == {}, "the tunnel was made anew"


def test_monitor_without_a_tunnel(board):
    b = board(main="print('main')")
    said = wgpy("monitor", "--once", "--port", b.port, status=1)
    assert "no tunnel is up" in said and "wgpy doctor" in said


def test_doctor_of_a_board_that_is_well(pinging):
    said = wgpy("doctor", "--port", pinging.port, secrets=[pinging.secret])
    assert "✗" not in said and "MTU" in said
    again = wgpy("monitor", "--once", "--port", pinging.port)
    assert "latest handshake" in again, "the doctor took the tunnel down"


def test_doctor_without_the_library(board):
    b = board(main="print('main')")
    said = wgpy("doctor", "--port", b.port, status=1)
    assert "MicroPython 1.25.0" in said and "wgpy deploy" in said


def test_doctor_without_wg_json(board, tmp_path):
    flash = flashes.make_flash(tmp_path / "made")
    b = Board(flash)
    try:
        b.expect(">>> ")
        said = wgpy("doctor", "--port", b.port, status=1)
        assert "wg.json" in said and "wgpy deploy" in said
    finally:
        b.close()


def test_doctor_without_a_board():
    said = wgpy("doctor", "--port", "/dev/ttyNone7", status=1)
    assert "no such port" in said
