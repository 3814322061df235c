# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors

"""deploy: the library, boot.py, main.py and wg.json onto a board."""

from pathlib import Path

import click
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn

from ..board import deploy as work
from ..board.remote import Remote
from ..configuration import check as checker
from ..configuration import pitfalls, repeats, wgjson
from ..console import err, fail, out
from ..device_code import ConfigError
from ..files import read_text
from .port import port_option, says_what_is_wrong

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.argument("wg", type=_FILE, default="wg.json")
@port_option
@click.option("--boot", type=_FILE, help="Your boot.py, in place of this project's.")
@click.option("--main", "main_", type=_FILE, help="Your main.py, in place of this project's.")
@click.option("--also", type=_FILE, multiple=True, help="One more file, for the root. Repeatable.")
@click.option("--mpy", is_flag=True, help="Compile the library first: less flash, less memory.")
@click.option("--force", is_flag=True, help="Copy everything, also what is equal or frozen.")
@click.option("--reset", is_flag=True, help="Start the board over when all is there.")
@says_what_is_wrong
def deploy(wg, port, boot, main_, also, mpy, force, reset):
    """Bring a board's files up to date: lib, boot.py, main.py and, last, WG (wg.json).

    Only what has changed is copied, each file whole or not at all. What the firmware has frozen
    is left out, as it fits the firmware. The program that runs on the board is interrupted;
    nothing that is secret is shown.

    \b
    The only board there is:     wgpy deploy
    Another file, another port:  wgpy deploy office.json --port /dev/ttyUSB1
    Your program:                wgpy deploy --main sensor.py --also bme280.py --reset
    """
    last = work.File("/wg.json", wg.read_bytes())
    config, warnings = _validate(wg)
    scripts = [
        work.File(f"/{file.name}", file.read_bytes()) for file in [*also, *_key_file(config, wg)]
    ]
    for name, own in (("boot.py", boot), ("main.py", main_)):
        scripts.append(work.File(f"/{name}", (own or work.ROOT / name).read_bytes()))
    with Remote(port) as board:
        plan = work.make_plan(board, work.ROOT / "lib", scripts, last, mpy=mpy, force=force)
        _carry_out(board, plan)
        if reset:
            board.reset()
    _tell(plan, board.port, reset)
    if warnings:
        said = f"{warnings} warning{'s' if warnings > 1 else ''}"
        err.print(f"[yellow]![/] {wg} has {said}. See: wgpy check {wg}", soft_wrap=True)


def _validate(wg: Path) -> tuple:
    """(Config of WG by the device's own code, how much wgpy check would warn of)."""
    try:
        source = wgjson.load(wg)
        config = checker.load(source, wg)
    except ConfigError as e:
        fail(f"{wg}: {e}", "Nothing was copied. Mend it and try again.")
    found = [*repeats.findings(read_text(wg)), *pitfalls.findings(config, source)]
    return config, sum(finding.level == pitfalls.WARNING for finding in found)


def _key_file(config, wg: Path) -> list[Path]:
    """The file beside WG that holds its private key."""
    path = checker.key_file(config, wg)
    return [path] if path and path.parent == wg.parent else []


def _carry_out(board, plan):
    columns = [TextColumn("{task.description}"), BarColumn(), DownloadColumn()]
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as progress:
        task = progress.add_task("", total=plan.size)
        work.carry_out(
            board,
            plan,
            lambda path: progress.update(task, description=path),
            lambda size: progress.advance(task, size),
        )


def _list(heading, paths):
    """A line for each file, or for each folder with many."""
    by_folder = {}
    for path in paths:
        by_folder.setdefault(path.rpartition("/")[0], []).append(path)
    for folder, inside in by_folder.items():
        lines = [f"{folder} ({len(inside)} files)"] if folder and len(inside) > 3 else inside
        for line in lines:
            out.print(heading + line)


def _tell(plan, port, was_reset):
    _list("[green]copied[/]   ", [file.path for file in plan.copy])
    _list("[yellow]removed[/]  ", plan.remove)
    for name in plan.frozen:
        if name not in plan.other:
            out.print(f"[dim]frozen   {name}: the firmware has this version[/]")
    if plan.other:
        out.print(
            f"[yellow]frozen[/]   {', '.join(plan.other)}: the firmware has another version, "
            "which is used. New firmware brings this one: wgpy flash",
            soft_wrap=True,
        )
    copied = f"{len(plan.copy)} copied ({(plan.size + 1023) // 1024} KiB)" if plan.copy else ""
    parts = [copied, f"{len(plan.same)} up to date" if plan.same else ""]
    out.print(f"[bold green]✓[/] {port}: {', '.join(p for p in parts if p)}")
    if not was_reset:
        out.print(f"  Next: mpremote connect {port} run {work.ROOT / 'main.py'}", soft_wrap=True)
