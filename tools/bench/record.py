# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors

"""build/bench.json: every figure of every bench by its name, for comparison over time; and the
tables of docs/performance.md."""

import fcntl
import json
import os
from pathlib import Path

from ..host.boot import ROOT

PATH = Path(os.environ.get("BUILD_DIR", ROOT / "build")) / "bench.json"
PAGE = ROOT / "docs" / "performance.md"


def merge(figures: dict[str, float], prefix: str, path: Path = PATH):
    """Replace the figures whose names begin with prefix by these; the others stay.

    Names in `figures` are without the prefix. Several benches may write at once.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path.with_suffix(".lock"), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        kept = json.loads(path.read_text()) if path.exists() else {}
        kept = {name: value for name, value in kept.items() if not name.startswith(prefix)}
        kept |= {prefix + name: value for name, value in figures.items()}
        part = path.with_suffix(".part")
        part.write_text(json.dumps(dict(sorted(kept.items())), indent=1) + "\n")
        part.replace(path)


def write_region(name: str, text: str, page: Path = PAGE):
    """Replace what stands between `<!-- name -->` and `<!-- end -->` in docs/performance.md."""
    head, found, rest = page.read_text().partition(f"<!-- {name} -->\n")
    if not found:
        raise LookupError(f"{page.name} has no region {name}")
    tail = rest[rest.index("<!-- end -->") :]
    page.write_text(f"{head}{found}\n{text.rstrip()}\n\n{tail}")
