# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors

"""The flash directory that wgpy makes, and what it reads from a device's output."""

import stat

import pytest
from wgpy.host import boot


def test_a_flash_holds_what_a_board_holds(tmp_path):
    (tmp_path / "my.json").write_text("{}")
    flash = boot.make_flash(tmp_path / "flash", tmp_path / "my.json")
    for name in ("boot.py", "main.py", "lib/ping.py", "lib/wireguard/tunnel.py"):
        assert (flash / name).read_bytes() == (boot.ROOT / name).read_bytes()
    assert (flash / "wg.json").read_text() == "{}"
    assert stat.S_IMODE((flash / "wg.json").stat().st_mode) == 0o600
    assert not list(flash.rglob("__pycache__"))


@pytest.mark.parametrize(
    "line, status, ok",
    [
        ("5 packets transmitted, 5 received, 0% packet loss, time 4003 ms", 0, True),
        ("5 packets transmitted, 1 received, +1 duplicates, 80% packet loss", 0, True),
        ("5 packets transmitted, 0 received, 100% packet loss", 0, False),
        ("5 packets transmitted, 5 received, 0% packet loss", 1, False),
        ("nothing of the kind", 0, False),
    ],
)
def test_only_an_answered_ping_is_a_success(line, status, ok):
    outcome = boot.Outcome()
    outcome.see("PING 192.168.4.254: 56 data bytes\n")
    outcome.see(line + "\n")
    outcome.status = status
    assert outcome.ok is ok


def test_a_run_hands_over_the_lines_and_the_status(tmp_path):
    program = tmp_path / "device"
    program.write_text('#!/bin/sh\necho "$@"\necho "2 packets transmitted, 1 received"\nexit 3\n')
    program.chmod(0o755)
    lines = []
    outcome = boot.run(tmp_path, lines.append, program)
    assert lines == [f"--flash {tmp_path} --once", "2 packets transmitted, 1 received"]
    assert (outcome.sent, outcome.answered, outcome.status) == (2, 1, 3)
