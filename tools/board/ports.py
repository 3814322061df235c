# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors

"""Serial ports: which one has the board, and why it does not open."""

import os
import stat
import sys

from serial.tools import list_ports

try:
    import grp
except ImportError:  # Windows
    grp = None

_LIKE = {"win32": "COM3", "darwin": "/dev/cu.usbserial-0001"}.get(sys.platform, "/dev/ttyUSB0")


class BoardError(Exception):
    """What is wrong with the board or the way to it, and what to do: `advice`."""

    def __init__(self, problem: str, advice: str = ""):
        super().__init__(problem)
        self.advice = advice


def find(port: str | None = None) -> str:
    """The named port, or the only one that has a USB device behind it. Raises BoardError."""
    if port:
        return port
    found = _with_usb()
    if not found:
        raise BoardError(
            "no board found",
            "Connect one with a USB cable that carries data, or name its port, like "
            f"--port {_LIKE}.",
        )
    if len(found) > 1:
        raise BoardError(
            f"there are {len(found)} serial ports: {', '.join(found)}",
            "Name the board's with --port.",
        )
    return found[0]


def cannot_open(port: str) -> BoardError:
    """The error of a port that did not open."""
    return BoardError(f"cannot open {port}", _why(port))


def _why(port) -> str:
    if "://" in port:
        return "Is the server there, and its port the right one?"
    if not _exists(port):
        found = _with_usb()
        there = f"Connected are: {', '.join(found)}." if found else "No board is connected."
        return f"There is no such port. {there}"
    if sys.platform != "win32":
        if not stat.S_ISCHR(os.stat(port).st_mode):
            return f"That is no serial port; one is called like {_LIKE}."
        if not os.access(port, os.R_OK | os.W_OK):
            return (
                f"Permission denied. On Linux: sudo usermod -aG {_group(port)} $USER, and log in "
                "again."
            )
    return "Another program may have it open: a terminal, an IDE, another mpremote."


def _exists(port) -> bool:
    if sys.platform == "win32":  # where a port is no file
        return port.upper() in {p.device.upper() for p in list_ports.comports()}
    return os.path.exists(port)


def _group(port) -> str:
    """The group that the port belongs to: dialout on Debian, uucp on Arch."""
    try:
        name = grp.getgrgid(os.stat(port).st_gid).gr_name
    except KeyError:
        return "dialout"
    return "dialout" if name in ("root", "tty") else name


def _with_usb() -> list[str]:
    return sorted(p.device for p in list_ports.comports() if p.vid is not None)
