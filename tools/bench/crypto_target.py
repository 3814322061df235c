# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
"""Build a bare-metal program around the crypto and run it in an instruction-counting emulator.

RV32IMC uses Debian's gcc-riscv64-unknown-elf and qemu-system-misc and is always there. An Xtensa
target exists where the environment names one: XTENSA_CC (a windowed-ABI gcc), XTENSA_QEMU and
XTENSA_CPU (the emulator and the core it was built with), and XTENSA_CFLAGS if more is needed.
"""

import os
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from . import sources

ROOT = sources.ROOT
CRYPTO = ROOT / "firmware" / "wireguard" / "crypto"
BENCH = ROOT / "firmware" / "bench"
BUILD = ROOT / "build" / "crypto-target"  # tests that run at once each have a place of their own
OUT = BUILD / os.environ.get("PYTEST_XDIST_WORKER", "")

PICOLIBC = "/usr/lib/picolibc/riscv64-unknown-elf/include"
XTENSA_MACHINE = ("xtensa.S", "xtensa.c", "xtensa/libgcc.c")
XTENSA_FLAGS = ("-mlongcalls", "-mtext-section-literals", f"-isystem{BENCH / 'xtensa'}")

CFLAGS = ["-std=gnu99", "-g", "-ffunction-sections", "-fdata-sections"]
STRICT = ["-Wall", "-Wextra", "-Werror"]


class BuildError(RuntimeError):
    """A compiler or linker refused; the message is its own."""


@dataclass(frozen=True)
class Target:
    """One instruction set: how to compile for it and how to run and count there."""

    name: str
    cc: str
    flags: tuple
    qemu: tuple
    machine: tuple
    link: tuple
    core: Callable[[], Path] | None = None  # makes XTENSA_GNU_CONFIG's file
    counts: bool = True  # whether its instruction counts are those of a chip

    @cached_property
    def compiler(self) -> str:
        """The compiler's own name and version."""
        return run([self.cc, "--version"]).splitlines()[0]

    @cached_property
    def emulator(self) -> str:
        return run([self.qemu[0], "--version"]).splitlines()[0]

    def run(self, tool: str, *args) -> str:
        """What the compiler (`gcc`) or one of the binutils that belong to it prints."""
        program = self.cc
        if tool != "gcc":
            program = run([self.cc, f"-print-prog-name={tool}"]).strip()
        configured = {"XTENSA_GNU_CONFIG": str(self.core())} if self.core else {}
        return run([program, *args], env={**os.environ, **configured})


def run(command, **options) -> str:
    """Standard output of a command; BuildError with its messages if it fails."""
    done = subprocess.run(
        [str(c) for c in command],
        check=False,
        capture_output=True,
        text=True,
        **options,
    )
    if done.returncode:
        raise BuildError(f"{' '.join(map(str, command))}\n{done.stdout}{done.stderr}")
    return done.stdout


def rv32() -> Target:
    return Target(
        name="rv32",
        cc=os.environ.get("RV32_CC", "riscv64-unknown-elf-gcc"),
        flags=("-march=rv32imc_zicsr", "-mabi=ilp32", f"-isystem{PICOLIBC}"),
        qemu=(
            os.environ.get("RV32_QEMU", "qemu-system-riscv32"),
            "-M",
            "virt",
            "-bios",
            "none",
        ),
        machine=("rv32.S", "rv32.c"),
        link=("-march=rv32im", f"-T{BENCH / 'rv32.ld'}", "-lgcc"),
    )


def xtensa() -> Target | None:
    """The Xtensa target that the environment names, or None."""
    cc, qemu, cpu = (os.environ.get(name) for name in ("XTENSA_CC", "XTENSA_QEMU", "XTENSA_CPU"))
    if not (cc and qemu and cpu):
        return None
    return Target(
        name="xtensa",
        cc=cc,
        flags=(*XTENSA_FLAGS, *os.environ.get("XTENSA_CFLAGS", "").split()),
        qemu=(qemu, "-M", "sim", "-cpu", cpu),
        machine=XTENSA_MACHINE,
        link=xtensa_link(ram=0x6000_0000, reset=0x5000_0000),
    )


