# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
"""Compile the firmware's C for a chip's instruction set: MicroPython's and lwIP's own headers, and
a few stubs in the place of ESP-IDF's."""

import os
import re
from pathlib import Path

from wgpy.bench import crypto_target as ct

ROOT = Path(__file__).parents[2]
FIRMWARE = ROOT / "firmware"
STUBS = Path(__file__).parent / "stubs"
MICROPYTHON = Path(os.environ.get("MICROPY_DIR", ROOT / "build" / "src" / "micropython"))

CRYPTO = sorted((FIRMWARE / "wireguard" / "crypto").glob("*.[cS]"))
DATA_PLANE = sorted((FIRMWARE / "wireguard").glob("*.c"))
CHIP = sorted((FIRMWARE / "esp32").rglob("*.c"))
PORT = MICROPYTHON / "ports" / "esp32"
SOURCES = CRYPTO + DATA_PLANE + CHIP

# As the ports do; MicroPython's headers want the exceptions.
WARNINGS = [
    "-Wall",
    "-Wextra",
    "-Werror",
    "-Wno-unused-parameter",
    "-Wno-missing-field-initializers",
]


def generate(target: Path) -> Path:
    """The headers that MicroPython's build makes from all sources, as far as ours need them."""
    directory = target / "genhdr"
    directory.mkdir(parents=True, exist_ok=True)
    texts = [path.read_text() for path in DATA_PLANE + CHIP]
    headers = [path.read_text() for path in (MICROPYTHON / "py").glob("*.h")]
    names = set(re.findall(r"MP_QSTR_(\w+)", "\n".join(texts + headers)))
    lines = [f'QDEF0(MP_QSTR_{name}, 0, 0, "")\n' for name in sorted(names)]
    (directory / "qstrdefs.generated.h").write_text("".join(lines))
    pointers = re.findall(r"^MP_REGISTER_ROOT_POINTER\((.*)\);", "\n".join(texts), re.M)
    (directory / "root_pointers.h").write_text("".join(f"{p};\n" for p in pointers))
    (directory / "moduledefs.h").write_text("")
    return target


def flags(generated: Path) -> list[str]:
    include = [
        STUBS,
        generated,
        FIRMWARE / "wireguard",
        FIRMWARE / "esp32",
        MICROPYTHON,
        MICROPYTHON / "lib" / "lwip" / "src" / "include",
        PORT,
    ]
    hooks = f'-DESP_IDF_LWIP_HOOK_FILENAME="{FIRMWARE / "esp32" / "idf_hooks.h"}"'
    return ["-std=gnu17", "-DESP_PLATFORM", hooks, *(f"-I{path}" for path in include)]


def compile(
    target: ct.Target, source: Path, generated: Path, output: Path, *more: str, first=""
) -> str:
    """What the compiler says; crypto_target.BuildError if it is not content. first: an option"""
    own = [f"-isystem{ct.PICOLIBC}", *target.flags]  # its headers serve both instruction sets
    command = [
        "-c",
        *first.split(),
        "-O2",
        *own,
        *flags(generated),
        *WARNINGS,
        *more,
        str(source),
        "-o",
        str(output),
    ]
    return target.run("gcc", *command)
