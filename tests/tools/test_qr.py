# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors

"""The QR codes that wgpy prints, scanned: what a phone's camera sees is a working .conf."""

import json

import pytest
from support.command_line import wgpy
from support.screen import BLACK, WHITE, on_terminal, scan
from wgpy import keys
from wgpy.configuration import conf

TERMINALS = [
    pytest.param({"TERM": "xterm", "COLORTERM": ""}, id="16 colours"),
    pytest.param({"TERM": "xterm-256color", "COLORTERM": "truecolor"}, id="all colours"),
]
PHONE = ("pair", "--phone", "--endpoint", "2001:db8::7", "--psk", "--network", "10.48.0.0/24",
         "--network", "fd48::/64")  # fmt: skip


def fits(text, data):
    """Whether text is the .conf of the phone that this wg.json waits for."""
    phone, _ = conf.to_json(text)
    (peer,), (ours,) = phone["peers"], data["peers"]
    return (
        peer["endpoint"] == "[2001:db8::7]:51820"
        and peer["public_key"] == keys.pubkey(data["interface"]["private_key"])
        and ours["public_key"] == keys.pubkey(phone["interface"]["private_key"])
        and peer["preshared_key"] == ours["preshared_key"]
        and phone["interface"]["address"] == ["10.48.0.2/24", "fd48::2/64"]
        and peer["allowed_ips"] == ["10.48.0.0/24", "fd48::/64"]
    )


@pytest.mark.parametrize("colours", TERMINALS)
@pytest.mark.parametrize("letters, ground", [(WHITE, BLACK), (BLACK, WHITE)])
def test_a_phone_scans_it_from_a_dark_and_from_a_light_terminal(
    tmp_path, colours, letters, ground
):
    printed = on_terminal(*PHONE, cwd=tmp_path, **colours)
    (text,) = scan(printed, letters, ground)
    assert fits(text, json.loads((tmp_path / "wg.json").read_text()))


def test_export_moves_a_device_to_a_phone(tmp_path):
    wgpy(*PHONE, "-o", tmp_path / "wg.json")
    printed = on_terminal("export", tmp_path / "wg.json", "--qr")
    (text,) = scan(printed, BLACK, WHITE)
    (tmp_path / "phone.conf").write_text(text)
    wgpy("import", tmp_path / "phone.conf", "-o", tmp_path / "again.json")
    before, after = (
        json.loads((tmp_path / name).read_text()) for name in ("wg.json", "again.json")
    )
    assert before == after


def test_through_a_pipe_it_is_a_picture_of_a_dark_terminal(tmp_path):
    said = wgpy(*PHONE, "-o", tmp_path / "wg.json")
    (text,) = scan(said)
    assert fits(text, json.loads((tmp_path / "wg.json").read_text()))


def test_a_narrow_terminal_is_told_before_anything_is_written(tmp_path):
    said = on_terminal(*PHONE, cwd=tmp_path, columns=50, status=1)
    assert "this terminal 50" in said and "wider" in said
    assert list(tmp_path.iterdir()) == []
