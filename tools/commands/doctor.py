# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors

"""doctor: where a board's tunnel fails, and what to do."""

import sys

import click
from rich.text import Text

from ..board import doctor as work
from ..console import err, out
from .port import port_option, says_what_is_wrong

_MARKS = {
    work.OK: ("✓", "green"),
    work.WARNING: ("!", "yellow"),
    work.FAILED: ("✗", "bold red"),
}


@click.command()
@port_option
@says_what_is_wrong
def doctor(port):
    """Find out where a board's tunnel fails, step by step, and what to do about it.

    The steps: board, firmware, wg.json, Wi-Fi, IP, DNS, clock, endpoint, handshake, ping through
    the tunnel, MTU. The first that fails is the last. The running program is interrupted; a
    tunnel that is up stays up, otherwise one is brought up for the examination. On the board
    itself: import wireguard; wireguard.doctor()

    The exit status is 0 only if nothing fails.

    \b
    Example:  wgpy doctor --port /dev/ttyUSB0
    """
    with err.status("asking the board ...") as status:

        def show(finding):
            mark, style = _MARKS[finding.verdict]
            line = Text.assemble((mark, style), f" {finding.step:<10} ", finding.text)
            out.print(line, soft_wrap=True)
            if finding.advice:
                out.print(Text(f"  {'':<10} → {finding.advice}", "bold"), soft_wrap=True)
            status.update("asking the board ...")

        sound = work.examine(port, show)
    sys.exit(0 if sound else 1)
