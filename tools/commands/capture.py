# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors

"""capture: what goes through a board's tunnel and over its network, for Wireshark."""

import os
import sys
from pathlib import Path

import click

from ..board import capture as work
from ..board.remote import ProgramError, Remote
from ..console import err, fail
from ..files import read_text
from .port import port_option, says_what_is_wrong

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_WARNING = (
    "[bold yellow]warning:[/] the file will hold this board's private key and the keys of its "
    "sessions. Whoever has it can read what was captured and be this board. Give it to nobody, "
    "and make new keys if you did (wgpy pair)."
)


@click.command()
@click.option(
    "-o", "--output", default="capture.pcapng", show_default=True, help='"-": standard output.'
)
@port_option
@click.option("--seconds", type=click.FloatRange(0.1), help="For so long. Without it, to Ctrl-C.")
@click.option("--run", "program", type=_FILE, help="Run this program meanwhile, and end with it.")
@click.option("--ping", type=int, metavar="N", help="Send N pings through the tunnel and end.")
@click.option("--keys", is_flag=True, help="Add the keys that decrypt it. Read the warning.")
@click.option("--ring", default=16384, show_default=True, help="Bytes of the board's memory.")
@click.option("--longest", default=1514, show_default=True, help="Bytes kept of a packet.")
@says_what_is_wrong
def capture(output, port, seconds, program, ping, keys, ring, longest):
    """Capture what a board sends and receives, inside the tunnel and on its network.

    One pcapng file with two interfaces: "tunnel", IP packets in clear, and "uplink", Ethernet
    frames with WireGuard datagrams. Packets wait in a bounded ring in the board's memory, come
    over the serial line (some 8 KiB a second at 115200 baud) and are counted when the ring was
    full. The board's program is interrupted; a tunnel that is up stays up.

    With --keys, Wireshark decrypts the datagrams: the tunnel makes a new handshake, and its keys
    go into the file. That is never done unless you ask.

    \b
    Five pings:          wgpy capture --ping 5
    A program:           wgpy capture --run main.py -o main.pcapng
    Live in Wireshark:   wgpy capture -o - | wireshark -k -i -
    """
    if program and ping:
        fail("--run and --ping are two programs", "Choose one.")
    if keys:
        err.print(_WARNING)
    source = work.PING.format(count=ping) if ping else None
    if program:
        source = read_text(program)
    with _open(output) as file, Remote(port) as board:
        run = work.Capture(board, file, lambda text: err.print(text, end="", markup=False))
        failed = None
        try:
            with err.status("capturing, Ctrl-C ends", spinner="dots"):
                run.run(seconds=seconds, source=source, keys=keys, size=ring, longest=longest)
        except ProgramError as e:
            failed = e
    counts = ", ".join(f"{count} of the {name}" for name, count in run.counts.items())
    err.print(f"[bold green]✓[/] {output}: {counts}")
    if run.lost:
        err.print(f"[yellow]{run.lost} packets were lost:[/] try --ring 65536 or --longest 128")
    if run.broken:
        err.print(f"[yellow]{run.broken} lines of packets were lost[/] to what the board prints")
    if failed:
        missing = "no module named 'wireguard'" in str(failed)
        fail(f"the program failed: {failed}", "Bring it there: wgpy deploy" if missing else "")


def _open(output):
    """A file that only its owner can read: it holds what was said inside the tunnel."""
    if output == "-":
        return os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    descriptor = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    if hasattr(os, "fchmod"):  # not on Windows
        os.fchmod(descriptor, 0o600)
    return os.fdopen(descriptor, "wb")
