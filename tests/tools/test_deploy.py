# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors

"""wgpy deploy, onto the device on the host by its serial port."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from support import command_line
from wgpy import keys
from wgpy.board import deploy
from wgpy.board.deploy import File
from wgpy.board.ports import BoardError
from wgpy.board.remote import Remote

MICROPYTHON = Path(os.environ.get("MICROPY_DIR", deploy.ROOT / "build/src/micropython"))
SECRET = keys.genkey()
CONFIG = {
    "interface": {"private_key": SECRET, "address": "192.168.4.48/24"},
    "peers": [{"public_key": keys.pubkey(keys.genkey()), "allowed_ips": "192.168.4.0/24"}],
    "wifi": {"ssid": "any", "password": "very secret"},
}


def wgpy(*arguments, status=0):
    return command_line.wgpy(*arguments, status=status, secrets=(SECRET, "very secret"))


@pytest.fixture
def wg(tmp_path):
    path = tmp_path / "wg.json"
    path.write_text(json.dumps(CONFIG))
    return path


@pytest.fixture
def empty(board):
    b = board(main="import time\nprint('busy')\nwhile True: time.sleep_ms(1)")
    b.expect("busy")
    return b


def files(flash):
    return {p.relative_to(flash).as_posix() for p in flash.rglob("*") if p.is_file()}


def test_all_of_it_then_only_what_has_changed(empty, wg):
    said = wgpy("deploy", wg, "--port", empty.port)
    assert "/wg.json" in said and "0 up to date" not in said
    for name in ("boot.py", "main.py", "lib/ping.py", "lib/wireguard/tunnel.py"):
        assert (empty.flash / name).read_bytes() == (deploy.ROOT / name).read_bytes()
    assert (empty.flash / "wg.json").read_bytes() == wg.read_bytes()
    assert not list(empty.flash.rglob("*.part"))
    before = {path: os.stat(empty.flash / path).st_mtime_ns for path in files(empty.flash)}
    assert "copied" not in wgpy("deploy", wg, "--port", empty.port)
    (empty.flash / "lib/wireguard/stale.py").write_text("old = True\n")
    wg.write_text(wg.read_text() + "\n")
    said = wgpy("deploy", wg, "--port", empty.port)
    assert "1 copied" in said and "removed  /lib/wireguard/stale.py" in said
    after = {path: os.stat(empty.flash / path).st_mtime_ns for path in files(empty.flash)}
    assert {path for path in after if after[path] != before.get(path)} == {"wg.json"}


def test_the_library_as_bytecode_and_back(empty, wg):
    wgpy("deploy", wg, "--port", empty.port, "--mpy")
    names = files(empty.flash)
    assert "lib/wireguard/tunnel.mpy" in names and "main.py" in names
    assert not [name for name in names if name.startswith("lib/") and name.endswith(".py")]
    check = "import wireguard; print(wireguard.config.load('wg.json').addresses)"
    assert "192.168.4.48" in empty.mpremote("exec", check)
    wgpy("deploy", wg, "--port", empty.port)
    assert not [name for name in files(empty.flash) if name.endswith(".mpy")]
    assert "192.168.4.48" in empty.mpremote("exec", check)


def test_own_programs_and_a_reset(empty, wg, tmp_path):
    (tmp_path / "sensor.py").write_text("import helper\n")
    (tmp_path / "helper.py").write_text("print('help is at hand')\n")
    (tmp_path / "nothing.py").write_text("")
    options = ["--boot", tmp_path / "nothing.py", "--main", tmp_path / "sensor.py"]
    wgpy("deploy", wg, "--port", empty.port, *options, "--also", tmp_path / "helper.py", "--reset")
    empty.expect("help is at hand")
    assert (empty.flash / "main.py").read_text() == "import helper\n"


def test_the_key_file_beside_wg_json_goes_with_it(empty, wg, tmp_path):
    apart = json.loads(wg.read_text())
    del apart["interface"]["private_key"]
    apart["interface"]["private_key_file"] = "my.key"
    wg.write_text(json.dumps(apart))
    (tmp_path / "my.key").write_text(SECRET)
    wgpy("deploy", wg, "--port", empty.port)
    assert (empty.flash / "my.key").read_text() == SECRET


def test_a_bad_wg_json_never_reaches_the_board(empty, wg):
    bad = json.loads(wg.read_text())
    bad["peers"][0]["allowed_ips"] = ["10.0.0.0/33"]
    wg.write_text(json.dumps(bad))
    said = wgpy("deploy", wg, "--port", empty.port, status=1)
    assert "peers[0].allowed_ips[0]" in said and "Nothing was copied" in said
    assert files(empty.flash) == {"main.py"}


def test_warnings_are_pointed_at(empty, wg):
    """The clone's own wg.json is a sample: valid, and of no use."""
    said = wgpy("deploy", deploy.ROOT / "wg.json", "--port", empty.port)
    assert re.search(r"wg\.json has \d+ warnings\. See: wgpy check ", said)
    good = json.loads(wg.read_text())
    good["peers"][0] |= {"endpoint": "vpn.my-server.net:51820", "persistent_keepalive": 25}
    wg.write_text(json.dumps(good))
    assert "warning" not in wgpy("deploy", wg, "--port", empty.port)


