# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors

"""A terminal: what a program prints on it, and its pixels, for a phone's camera."""

import fcntl
import os
import pty
import struct
import subprocess
import sys
import termios

import zxingcpp
from rich.ansi import AnsiDecoder
from rich.console import Console

SCALE = 3  # pixels of half a character cell
BLACK, WHITE = 0, 255
_HALVES = {" ": (0, 0), "▀": (1, 0), "▄": (0, 1), "█": (1, 1)}  # which halves have the foreground


def on_terminal(*arguments, columns=120, status=0, cwd=None, **environment) -> str:
    """What wgpy prints on a terminal of so many columns."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))
    process = subprocess.Popen(
        [sys.executable, "-m", "wgpy", *map(str, arguments)],
        stdin=slave,
        stdout=slave,
        stderr=slave,
        cwd=cwd,
        env={k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "COLUMNS", "CI")}
        | {"TERM": "xterm", "COLORTERM": ""}
        | environment,
    )
    os.close(slave)
    printed = b""
    while True:
        try:
            data = os.read(master, 4096)
        except OSError:  # how Linux says that nobody has the other end any more
            break
        if not data:
            break
        printed += data
    os.close(master)
    assert process.wait(30) == status, printed.decode()
    return printed.decode()


def scan(printed: str, foreground=WHITE, background=BLACK) -> list[str]:
    """The QR codes on a terminal of these colours, by a scanner that takes none with swapped ones.

    Colours that are printed count; where there are none, the terminal's own.
    """
    rows = []
    for line in AnsiDecoder().decode(printed.replace("\r", "")):
        cells = [_cell(line, at, foreground, background) for at in range(len(line))]
        rows += [[top for top, _ in cells], [bottom for _, bottom in cells]]
    width = max(map(len, rows))
    pixels = bytearray()
    for row in rows:
        whole = row + [background] * (width - len(row))
        pixels += bytes(value for value in whole for _ in range(SCALE)) * SCALE
    shape = [len(rows) * SCALE, width * SCALE]
    picture = memoryview(bytes(pixels)).cast("B", shape=shape)
    return [code.text for code in zxingcpp.read_barcodes(picture, try_invert=False)]


_console = Console(file=open(os.devnull, "w"))


def _cell(line, at, foreground, background):
    """The brightness of the upper and the lower half of a character."""
    style = line.get_style_at_offset(_console, at)
    colours = (_brightness(style.bgcolor, background), _brightness(style.color, foreground))
    return [colours[half] for half in _HALVES.get(line.plain[at], (0, 0))]


def _brightness(colour, default):
    return default if colour is None or colour.is_default else sum(colour.get_truecolor()) // 3
