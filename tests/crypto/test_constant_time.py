# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
"""The portable crypto under valgrind's memcheck, with every secret declared undefined.

What the chips execute is tested in tests/rv32/test_traces.py; this covers the host.
"""

import shutil
import subprocess
from pathlib import Path

import pytest

CRYPTO = Path(__file__).parents[2] / "firmware" / "wireguard" / "crypto"
PROGRAM = Path(__file__).with_name("constant_time.c")
# The decision to refuse a message is public, and the only branch on it.
DECISIONS = {"open": 1, "open_refused": 1, "xopen": 1}
CONTROLS = {"control_branch", "control_index"}


def run(*command) -> str:
    done = subprocess.run([str(c) for c in command], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize("compiler", ["gcc", "clang"])
@pytest.mark.parametrize("opt", ["-O2", "-Os", "-O3"])
def test_no_secret_reaches_a_branch_or_an_index(tmp_path, opt, compiler):
    if not shutil.which(compiler):
        pytest.skip(f"no {compiler}")
    program = tmp_path / "constant_time"
    sources = [*sorted(CRYPTO.glob("*.c")), *sorted(CRYPTO.glob("*.S")), PROGRAM]
    run(compiler, "-std=gnu99", opt, "-gdwarf-4", f"-I{CRYPTO}", *sources, "-o", program)
    output = run("valgrind", "-q", "--log-file=" + str(tmp_path / "log"), program)
    errors = {name: int(n) for name, n in map(str.split, output.splitlines())}
    assert all(errors.pop(name) > 0 for name in CONTROLS), "valgrind must see the controls"
    assert len(errors) == 15
    expected = {name: DECISIONS.get(name, 0) for name in errors}
    assert errors == expected, (tmp_path / "log").read_text()
