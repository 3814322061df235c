# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
"""The kernels' machine code: no branch, loop count or address depends on a secret; no division.

The kernels are X25519 as a whole and everything in assembly; a second build has them in C.
"""

import pytest
from disassembly import Analysis, Rv32, Xtensa, parse
from wgpy.bench import crypto_target as ct

pytestmark = pytest.mark.slow

PORTABLE = {"wg_chacha20_xor", "wg_poly1305_blocks", "wg_blake2s_compress"}
# Branches on secrets, as a compiler might make them of a masked swap or of a carry; a secret
# index; a division: each must be found.
CONTROLS = """
#include <stdint.h>
void swap(uint32_t *a, const uint32_t *bit) {
    if (*bit & 1) { a[0] ^= a[1]; a[3] = a[0] * 5; a[9]++; }
}
uint32_t look_up(const uint32_t *table, const uint32_t *key) { return table[*key & 15]; }
uint32_t divide(const uint32_t *a, const uint32_t *b) { return *a / *b; }
"""


def isa_of(target):
    return Rv32() if target.name == "rv32" else Xtensa()


def functions_of(target, obj) -> set:
    listing = target.run("nm", "--defined-only", obj)
    return {line.split()[2] for line in listing.splitlines() if line.split()[1] in "tT"}


@pytest.mark.parametrize("kind", ["shipped", "portable"])
def test_kernels(target, opt, kind, tmp_path):
    if not target.counts:
        pytest.skip("objdump does not know the derived core's MULUH")
    if kind == "portable" and target.name == "xtensa":
        pytest.skip("gcc makes branches of 64-bit carries on Xtensa; what ships there is assembly")
    flags = ["-DWG_PORTABLE"] if kind == "portable" else []
    objects = ct.compile_objects(target, opt, ct.crypto_sources(), tmp_path / "crypto", flags)
    elf = ct.build(target, opt, ["count.c"], objects, out=tmp_path)
    isa = isa_of(target)
    functions = parse(isa, target.run("objdump", *isa.objdump, elf))
    assembly, kernels = set(), set(PORTABLE) if kind == "portable" else set()
    for obj in objects:
        if obj.name.endswith(".S.o"):
            assembly |= functions_of(target, obj)
        elif obj.name == "x25519.c.o":
            kernels |= functions_of(target, obj)
    kernels = {name for name in kernels | assembly if functions.get(name)}
    assert {"wg_x25519", *PORTABLE} <= kernels
    assert sum(len(functions[name]) for name in kernels) > 1000
    assert Analysis(isa, functions, kernels, ["wg_equal"], assembly).run() == []


def test_leaks_are_found(target, opt, tmp_path):
    if not target.counts:
        pytest.skip("objdump does not know the derived core's MULUH")
    source = tmp_path / "controls.c"
    source.write_text(CONTROLS)
    (obj,) = ct.compile_objects(target, opt, [source], tmp_path)
    isa = isa_of(target)
    functions = parse(isa, target.run("objdump", *isa.objdump, obj))
    for name in ("swap", "look_up", "divide"):
        assert Analysis(isa, functions, [name]).run() != [], name
