# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors

"""wgpy pair --phone: what a phone scans makes a tunnel to the board, which waits to be called."""

import json
import os
import shutil

import pytest
from support import namespace
from support.command_line import wgpy
from support.namespace import Namespace, free_port
from support.screen import scan

PHONE, BOARD = "10.48.0.2", "10.48.0.1"


@pytest.fixture
def space():
    if reason := namespace.why_not() or (not shutil.which("wg-quick") and "needs wg-quick"):
        pytest.skip(reason)
    space = Namespace()
    yield space
    space.close()


def test_the_phone_calls_the_board(space, device, tmp_path):
    """The phone is wg-quick with wireguard-go, and the .conf is read off the screen."""
    port = free_port()
    said = wgpy(
        "pair", "--phone", "--endpoint", f"127.0.0.1:{port}", "--psk", "-o", tmp_path / "wg.json"
    )
    (text,) = scan(said)
    phone = tmp_path / f"wgf{os.getpid()}.conf"
    phone.write_text(text)
    phone.chmod(0o600)
    data = json.loads((tmp_path / "wg.json").read_text()) | {"wifi": {"ssid": "slirp"}}
    run = device.start(
        None, data, namespace=space, forwards=[f"udp:{port}:51820"], inside=["10.48.0.0/24"]
    )
    run.wait_for(r"Tunnel: up", 60)

    space.wg_quick("up", phone)
    try:
        space.ping(BOARD, 30)
        run.type(f"ping('{PHONE}', count=2)\r")
        run.wait_for(r"2 packets transmitted, 2 received", 60)
    finally:
        space.wg_quick("down", phone)
