# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors

"""gateway, run, ping: both ends of a tunnel on this computer."""

import asyncio
import contextlib
import signal
import sys
import tempfile
from pathlib import Path

import click
from rich.panel import Panel
from rich.text import Text

from ..console import err, fail, out, run_and_exit
from ..files import write_config
from ..host import boot
from ..host.gateway import ADDRESS, DEVICE_ADDRESS, HOST_SEEN_BY_DEVICE, PORT, Gateway
from .options import device_option, output_option


@click.command()
@output_option
@click.option("--port", default=PORT, show_default=True, help="UDP port; 0 takes a free one.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--endpoint",
    default=HOST_SEEN_BY_DEVICE,
    show_default=True,
    help="This machine's name or address as the device sees it.",
)
@click.option("--force", is_flag=True, help="Overwrite the output file.")
def gateway(output, port, host, endpoint, force):
    """Run a WireGuard gateway (boringtun) and write the matching wg.json.

    Inside the tunnel it answers ping, TCP and UDP echo on port 7, discard on 9, chargen on 19
    and HTTP on 80. It runs until Ctrl-C. No root is needed.

    \b
    The device on this computer:   wgpy gateway -o build/wg.json
                                   wgpy run build/wg.json
    A board on the same network:   wgpy gateway --host 0.0.0.0 --endpoint 192.0.2.7
    """
    if output.exists() and not force:
        fail(f"{output} exists", "Name another file with -o, or overwrite it with --force.")
    run_and_exit(_gateway(Gateway(port, host), output, endpoint))


async def _gateway(gw: Gateway, output: Path, endpoint: str) -> int:
    stop = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    async with _started(gw):
        write_config(output, gw.config(endpoint))
        out.print(
            _introduction(gw), Text(f"\n{output} is the device's configuration. Ctrl-C ends.")
        )
        await stop.wait()
    out.print("\ngateway closed")
    return 0


@click.command()
@click.argument("wg", type=click.Path(exists=True, path_type=Path))
@device_option
def run(wg, device):
    """Boot the device on this computer with WG: a wg.json, or a whole flash directory.

    It runs boot.py and main.py as a board does. The exit status is 0 only if the gateway
    answered the pings.

    \b
    Example:  wgpy run wg.json
    """
    check_built(device)
    with tempfile.TemporaryDirectory(prefix="wgpy-") as directory:
        flash = wg if wg.is_dir() else boot.make_flash(Path(directory), wg)
        outcome = boot.run(flash, _show, device)
    sys.exit(_verdict(outcome))


@click.command()
@click.option("--port", default=PORT, show_default=True, help="The gateway's UDP port.")
@device_option
def ping(port, device):
    """Start a gateway and a device on this computer, and ping the one from the other.

    \b
    Example:  wgpy ping --port 0
    """
    check_built(device)
    run_and_exit(_ping(port, device))


async def _ping(port: int, device: Path) -> int:
    with tempfile.TemporaryDirectory(prefix="wgpy-") as directory:
        async with _started(Gateway(port)) as gw:
            config = Path(directory) / "wg.json"
            write_config(config, gw.config())
            out.print(_introduction(gw))
            flash = boot.make_flash(Path(directory) / "flash", config)
            outcome = await asyncio.to_thread(boot.run, flash, _show, device)
    return _verdict(outcome)


def check_built(device: Path):
    if not device.exists():
        fail(f"{device} is not there", "Build it with: make device")


@contextlib.asynccontextmanager
async def _started(gw: Gateway):
    try:
        await gw.start()
    except OSError as e:
        fail(
            f"no gateway on {gw.host}, UDP port {gw.port}: {e}",
            "Choose another port with --port, or any free one with --port 0.",
        )
    try:
        yield gw
    finally:
        await gw.stop()


def _introduction(gw: Gateway) -> Panel:
    text = Text()
    for name, what, where in (
        ("gateway", ADDRESS, f"boringtun on {gw.host}, UDP port {gw.port}"),
        ("device", DEVICE_ADDRESS, "MicroPython, as on a board"),
    ):
        text.append(f"{name:9}", "bold")
        text.append(f"{what:18}", "cyan")
        text.append(where + "\n")
    text.rstrip()
    return Panel(text, title="WireGuard for MicroPython", expand=False, border_style="green")


def _show(line: str):
    style = "green" if " bytes from " in line else "red" if "Error" in line else ""
    out.print(Text("  │ ", "dim") + Text(line, style))


def _verdict(outcome: boot.Outcome) -> int:
    if outcome.ok:
        out.print(
            f"\n[bold green]✓[/] the gateway answered {outcome.answered} of {outcome.sent} "
            "pings through the tunnel"
        )
        return 0
    if not outcome.sent:
        reason = f"the device ended before it pinged (status {outcome.status})"
    elif not outcome.answered:
        reason = f"none of {outcome.sent} pings was answered"
    else:
        reason = f"the device ended with status {outcome.status}"
    err.print(f"\n[bold red]✗[/] {reason}")
    return 1
