# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
"""Count what the crypto costs on the chips' instruction sets (`make bench-crypto`).

    wgpy.bench_crypto [--quick] [--opt O2 --opt Os] [--isa rv32]

The counts are exact and repeat to the instruction.
"""

import argparse
import json
import sys

from . import crypto_target as ct

# Row: its title in the table and the goal for RV32 and Xtensa.
ROWS = {
    "x25519": ("X25519, any point", 1_550_000, 1_950_000),
    "x25519_base": ("X25519, base point", 1_550_000, 1_950_000),
    "seal32": ("AEAD seal, 32 B", 5_200, 5_000),
    "seal1420": ("AEAD seal, 1420 B", 60_000, 58_000),
    "open1420": ("AEAD open, 1420 B", 61_800, 59_740),
    "blake2s64": ("BLAKE2s, one block", 2_300, 2_200),
    "handshake": ("initiator handshake, all crypto", 6_700_000, 8_400_000),
    "text": ("text + rodata, bytes", 16_384, 16_384),
    "stack": ("deepest stack, bytes", 1_024, 1_024),
}
# The handshake's own frames belong to the bench: on a device that part is Python.
NOT_STACK = "handshake"


def parse(output: str) -> tuple[dict, dict]:
    """Instructions and bytes of stack by row, from what bench.c prints."""
    counts, stacks = {}, {}
    for line in output.splitlines():
        name, instructions, stack = line.split()
        counts[name], stacks[name] = int(instructions), int(stack)
    return counts, stacks


def measure(target: ct.Target, opt: str) -> dict:
    """Our rows at one optimisation level."""
    elf = ct.build(target, opt, ["bench.c", "handshake.c"])
    counts, stacks = parse(ct.emulate(target, elf))
    stacks.pop(NOT_STACK)
    objects = sorted((elf.parent / "crypto").glob("*.o"))
    return counts | {"text": ct.size(target, objects), "stack": max(stacks.values())}


def table(target: ct.Target, columns: dict) -> str:
    """A Markdown table: a line a row, a column a measurement, the goal last."""
    goal = 1 if target.name == "rv32" else 2
    lines = [f"| {target.name} | " + " | ".join(columns) + " | goal |"]
    lines.append("|---|" + "---:|" * (len(columns) + 1))
    for name, row in ROWS.items():
        cells = [f"{c[name]:,}".replace(",", " ") if name in c else "" for c in columns.values()]
        limit = f"{row[goal]:,}".replace(",", " ")
        lines.append(f"| {row[0]} | " + " | ".join(cells) + f" | {limit} |")
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--opt", action="append", help="optimisation level, default O2 and Os")
    parser.add_argument("--isa", action="append", help="rv32, xtensa; default all there are")
    parser.add_argument("--quick", action="store_true", help="-O2 alone, print and write nothing")
    args = parser.parse_args()
    levels = args.opt or (["O2"] if args.quick else ["O2", "Os"])

    results = {}
    for target in ct.targets():
        if args.isa and target.name not in args.isa:
            continue
        columns = {f"-{opt}": measure(target, opt) for opt in levels}
        results[target.name] = columns
        print(f"{target.compiler}; {target.emulator}\n\n{table(target, columns)}\n")
    if not args.quick:
        path = ct.ROOT / "build" / "bench-crypto.json"
        path.parent.mkdir(exist_ok=True)
        best = {isa: columns[f"-{levels[0]}"] for isa, columns in results.items()}
        path.write_text(json.dumps(best, indent=2) + "\n")
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except ct.BuildError as error:
        sys.exit(str(error))
