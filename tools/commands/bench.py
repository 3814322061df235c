# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors

"""bench: throughput and latency of the tunnel on this computer."""

import shutil
from pathlib import Path

import click

from ..console import fail, out, run_and_exit
from ..host import boot

_PROGRAMS = ("unshare", "ip", "wg", "wireguard-go")


@click.command()
@click.option("--rounds", default=3, show_default=True, help="Medians are of so many.")
@click.option("--seconds", default=2.0, show_default=True, help="Length of one measurement.")
@click.option("--most", default=64, show_default=True, help="TCP connections at once, at most.")
@click.option(
    "--device",
    type=click.Path(path_type=Path),
    default=boot.BINARY,
    show_default=True,
    help="The host device's program.",
)
def bench(rounds, seconds, most, device):
    """Measure throughput, CPU time and latency of the tunnel on this computer.

    The device talks to boringtun, TCP and UDP both ways; beside it the same device without a
    tunnel, and wireguard-go as the client of the same gateway. Figures go to build/bench.json, a
    plot to build/bench.svg, a table to the terminal and to build/bench.md. A device as on a chip
    has ten sockets: name one with more, as make bench does, or fewer connections.

    \b
    Example:  wgpy bench --rounds 3
    """
    from ..bench import throughput  # with what only Linux has

    if not device.exists():
        fail(f"{device} is not there", "Build it with: make device")
    if missing := [p for p in _PROGRAMS if not shutil.which(p)]:
        fail(f"there is no {missing[0]}", "Install it with: tools/setup test")
    throughput.enter_namespace()
    measured = throughput.Bench(device.resolve(), rounds, seconds, most, out.print)
    run_and_exit(_bench(measured))


async def _bench(run) -> int:
    from ..bench import record, report

    await run.run()
    found = report.figures(run.results)
    table = report.markdown(found)
    record.merge(found, "throughput.")
    build = record.PATH.parent
    (build / "bench.md").write_text(table)
    report.plot(found, build / "bench.svg")
    click.echo(table)
    out.print(f"{record.PATH}, {build / 'bench.svg'}")
    return 0
