# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors

"""monitor: `wg show` of a board, live."""

import time

import click
from rich.live import Live
from rich.text import Text

from ..board import monitor as work
from ..board.remote import Remote
from ..console import fail, out
from .port import port_option, says_what_is_wrong

_NOTHING = "no tunnel is up on this board"
_ADVICE = "Bring one up (mpremote run main.py), or ask why it is not: wgpy doctor"


@click.command()
@port_option
@click.option("-n", "--interval", default=1.0, show_default=True, help="Seconds between looks.")
@click.option("--once", is_flag=True, help="Print it once and end.")
@click.option("--restart", is_flag=True, help="Start the board's program anew at the end.")
@says_what_is_wrong
def monitor(port, interval, once, restart):
    """Show the tunnels of a board as `wg show` does, refreshing until Ctrl-C.

    The board is asked at its serial prompt. For that its program is interrupted, as mpremote
    does it, and is not continued at the end: the tunnel is no part of the program, stays up and
    answers; --restart has the board boot again (soft reset) when you leave.

    \b
    Example:  wgpy monitor
              wgpy monitor --once --port /dev/ttyUSB0
    """
    with Remote(port) as board:
        monitor = work.Monitor(board)
        if once:
            tunnels = monitor.look()
            if not tunnels:
                fail(_NOTHING, _ADVICE)
            out.print(_render(tunnels), soft_wrap=True)
        else:
            _watch(monitor, interval)
        if restart:
            board.soft_reset()


def _watch(monitor, interval):
    try:
        with Live(console=out, auto_refresh=False, screen=out.is_terminal) as live:
            while True:
                live.update(_render(monitor.look()), refresh=True)
                time.sleep(max(interval, 0.1))
    except KeyboardInterrupt:
        return


def _render(tunnels) -> Text:
    """With the colours of `wg show`."""
    if not tunnels:
        return Text.assemble((_NOTHING + "\n", "yellow"), (_ADVICE, "dim"))
    rendered = Text()
    for line in "\n\n".join(work.text(*tunnel) for tunnel in tunnels).splitlines():
        name, colon, value = line.partition(":")
        style = {"interface": "bold green", "peer": "bold yellow", "dropped": "red"}.get(name)
        rendered.append(name, style or "bold")
        rendered.append(colon + value + "\n", style if name in ("interface", "peer") else "")
    rendered.rstrip()
    return rendered
