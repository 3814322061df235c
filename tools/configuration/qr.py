# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors

"""QR codes on a terminal, as the WireGuard app of a phone reads them."""

import io

import segno
from rich.text import Text

from ..console import fail, out

_STYLE = "#ffffff on #000000"  # light modules are light on every terminal: apps want it so


def draw(text: str) -> Text:
    """The QR code of a .conf, or the end of the command if the terminal is too narrow for it."""
    drawing = io.StringIO()
    segno.make(text, error="l", micro=False).terminal(out=drawing, compact=True, border=3)
    lines = drawing.getvalue().splitlines()
    if out.is_terminal and len(lines[0]) > out.width:
        fail(
            f"the QR code has {len(lines[0])} columns, this terminal {out.width}",
            "Make the window wider or the letters smaller, and try again.",
        )
    return Text("\n").join(Text(line, _STYLE) for line in lines)


def show(drawing: Text):
    """Print what draw() has made. Whoever sees it has the private key in it."""
    out.print(drawing, soft_wrap=True)
