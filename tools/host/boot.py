# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors

"""The device on the host, run as a board: a flash directory and the program that boots it."""

import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BINARY = ROOT / "build/unix/micropython"
FILES = ("boot.py", "main.py")

# The last line but one of ping's output, on the device as everywhere else.
_SUMMARY = re.compile(r"(\d+) packets transmitted, (\d+) (?:packets )?received")


def make_flash(flash: Path, config: Path | None = None, root: Path = ROOT) -> Path:
    """Fill the directory flash with what a board's flash holds: boot.py, main.py, lib, wg.json.

    Without a config, wg.json is left to the caller.
    """
    flash.mkdir(parents=True, exist_ok=True)
    for name in FILES:
        shutil.copy(root / name, flash / name)
    ignore = shutil.ignore_patterns("__pycache__", "*.pyc")
    shutil.copytree(root / "lib", flash / "lib", dirs_exist_ok=True, ignore=ignore)
    if config:
        shutil.copy(config, flash / "wg.json")
        (flash / "wg.json").chmod(0o600)
    return flash


def command(flash: Path, *options, binary: Path = BINARY) -> list[str]:
    """The command that boots flash."""
    return [str(binary), "--flash", str(flash), *options]


def run(flash: Path, on_line: Callable[[str], None], binary: Path = BINARY) -> "Outcome":
    """Boot flash, hand each line it prints to on_line, and wait for the end of main.py."""
    outcome = Outcome()
    with subprocess.Popen(
        command(flash, "--once", binary=binary),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    ) as process:
        for line in process.stdout:
            outcome.see(line)
            on_line(line.rstrip("\r\n"))
    outcome.status = process.returncode
    return outcome


class Outcome:
    """What came of a run: pings sent and answered, and the program's exit status."""

    def __init__(self):
        self.sent = self.answered = 0
        self.status = None

    def see(self, line: str):
        if match := _SUMMARY.search(line):
            self.sent, self.answered = map(int, match.groups())

    @property
    def ok(self) -> bool:
        return self.answered > 0 and self.status == 0
