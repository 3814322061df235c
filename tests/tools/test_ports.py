# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors

"""Why a board's port does not open, said alike by all that talk to boards."""

import json
import os
import pty
import subprocess
import sys

import pytest
import serial
from serial.tools.list_ports_common import ListPortInfo
from support.command_line import wgpy
from wgpy import keys
from wgpy.board import ports

COMMANDS = ("flash", "deploy", "doctor", "monitor", "capture")
CONFIG = {
    "interface": {"private_key": keys.genkey(), "address": "192.168.4.48/24"},
    "peers": [{"public_key": keys.pubkey(keys.genkey()), "allowed_ips": "192.168.4.0/24"}],
}


@pytest.fixture
def port():
    """A serial port, with nobody at its other end."""
    ends = pty.openpty()
    yield os.ttyname(ends[1])
    for end in ends:
        os.close(end)


@pytest.fixture
def said(tmp_path):
    """What a command says of a port."""
    (tmp_path / "wg.json").write_text(json.dumps(CONFIG))
    return lambda command, port: wgpy(command, "--port", port, status=1, cwd=tmp_path)


@pytest.mark.parametrize("command", COMMANDS)
def test_a_port_that_is_not_there(said, command):
    text = said(command, "/dev/ttyNone7")
    assert "cannot open /dev/ttyNone7" in text and "There is no such port" in text
    assert "BOOT" not in text


@pytest.mark.parametrize("command", ["flash", "deploy"])
def test_a_file_that_is_no_port(said, command):
    assert "no serial port; one is called like /dev/tty" in said(command, __file__)


@pytest.mark.parametrize("command", ["flash", "deploy"])
def test_a_port_that_another_program_has(said, command, port):
    with serial.Serial(port, exclusive=True):
        assert "Another program may have it open" in said(command, port)


@pytest.mark.parametrize("kind", ["posix", "group"])
def test_a_port_that_is_for_others(port, kind):
    """As whoever is not root and in no group."""
    os.chmod(port, 0o000 if os.geteuid() else 0o600)
    if kind == "group":
        if os.geteuid():
            pytest.skip("gives the port to another group: needs root")
        os.chown(port, 0, 20)
    code = (
        "import os, sys; from wgpy.board import ports, remote\n"
        "if os.geteuid() == 0: os.setgroups([]); os.setgid(65534); os.setuid(65534)\n"
        "try: remote.Remote(sys.argv[1])\n"
        "except ports.BoardError as e: print(e, e.advice)"
    )
    done = subprocess.run([sys.executable, "-c", code, port], capture_output=True, text=True)
    assert f"cannot open {port} Permission denied" in done.stdout, done.stderr
    assert "sudo usermod -aG dialout $USER" in done.stdout


def test_the_only_one_with_usb_is_the_boards(monkeypatch):
    """No board is plugged in here: what pyserial finds is made up."""

    def plugged(*names):
        found = [ListPortInfo("/dev/ttyS0")]
        for name in names:
            found.append(ListPortInfo(name))
            found[-1].vid = 0x303A
        monkeypatch.setattr(ports.list_ports, "comports", lambda: found)

    plugged("/dev/ttyACM0")
    assert ports.find() == "/dev/ttyACM0"
    plugged("/dev/ttyUSB1", "/dev/ttyUSB0")
    with pytest.raises(ports.BoardError, match="2 serial ports: /dev/ttyUSB0, /dev/ttyUSB1"):
        ports.find()
    assert "Connected are: /dev/ttyUSB0, /dev/ttyUSB1." in ports.cannot_open("COM3").advice
    plugged()
    with pytest.raises(ports.BoardError, match="no board found") as caught:
        ports.find()
    assert "--port /dev/ttyUSB0" in caught.value.advice


@pytest.mark.parametrize("system, name", [("win32", "COM3"), ("darwin", "/dev/cu.usbserial-0001")])
def test_ports_are_called_as_on_the_system(system, name):
    code = (
        f"import sys; from serial.tools import list_ports; sys.platform = {system!r}\n"
        "from wgpy.board import ports\n"
        "list_ports.comports = lambda: []\n"
        "try: ports.find()\n"
        "except ports.BoardError as e: print(e.advice)\n"
        "print(ports.cannot_open('COM7').advice)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert f"--port {name}" in done.stdout, done.stderr
    assert "There is no such port. No board is connected." in done.stdout
