# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
"""A windowed Xtensa core for Debian's lx106 binutils and compiler, from Debian's own sources.

Debian's compiler is configured for the ESP8266, whose core lacks register windows and loops.
Its binutils take another core from a plug-in that XTENSA_GNU_CONFIG names. Debian's QEMU has such
a core, dc233c, which is the ESP32's but for MULUH; the plug-in is made of the core's description
in QEMU's source package and of binutils' own headers. `derived/core.h` supplies MULUH.
"""

import os
import shutil
from pathlib import Path

from . import crypto_target as ct
from . import sources

CORE = "dc233c"
COMPILER = "xtensa-lx106-elf-gcc"
EMULATOR = "qemu-system-xtensa"
QEMU = sources.Archive(
    path="pool/main/q/qemu/qemu_7.2+dfsg.orig.tar.xz",
    sha256="91aca71520040edc40b8d437aa3004dae614f58e286cf653ee8996c07af2962f",
)
BINUTILS = sources.Archive(
    path="pool/main/b/binutils/binutils_2.40.orig.tar.xz",
    sha256="d78c2d2eb24a9be1e02f8854cb1bd435556d7f584fb6bfb6b07e6527d43fc41d",
)

# The plug-in's own part: the interface's structures, filled from the core's parameters.
PLUGIN = """
#define XTENSA_CONFIG_DEFINITION
#include "xtensa-config.h"
#include "core-isa.h"
#undef XSHAL_ABI
#define XSHAL_ABI XTHAL_ABI_WINDOWED
#include "xtensa-dynconfig.h"
#undef XTENSA_CONFIG_ENTRY
#define XTENSA_CONFIG_ENTRY(name) name
XTENSA_CONFIG_INSTANCE_LIST;
const char *const xtensa_config_strings[] = { 0 };
int plugin_is_GPL_compatible;
#define ATTRIBUTE_UNUSED
#define static
#include "xtensa-modules.c.inc"
"""


def why_not() -> str | None:
    """What is missing here to derive the core; None if nothing is."""
    for program in (COMPILER, EMULATOR, "gcc"):
        if not shutil.which(program):
            return f"no {program}"
    return None


def plugin() -> Path:
    """The plug-in, built once into build/; BuildError if the sources cannot be had."""
    made = ct.BUILD / CORE / f"{CORE}.so"
    if made.exists():
        return made
    core = sources.unpack(QEMU, made.parent / "qemu", f"target/xtensa/core-{CORE}/*")
    headers = sources.unpack(BINUTILS, made.parent / "binutils", "include/xtensa-*.h")
    shim = made.parent / "shim" / "qemu"
    shim.mkdir(parents=True, exist_ok=True)
    (shim / "osdep.h").write_text("#include <stdint.h>\n#include <stdlib.h>\n")
    source = made.parent / "plugin.c"
    source.write_text(PLUGIN)
    include = [shim.parent, headers / "include", core / "target" / "xtensa" / f"core-{CORE}"]
    flags = ["-w", "-O1", "-shared", "-fPIC", *(f"-I{path}" for path in include)]
    partial = made.with_suffix(f".{os.getpid()}")
    ct.run(["gcc", *flags, source, "-o", partial])
    partial.rename(made)
    return made
