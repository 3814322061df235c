# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors

"""flash: the firmware onto a board."""

from pathlib import Path

import click
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn

from ..board import flash as work
from ..console import err, out
from .port import port_option, says_what_is_wrong


@click.command()
@port_option
@click.option(
    "--image",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The image to write. Without it, the chip's own in build/firmware.",
)
@click.option(
    "--board", help="The board's image in build/firmware, as ESP32_GENERIC_S3-SPIRAM_OCT."
)
@click.option("--erase", is_flag=True, help="Erase everything first: files, keys in NVS, all.")
@click.option(
    "--manual",
    is_flag=True,
    help="The board is in download mode (BOOT held at reset) and is reset by hand.",
)
@click.option("--no-stub", is_flag=True, help="Speak to the chip's own loader only: slower.")
@says_what_is_wrong
def flash(port, image, board, erase, manual, no_stub):
    """Write MicroPython with WireGuard onto a board: detect, write, verify, start.

    Files and what is in NVS stay, unless --erase is given. What the flash holds already is not
    written again.

    \b
    The only board there is:     wgpy flash
    A new board:                 wgpy flash --erase --port /dev/ttyACM0
    One of your own:             wgpy flash --image firmware.bin
    """
    columns = [TextColumn("{task.description}"), BarColumn(), DownloadColumn()]
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as progress:
        task = progress.add_task("", total=None)
        result = work.flash(
            port,
            image,
            board,
            erase=erase,
            manual=manual,
            stub=not no_stub,
            on_step=lambda text: progress.update(task, description=text, completed=0, total=None),
            on_progress=lambda done, total: progress.update(task, completed=done, total=total),
        )
    out.print(
        f"[bold green]✓[/] {result.chip}: {result.image.name}, {result.written >> 10} KiB "
        "verified" + ("" if result.was_reset else ". Press the reset button.")
    )
    out.print("  Next: wgpy deploy")
