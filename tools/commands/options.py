# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors

"""Options that several commands have."""

from pathlib import Path

import click

from ..host import boot

output_option = click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    default="wg.json",
    show_default=True,
    help="Where to write the device's configuration.",
)

wifi_option = click.option(
    "--wifi",
    metavar="NAME",
    help="Wi-Fi for the board to join. The password is asked for, or read from standard input.",
)

device_option = click.option(
    "--device",
    type=click.Path(path_type=Path),
    default=boot.BINARY,
    show_default=True,
    help="The host device's program.",
)