def test_what_the_firmware_has_frozen_is_left_out(board, wg):
    """The module that a firmware's manifest makes, here on the flash for a module."""
    digests = {unit.name: unit.digest for unit in deploy.packages(deploy.ROOT / "lib")}
    b = board(wireguard_frozen=f"DIGESTS = {digests!r}", main="print('main')")
    said = wgpy("deploy", wg, "--port", b.port)
    assert "frozen   wireguard" in said
    assert files(b.flash) == {"boot.py", "main.py", "wg.json", "wireguard_frozen.py"}
    digests["wireguard"] = "another"
    (b.flash / "wireguard_frozen.py").write_text(f"DIGESTS = {digests!r}")
    b.mpremote("soft-reset")
    said = wgpy("deploy", wg, "--port", b.port)
    assert "wireguard: the firmware has another version, which is used" in said
    assert not list(b.flash.rglob("tunnel.py"))
    wgpy("deploy", wg, "--port", b.port, "--force")
    assert (b.flash / "wireguard/tunnel.py").exists()  # before .frozen and /lib on the path
    wgpy("deploy", wg, "--port", b.port)
    assert not list(b.flash.rglob("tunnel.py")), "it would hide what is frozen"


def test_what_is_frozen_is_found_without_digests(empty):
    with Remote(empty.port) as board:
        said = board.run(deploy._LOOK + "\nprint(_frozen('asyncio'), _frozen('ping'), sys.path)")
    assert said.split(" ", 2)[:2] == ["True", "False"] and "/lib" in said


def test_firmware_and_host_make_the_same_digests(tmp_path):
    """By MicroPython's own reader of manifests."""
    script = tmp_path / "freeze.py"
    script.write_text(
        "import manifestfile, sys\n"
        "manifest = manifestfile.ManifestFile(manifestfile.MODE_FREEZE, {'MPY_LIB_DIR': ''})\n"
        "manifest.execute(sys.argv[1])\n"
        "print(open(next(f.full_path for f in manifest.files())).read())\n"
    )
    done = subprocess.run(
        [sys.executable, script, deploy.ROOT / "firmware/esp32/digests.py"],
        env=os.environ | {"PYTHONPATH": str(MICROPYTHON / "tools")},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    digests = {}
    exec(done.stdout, digests)
    units = deploy.packages(deploy.ROOT / "lib")
    assert digests["DIGESTS"] == {unit.name: unit.digest for unit in units}


def test_a_file_is_whole_or_the_old_one(empty):
    (empty.flash / "old.py").write_text("old = 1\n")

    class Lossy(Remote):
        def write(self, path, data, on_progress=None):
            super().write(path, data[:-1], on_progress)

    with Lossy(empty.port) as board:
        plan = deploy.Plan(copy=[File("/old.py", b"new = 1\n")])
        with pytest.raises(BoardError, match="did not arrive"):
            deploy.carry_out(board, plan, lambda path: None, lambda size: None)
    assert (empty.flash / "old.py").read_text() == "old = 1\n"


def test_a_port_where_nobody_speaks_micropython(wg):
    master, slave = os.openpty()
    try:
        said = wgpy("deploy", wg, "--port", os.ttyname(slave), status=1)
        assert "no MicroPython answers" in said and "wgpy flash" in said
    finally:
        os.close(master)
        os.close(slave)


def test_a_full_flash_is_said_before_anything_is_copied(board, wg):
    small = "from uos import *\ndef statvfs(path): return (512, 512, 8, 8, 8, 0, 0, 0, 0, 255)\n"
    b = board(os=small)
    said = wgpy("deploy", wg, "--port", b.port, status=1)
    assert "4 KiB are free" in said and "--mpy" in said
    assert files(b.flash) == {"os.py"}
