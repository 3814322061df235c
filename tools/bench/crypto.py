# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
"""Count what the crypto costs on the chips' instruction sets (`make bench-crypto`).

The counts are exact and repeat to the instruction, so the baseline of an instruction set in
firmware/bench/baseline.json may be exceeded by 5 % and no more. A full run writes
build/bench.json and the tables of docs/performance.md.
"""

import argparse
import json
import sys

from . import crypto_compare as compare
from . import crypto_target as ct
from . import record
from .sources import SourceError

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
COUNTS = set(ROWS) - {"text", "stack"}
DIGESTS = ("digest_x25519", "digest_aead")
SHIPPED = "O2"
LEVELS = (SHIPPED, "Os")
TOLERANCE = 1.05
BASELINE = ct.BENCH / "baseline.json"


def parse(output: str) -> dict:
    """Instructions by row, the deepest stack in bytes, and the digests of the answers."""
    rows, deepest = {}, 0
    for line in output.splitlines():
        name, instructions, stack = line.split()
        rows[name] = int(instructions)
        if name != NOT_STACK:
            deepest = max(deepest, int(stack))
    return rows | {"stack": deepest}


def ours(target: ct.Target, opt: str) -> dict:
    elf = ct.build(target, opt, ["bench.c", "handshake.c"])
    rows = parse(ct.emulate(target, elf))
    return rows | {"text": ct.size(target, sorted((elf.parent / "crypto").glob("*.o")))}


def theirs(target: ct.Target, opt: str, name: str, expected: dict) -> dict:
    """The same rows of another library, as far as it has them; its answers must be ours."""
    elf = compare.build(target, opt, name)
    rows = parse(ct.emulate(target, elf))
    if any(rows[digest] != expected[digest] for digest in DIGESTS):
        raise ct.BuildError(f"{name} and our crypto give different answers")
    harness = ct.size(target, sorted((elf.parent / "bench").glob("*.o")))
    return rows | {"text": ct.size(target, [elf]) - harness}


def table(target: ct.Target, columns: dict) -> str:
    """A Markdown table: a line a row, a column a measurement, the goal last."""
    goal = 1 if target.name == "rv32" else 2
    lines = [f"| | {' | '.join(columns)} | goal |", "|---|" + "---:|" * (len(columns) + 1)]
    for name, row in ROWS.items():
        values = [column.get(name) for column in columns.values()] + [row[goal]]
        cells = ["–" if v is None else f"{v:,}".replace(",", " ") for v in values]
        lines.append(f"| {' | '.join([row[0], *cells])} |")
    return "\n".join(lines)


def regressions(results: dict) -> list:
    """The instruction counts that grew by more than 5 % over the baseline, in words.

    Code size and stack have limits of their own, and vary with the compiler.
    """
    baseline = json.loads(BASELINE.read_text())
    return [
        f"{isa} {name}: {row} over the baseline of {baseline[isa][name]}"
        for isa, rows in results.items()
        for name, row in rows.items()
        if name in COUNTS and name in baseline.get(isa, {})
        if row > baseline[isa][name] * TOLERANCE
    ]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--opt", action="append", help="optimisation level, default O2 and Os")
    parser.add_argument("--isa", action="append", choices=ct.NAMES, help="default: all there are")
    parser.add_argument("--quick", action="store_true", help="-O2 alone; writes no file")
    parser.add_argument("--compare", action="store_true", help="other libraries side by side")
    parser.add_argument("--rebase", action="store_true", help="make this run the baseline")
    args = parser.parse_args()
    levels = args.opt or ([SHIPPED] if args.quick else LEVELS)
    full = not args.quick and not args.opt

    results = {}
    for target in ct.targets():
        if not target.counts or (args.isa and target.name not in args.isa):
            continue
        tools = f"{target.compiler}; {target.emulator}"
        columns = {f"ours, -{opt}": ours(target, opt) for opt in levels}
        shown = table(target, columns)
        print(f"{target.name}: {tools}\n\n{shown}\n", flush=True)
        first = next(iter(columns.values()))
        results[target.name] = {name: first[name] for name in ROWS}
        if full:
            record.write_region(f"bench-crypto {target.name}", f"{tools}\n\n{shown}")
        if args.compare:
            columns = {"ours": first}
            for name, library in compare.LIBRARIES.items():
                columns[f"{name} {library.version}"] = theirs(target, levels[0], name, first)
            shown = table(target, columns)
            print(f"{target.name}, -{levels[0]}, side by side\n\n{shown}\n", flush=True)
            if full:
                record.write_region(f"bench-crypto {target.name} compare", f"{tools}\n\n{shown}")
    if not full:
        return 0
    for isa, rows in results.items():
        record.merge(rows, f"crypto.{isa}.")
    if args.rebase:
        kept = json.loads(BASELINE.read_text()) if BASELINE.exists() else {}
        BASELINE.write_text(json.dumps(kept | results, indent=2) + "\n")
    grown = regressions(results)
    print("\n".join(grown), file=sys.stderr)
    return 1 if grown else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (ct.BuildError, SourceError) as error:
        sys.exit(str(error))
