# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
"""Run Python programs on MicroPython for RV32 (firmware/rv32) in Debian's QEMU.

A program goes in through the raw REPL, after the files it needs: those lie on a RAM disk. The
machine's clock counts instructions and waits for nothing, so runs repeat to the instruction and
an hour of sleep is over at once.

    python -m wgpy.rv32 PROGRAM.py [FILE ...]
"""

import argparse
import os
import subprocess
import sys
from pathlib import Path

from .sources import ROOT

FIRMWARE = ROOT / "build" / "rv32" / "firmware.elf"
QEMU = (
    *(os.environ.get("RV32_QEMU", "qemu-system-riscv32"), "-machine", "virt", "-bios", "none"),
    *("-display", "none", "-monitor", "none", "-semihosting", "-serial", "stdio"),
    *("-icount", "shift=0,sleep=off", "-rtc", "base=2026-11-23T00:00:00,clock=vm"),
)
SECONDS = 300

CTRL_A, CTRL_D = b"\x01", b"\x04"

DISK = """
import os, sys, vfs
class Disk:
    def __init__(self, blocks):
        self.data = bytearray(512 * blocks)
    def readblocks(self, n, buf, offset=0):
        at = 512 * n + offset
        buf[:] = memoryview(self.data)[at : at + len(buf)]
    def writeblocks(self, n, buf, offset=0):
        at = 512 * n + offset
        self.data[at : at + len(buf)] = buf
    def ioctl(self, op, arg):
        return {{4: len(self.data) // 512, 5: 512, 6: 0}}.get(op)
disk = Disk({blocks})
vfs.VfsLfs2.mkfs(disk)
vfs.mount(disk, "/")
os.chdir("/")
sys.path[:] = ["", "/lib", ".frozen"]
def save(path, data):
    parts = path.split("/")
    for i in range(1, len(parts)):
        try:
            os.mkdir("/".join(parts[:i]))
        except OSError:
            pass
    with open(path, "wb") as file:
        file.write(data)
"""


class Failed(RuntimeError):
    """The program raised, or did not end; the message is what the machine said."""


def run(program: str, files=None, timeout: float = SECONDS) -> str:
    """What `program` prints; Failed if it raises.

    files   {path below /: bytes}, there before the program starts
    """
    files = files or {}
    blocks = 64 + sum(len(data) // 256 + 4 for data in files.values())
    sources = [DISK.format(blocks=blocks)]
    sources += [f"save({path!r}, {data!r})" for path, data in files.items()]
    sources += [program, "import machine\nmachine.reset()\n"]
    said = _machine(CTRL_A + b"".join(source.encode() + CTRL_D for source in sources), timeout)
    # The raw REPL answers each source with OK, its output, and its traceback.
    _, *answers = said.split("OK", len(sources))
    for answer in answers[:-1]:
        output, _, error = answer.partition("\x04")
        error = error.partition("\x04")[0]
        if error or "\x04" not in answer:
            raise Failed(f"{output}{error}")
    if len(answers) != len(sources):
        raise Failed(said)
    return answers[-2].partition("\x04")[0].replace("\r\n", "\n")


def _machine(keys: bytes, timeout: float) -> str:
    if not FIRMWARE.exists():
        raise Failed(f"{FIRMWARE} is not built: run make rv32")
    command = [*QEMU, "-kernel", str(FIRMWARE)]
    try:
        done = subprocess.run(
            command, input=keys, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=timeout
        )
    except subprocess.TimeoutExpired as error:
        said = (error.stdout or b"").decode(errors="replace")
        raise Failed(f"no end after {timeout} s\n{said}") from None
    return done.stdout.decode(errors="replace")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("program", type=Path)
    parser.add_argument("files", type=Path, nargs="*", help="on the disk's top")
    args = parser.parse_args()
    files = {file.name: file.read_bytes() for file in args.files}
    try:
        print(run(args.program.read_text(), files), end="")
    except Failed as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
