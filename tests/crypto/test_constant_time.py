# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
"""The C that handles secrets under valgrind's memcheck, with all of them declared undefined.

First the primitives, then what uses them: the packet path over lwIP. What the chips execute is
tested in tests/rv32/test_traces.py; this covers the host.
"""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

pytestmark = pytest.mark.timeout(400)  # for machines that are busy

ROOT = Path(__file__).parents[2]
WIREGUARD = ROOT / "firmware" / "wireguard"
CRYPTO = WIREGUARD / "crypto"
PROGRAM = Path(__file__).with_name("constant_time.c")
LWIP = Path(os.environ.get("LWIP_DIR", ROOT / "build/src/micropython/lib/lwip")) / "src"
OVER_LWIP = Path(__file__).with_name("constant_time_path.c")
INCLUDES = [
    WIREGUARD,
    CRYPTO,
    ROOT / "tests/fuzz",
    ROOT / "tests/dataplane/fuzz",
    LWIP / "include",
]
WRAPPED = ("equal", "open", "seal", "seal_padded", "aead_encrypt", "aead_tag", "xseal")
# The decision to refuse a message is public, and the only branch on it.
DECISIONS = {"open": 1, "open_refused": 1, "xopen": 1}
CONTROLS = {"control_branch", "control_index"}


def run(*command, cwd=None) -> str:
    command = [str(c) for c in command]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=cwd)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def errors_of(program, log) -> dict[str, int]:
    """What memcheck has seen, by the steps of the program."""
    output = run("valgrind", "-q", f"--log-file={log}", program)
    return {name: int(n) for name, n in map(str.split, output.splitlines())}


@pytest.mark.parametrize("compiler", ["gcc", "clang"])
@pytest.mark.parametrize("opt", ["-O2", "-Os", "-O3"])
def test_no_secret_reaches_a_branch_or_an_index(tmp_path, opt, compiler):
    if not shutil.which(compiler):
        pytest.skip(f"no {compiler}")
    program = tmp_path / "constant_time"
    sources = [*sorted(CRYPTO.glob("*.c")), *sorted(CRYPTO.glob("*.S")), PROGRAM]
    run(compiler, "-std=gnu99", opt, "-gdwarf-4", f"-I{CRYPTO}", *sources, "-o", program)
    errors = errors_of(program, tmp_path / "log")
    assert all(errors.pop(name) > 0 for name in CONTROLS), "valgrind must see the controls"
    assert len(errors) == 15
    expected = {name: DECISIONS.get(name, 0) for name in errors}
    assert errors == expected, (tmp_path / "log").read_text()


@pytest.fixture(scope="module")
def lwip(tmp_path_factory):
    """lwIP's objects: its code is the same whatever ours is compiled with."""
    if not LWIP.is_dir():
        pytest.fail(f"{LWIP} is not there: run make device")
    directory = tmp_path_factory.mktemp("lwip")
    sources = [*LWIP.glob("core/*.c"), *LWIP.glob("core/ipv[46]/*.c"), LWIP / "netif/ethernet.c"]
    includes = [f"-I{include}" for include in INCLUDES]
    run("gcc", "-O1", "-g", "-w", *includes, "-c", *sources, cwd=directory)
    return sorted(directory.glob("*.o"))


@pytest.mark.parametrize("compiler", ["gcc", "clang"])
@pytest.mark.parametrize("opt", ["-O2", "-Os"])
def test_nor_in_what_handles_keys(tmp_path, lwip, opt, compiler):
    """Keypairs, packets in and out, sessions put aside, mac1, mac2 and cookies."""
    if not shutil.which(compiler):
        pytest.skip(f"no {compiler}")
    program = tmp_path / "constant_time_path"
    ours = [f for f in WIREGUARD.glob("*.c") if not f.name.startswith(("mod", "py_"))]
    sources = [*ours, *CRYPTO.glob("*.c"), *CRYPTO.glob("*.S"), OVER_LWIP]
    flags = ["-std=gnu11", opt, "-gdwarf-4", *(f"-I{include}" for include in INCLUDES)]
    flags += [f"-Wl,--wrap=wg_{name}" for name in WRAPPED]
    run(compiler, *flags, *sources, *lwip, "-o", program)
    errors = errors_of(program, tmp_path / "log")
    controls = [errors.pop(name) for name in list(errors) if name.startswith("control_")]
    assert len(controls) == 4 and all(controls), "valgrind must see the controls"
    assert len(errors) == 15
    assert not any(errors.values()), (errors, (tmp_path / "log").read_text())
