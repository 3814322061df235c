# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
"""Run Python programs on MicroPython for RV32 (firmware/rv32) in Debian's QEMU.

A program goes in through the raw REPL; the files it needs lie in the machine's memory as a ROM
file system. The machine's clock counts instructions and waits for nothing, so runs repeat to the
instruction and an hour of sleep is over at once.

    python -m wgpy.bench.rv32 PROGRAM.py [FILE ...]
"""

import argparse
import os
import subprocess
import sys
import tempfile
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

# Where the image of the files lies: behind all that the firmware uses of the machine's 128 MB.
ROM = 0x8400_0000
START = """
import os, sys, uctypes, vfs
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
disk = Disk(128)
vfs.VfsLfs2.mkfs(disk)
vfs.mount(disk, "/")
vfs.mount(vfs.VfsRom(uctypes.bytearray_at({rom}, {size})), "/rom")
os.chdir("/")
sys.path[:] = ["", "/rom", ".frozen"]
"""
END = "sys.modules.pop('machine', 0)\nimport machine\nmachine.reset()\n"


class Failed(RuntimeError):
    """The program raised, or did not end; the message is what the machine said."""


def run(program: str, files=None, timeout: float = SECONDS) -> str:
    """What `program` prints; Failed if it raises.

    files   {path below /rom: bytes}; /rom is in sys.path, and / is a small empty disk
    """
    image = romfs(files or {})
    sources = [START.format(rom=ROM, size=len(image)), program, END]
    said = _machine(
        CTRL_A + b"".join(source.encode() + CTRL_D for source in sources), image, timeout
    )
    # The raw REPL answers each source with OK, its output, and its traceback.
    _, *answers = said.split(">OK", len(sources))
    for answer in answers[:-1]:
        output, _, error = answer.partition("\x04")
        error = error.partition("\x04")[0]
        if error or "\x04" not in answer:
            raise Failed(f"{output}{error}")
    if len(answers) != len(sources):
        raise Failed(said)
    return answers[-2].partition("\x04")[0].replace("\r\n", "\n")


def romfs(files: dict) -> bytes:
    """MicroPython's read-only file system, of {path: bytes}."""
    tree = {}
    for path, data in files.items():
        *folders, name = path.split("/")
        folder = tree
        for each in folders:
            folder = folder.setdefault(each, {})
        folder[name] = data
    return _record(0x14A6B1, _directory(tree))  # encodes as the magic d2 cd 31


def _directory(tree: dict) -> bytes:
    records = b""
    for name, content in sorted(tree.items()):
        start = _number(len(name)) + name.encode()
        if isinstance(content, dict):
            records += _record(4, start + _directory(content))
        else:
            records += _record(5, start + _record(2, content))
    return records


def _record(kind: int, payload: bytes) -> bytes:
    return _number(kind) + _number(len(payload)) + payload


def _number(n: int) -> bytes:
    """Seven bits a byte, most significant first, all but the last with the top bit set."""
    encoded = bytes([n & 127])
    while n := n >> 7:
        encoded = bytes([128 | n & 127]) + encoded
    return encoded


def _machine(keys: bytes, rom: bytes, timeout: float) -> str:
    if not FIRMWARE.exists():
        raise Failed(f"{FIRMWARE} is not built: run make rv32")
    with tempfile.NamedTemporaryFile(suffix=".romfs") as image:
        image.write(rom)
        image.flush()
        loader = f"loader,file={image.name},addr={ROM:#x},force-raw=on"
        command = [*QEMU, "-kernel", str(FIRMWARE), "-device", loader]
        try:
            done = subprocess.run(
                command,
                input=keys,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                timeout=timeout,
            )
        except subprocess.TimeoutExpired as error:
            said = (error.stdout or b"").decode(errors="replace")
            raise Failed(f"no end after {timeout} s\n{said}") from None
    return done.stdout.decode(errors="replace")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("program", type=Path)
    parser.add_argument("files", type=Path, nargs="*", help="at the top of /rom")
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
