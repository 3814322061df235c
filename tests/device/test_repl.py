# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors

"""wireguard as a person at the prompt meets it: help, completion, a tunnel's face."""

import json
import subprocess
import sys

import pytest
from support.board import Board
from wgpy import keys
from wgpy.host import boot as tool

CONFIG = {
    "interface": {"private_key": keys.genkey(), "address": "10.0.0.2/24"},
    "peers": {"public_key": keys.pubkey(keys.genkey()), "allowed_ips": "10.0.0.0/24"},
}


@pytest.fixture
def prompt(tmp_path):
    flash = tool.make_flash(tmp_path / "flash")
    for script in tool.FILES:
        (flash / script).unlink()
    (flash / "wg.json").write_text(json.dumps(CONFIG))
    b = Board(flash)
    b.expect(">>> ")
    b.evaluate("import wireguard")
    yield b
    b.close()


def complete(board, text):
    """What Tab adds or lists after text; the line is dropped."""
    board.type(text + "\t")
    board.type("\x03")
    return board.expect(">>> ").replace(text, "", 1).split("KeyboardInterrupt")[0]


def test_help_says_how_to_begin(prompt):
    text = prompt.evaluate("help(wireguard)")
    for part in ("WireGuard for MicroPython", 'wireguard.Tunnel("wg.json")', "tunnel.show()",
                 "doctor()"):  # fmt: skip
        assert part in text
    assert " sys -- " not in text
    methods = prompt.evaluate("help(wireguard.Tunnel)")
    for name in ("up", "down", "wait", "connected", "show", "status", "set_peer", "configure"):
        assert f"  {name} -- " in methods


def test_completion(prompt):
    assert complete(prompt, "wireguard.Tun").startswith("nel")
    assert complete(prompt, "wireguard.doc").startswith("tor")
    prompt.evaluate("tunnel = wireguard.Tunnel()")
    assert complete(prompt, "tunnel.sh").startswith("ow")
    listed = complete(prompt, "tunnel.").split()
    for name in ("up", "down", "show", "status", "wait", "isconnected", "set_peer"):
        assert name in listed


def test_a_tunnel_by_its_name(prompt):
    prompt.evaluate("tunnel = wireguard.Tunnel()")
    assert prompt.evaluate("tunnel") == "<Tunnel wg0 down>"
    prompt.evaluate("tunnel.up().active()")
    assert prompt.evaluate("tunnel") == "<Tunnel wg0 up, no session>"
    prompt.evaluate("tunnel.down()")


def test_everything_in_all_is_there(prompt):
    missing = "[name for name in wireguard.__all__ if not hasattr(wireguard, name)]"
    assert prompt.evaluate(missing) == "[]"
    prompt.evaluate("from wireguard import *")
    assert prompt.evaluate("Tunnel is wireguard.Tunnel") == "True"


def test_a_firmware_without_the_c_module_is_named():
    """Pretended by an interpreter that has none and says that it is MicroPython."""
    code = "import sys; sys.implementation.name = 'micropython'; import wireguard"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tool.ROOT / "lib", capture_output=True, text=True
    )
    assert done.returncode == 1
    last = done.stderr.splitlines()[-1]
    assert last == "ImportError: this firmware has no WireGuard; flash one that has: wgpy flash"
