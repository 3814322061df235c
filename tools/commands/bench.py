# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors

"""bench: throughput and latency of the tunnel on this computer."""

import os
import re
import shutil
from pathlib import Path

import click

from ..console import fail, out, run_and_exit
from .options import device_option

_PROGRAMS = ("unshare", "ip", "wg", "wireguard-go")


@click.command()
@click.option("--rounds", default=3, show_default=True, help="Medians are of so many.")
@click.option("--seconds", default=1.5, show_default=True, help="Length of one measurement.")
@click.option("--most", default=64, show_default=True, help="TCP connections at once, at most.")
@device_option
@click.option("--publish", is_flag=True, help="Put the tables into docs/performance.md, too.")
def bench(rounds, seconds, most, device, publish):
    """Measure throughput, CPU time and latency of the tunnel on this computer.

    The device talks to boringtun and to wireguard-go, TCP and UDP both ways; beside it the same
    device without a tunnel, and wireguard-go as the client of boringtun. Figures go to
    build/bench.json, a plot to build/bench.svg, tables to the terminal and to build/bench.md. A
    device as on a chip has ten sockets: name one with more, as make bench does, or fewer
    connections.

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
    said = f"Rounds: {rounds}, of {seconds:g} s a case. {_machine()}."
    run_and_exit(_bench(measured, said, publish))


def _machine():
    """What the figures hold for, and what else it had to do."""
    model = re.search(r"^model name\s*: (.*)", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    said = f"{os.cpu_count()} cores ({model[1] if model else os.uname().machine})"
    if os.sched_getscheduler(0) in (os.SCHED_FIFO, os.SCHED_RR):
        said += ", real-time priority"
    return f"{said}, load before {os.getloadavg()[0]:.1f}"


async def _bench(run, said, publish) -> int:
    from ..bench import record, report

    await run.run()
    found = report.figures(run.results)
    table = f"{said}\n\n{report.markdown(found)}"
    record.merge(found, "throughput.")
    build = record.PATH.parent
    (build / "bench.md").write_text(table)
    report.plot(found, build / "bench.svg")
    if publish:
        record.write_region("bench throughput", table)
    click.echo(table)
    out.print(f"{record.PATH}, {build / 'bench.svg'}")
    return 0
