# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors

"""What every command says, and how it ends."""

import asyncio
import os
import signal
import sys

from rich.console import Console
from rich.text import Text

for stream in (sys.stdout, sys.stderr):
    if hasattr(stream, "reconfigure"):  # a pipe on Windows may know no check marks
        stream.reconfigure(errors="replace")

out = Console(highlight=False)
err = Console(stderr=True, highlight=False)


def fail(problem: str, advice: str = ""):
    """Say what is wrong and what to do next, and end with status 1."""
    err.print(Text("wgpy: ", "bold red") + Text(problem), soft_wrap=True)
    if advice:
        err.print(Text("      " + advice, "dim"), soft_wrap=True)
    sys.exit(1)


def run_and_exit(coroutine):
    """Run a coroutine that uses a gateway, and exit with the status it returns.

    The exit is abrupt, because mitmproxy_rs has threads of its own: they can call a Python
    interpreter that is being taken apart already, and crash it.
    """
    try:
        status = asyncio.run(coroutine)
    except SystemExit as e:
        status = e.code
    except KeyboardInterrupt:
        status = 128 + signal.SIGINT
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)
