# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
"""The packet path over lwIP, under random datagrams in pbufs cut anywhere: ../fuzz/packets.c.

The program checks what it sees and AddressSanitizer the rest. For longer runs: make fuzz.
"""

import os
import subprocess
from pathlib import Path

import native
import pytest

pytestmark = pytest.mark.timeout(400)  # most of it compiles lwIP, on a machine that may be busy

ROOT = native.WIREGUARD.parents[1]
LWIP = Path(os.environ.get("LWIP_DIR", ROOT / "build/src/micropython/lib/lwip")) / "src"
FUZZ = Path(__file__).parent / "fuzz"
PATH = [f for f in sorted(native.WIREGUARD.glob("*.c")) if not f.name.startswith(("mod", "py_"))]
FLAGS = ["-g", "-O1", "-Wall", "-Wextra", "-Werror"]
FLAGS += ["-fsanitize=address,undefined", "-fno-sanitize-recover=all"]
INPUTS = ROOT / "tests" / "fuzz"
INCLUDES = [f"-I{FUZZ}", f"-I{INPUTS}", f"-I{native.WIREGUARD}", f"-isystem{LWIP}/include"]


def compile_all(directory, flags, sources):
    directory.mkdir()
    subprocess.run(["gcc", *flags, *INCLUDES, "-c", *sources], cwd=directory, check=True)
    return sorted(directory.glob("*.o"))


@pytest.fixture(scope="module")
def packets(tmp_path_factory):
    if not LWIP.is_dir():
        pytest.fail(f"{LWIP} is not there: run make device")
    directory = tmp_path_factory.mktemp("packets")
    ours = [INPUTS / "packets.c", *PATH]
    ours += sorted((native.WIREGUARD / "crypto").glob("*.c"))
    theirs = [*LWIP.glob("core/*.c"), *LWIP.glob("core/ipv[46]/*.c"), LWIP / "netif/ethernet.c"]
    objects = compile_all(directory / "ours", FLAGS, ours)
    objects += compile_all(directory / "lwip", [*FLAGS, "-w"], theirs)
    program = directory / "packets"
    subprocess.run(["gcc", *FLAGS, "-o", program, *objects], check=True)
    return program


@pytest.mark.parametrize("seed", [1, 2])
def test_random_packets(packets, seed):
    done = subprocess.run(
        [packets, "1500", str(seed)], capture_output=True, text=True, timeout=100
    )
    assert done.returncode == 0, done.stderr
    authentic, delivered, sent, forwarded = map(int, done.stdout.split())
    assert authentic > delivered > 300
    assert sent > 500
    assert forwarded > 10


def test_an_lwip_without_ipv6_will_do(tmp_path):
    """Boards may switch it off: the packet path compiles without a warning."""
    options = (FUZZ / "lwipopts.h").read_text()
    (tmp_path / "lwipopts.h").write_text(options.replace("LWIP_IPV6 1", "LWIP_IPV6 0"))
    assert "LWIP_IPV6 0" in (tmp_path / "lwipopts.h").read_text()
    command = ["gcc", "-fsyntax-only", *FLAGS[2:5], f"-I{tmp_path}", *INCLUDES]
    for source in PATH:
        subprocess.run([*command, source], check=True)