def xtensa_derived() -> Target | None:
    """Xtensa by Debian's packages alone, for answers and paths; it cannot count (MULUH traps)."""
    from . import xtensa_core

    if xtensa_core.why_not():
        return None
    derived = BENCH / "xtensa" / "derived"
    header = derived / "core.h"
    return Target(
        name="xtensa-derived",
        cc=xtensa_core.COMPILER,
        flags=(*XTENSA_FLAGS, "-mabi=windowed", f"-isystem{derived}", "-include", str(header)),
        qemu=(xtensa_core.EMULATOR, "-M", "sim", "-cpu", xtensa_core.CORE),
        machine=XTENSA_MACHINE,
        link=xtensa_link(ram=0x0001_0000, reset=0xFE00_0000),
        core=xtensa_core.plugin,
        counts=False,
    )


def xtensa_link(**addresses) -> tuple:
    symbols = (f"-Wl,--defsym={name}={value:#x}" for name, value in addresses.items())
    return (f"-T{BENCH / 'xtensa.ld'}", *symbols)


TARGETS = {"rv32": rv32, "xtensa": xtensa, "xtensa-derived": xtensa_derived}
NAMES = list(TARGETS)


def find(name: str) -> Target | None:
    """The target of that name, None if this machine has none. RV32 is never optional."""
    return TARGETS[name]()


def targets() -> list:
    return [target for target in map(find, NAMES) if target]


def crypto_sources() -> list:
    """Every source of the module's crypto; those of other instruction sets compile to nothing."""
    return sorted([*CRYPTO.glob("*.c"), *CRYPTO.glob("*.S")])


def compile_objects(target: Target, opt: str, sources, out: Path, extra=()) -> list:
    """Objects of `sources` at -O2, -Os, ... in the directory `out`."""
    out.mkdir(parents=True, exist_ok=True)
    objects = []
    for source in sources:
        obj = out / f"{Path(source).name}.o"
        flags = [f"-{opt}", *target.flags, *CFLAGS, f"-I{CRYPTO}", f"-I{BENCH}", *extra]
        target.run("gcc", *flags, "-c", source, "-o", obj)
        objects.append(obj)
    return objects


def link(target: Target, objects, elf: Path) -> Path:
    flags = [
        *target.flags,
        "-nostartfiles",
        "-nostdlib",
        "-Wl,--gc-sections",
        "-Wl,--no-warn-rwx",
    ]
    target.run("gcc", *flags, *objects, *target.link, "-o", elf)
    return elf


def build(
    target: Target, opt: str, program, crypto=None, out: Path | None = None, extra=()
) -> Path:
    """Link the C files of `program` with the crypto, by default ours, all compiled at `opt`."""
    out = out or OUT / f"{target.name}-{opt}"
    if crypto is None:
        crypto = compile_objects(target, opt, crypto_sources(), out / "crypto", STRICT)
    # The harness is compiled alike whatever it measures, and its memcpy must not become a call
    # to memcpy.
    extra = [*STRICT, "-fno-tree-loop-distribute-patterns", *extra]
    harness = [BENCH / name for name in (*target.machine, "memory.c", *program)]
    objects = compile_objects(target, "O2", harness, out / "bench", extra)
    return link(target, [*objects, *crypto], out / f"{Path(program[0]).stem}.elf")


def emulate(target: Target, elf: Path, *, exact=True, timeout=300, cwd=None, args=()) -> str:
    """What the program printed; BuildError if it ends with another status than 0.

    With `exact` each instruction takes one tick of the virtual clock, so that counts repeat to the
    instruction; without, the emulator is about twice as fast.
    """
    command = [
        *target.qemu,
        "-m",
        "64M",
        "-display",
        "none",
        "-monitor",
        "none",
        "-serial",
        "none",
    ]
    command += ["-chardev", "stdio,id=out", "-semihosting-config"]
    command += ["enable=on,target=native,chardev=out", "-kernel", elf]
    command += args
    if exact:
        command += ["-icount", "shift=0"]
    return run(command, timeout=timeout, cwd=cwd, stdin=subprocess.DEVNULL)


def size(target: Target, files) -> int:
    """Bytes of text and read-only data in objects or programs; debug sections do not count."""
    total = 0
    for line in target.run("size", "-A", *files).splitlines():
        word = line.split()
        if word and word[0].startswith((".text", ".rodata", ".literal", ".srodata", ".iram")):
            total += int(word[1])
    return total
