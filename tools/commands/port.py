# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors

"""--port, and what goes wrong at the end of it."""

import functools

import click

from ..board.ports import BoardError
from ..console import fail

port_option = click.option(
    "-p",
    "--port",
    envvar="WGPY_PORT",
    help="The board's serial port, like /dev/ttyUSB0 or COM3. Without it (and without the "
    "variable WGPY_PORT), the only one with a USB device.",
)


def says_what_is_wrong(command):
    """A BoardError ends the command with its message."""

    @functools.wraps(command)
    def wrapped(*args, **kwargs):
        try:
            return command(*args, **kwargs)
        except BoardError as e:
            fail(str(e), e.advice)

    return wrapped
