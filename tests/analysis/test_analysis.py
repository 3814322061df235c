# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
"""What can be said about the firmware's C without running it (make analyze)."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from stack import Graph

pytestmark = pytest.mark.timeout(400)  # on a machine that may be busy

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
WIREGUARD = ROOT / "firmware" / "wireguard"
LWIP = Path(os.environ.get("LWIP_DIR", ROOT / "build/src/micropython/lib/lwip")) / "src/include"
PATH = [f for f in sorted(WIREGUARD.glob("*.c")) if not f.name.startswith(("mod", "py_"))]
CRYPTO = sorted((WIREGUARD / "crypto").glob("*.c"))
INCLUDES = [f"-I{ROOT}/tests/dataplane/fuzz", f"-I{WIREGUARD}"]

# ESP-IDF's tcpip task has 3072 bytes, of which lwIP takes its share around ours. All that a packet
# goes through is built with -O2 whatever the port's level is.
STACK_MAX = 900
# Where lwIP's thread enters our C: from the underlay, through the netif, by the clock, by hooks.
ENTRIES = ["wg_receive", "wg_send_ip4", "wg_send_ip6", "timeout", "notify_again", "take_turn"]
ENTRIES += ["wg_ip4_route_hook", "wg_ip6_route_hook", "wg_netif_open", "wg_netif_close"]
ENTRIES += ["wg_netif_rebind", "wg_peer_install_keypair", "wg_peer_remove", "wg_send_handshake"]
ENTRIES += ["wg_tcp_input_hook"]


def need(program):
    if not shutil.which(program):
        pytest.skip(f"needs {program}")
    if not LWIP.is_dir():
        pytest.fail(f"{LWIP} is not there: run make device")


def run(*command, **options) -> subprocess.CompletedProcess:
    command = [str(c) for c in command]
    return subprocess.run(command, capture_output=True, text=True, check=False, **options)


def test_cppcheck_has_nothing_to_say():
    need("cppcheck")
    options = ["--enable=warning,performance,portability", "--std=c11", "--inline-suppr", "-q"]
    # A header that lwIP names by a macro, and lwIP itself.
    options += ["--suppress=preprocessorErrorDirective", f"--suppress=*:{LWIP}/*"]
    done = run("cppcheck", *options, "--error-exitcode=1", *INCLUDES, f"-I{LWIP}", *PATH, *CRYPTO)
    assert done.returncode == 0, done.stderr


def test_clang_tidy_has_nothing_to_say():
    need("clang-tidy")
    config = f"--config-file={HERE / 'clang-tidy.yaml'}"
    flags = ["--", "-std=gnu11", *INCLUDES, "-isystem", LWIP]
    done = run("clang-tidy", "--quiet", config, *PATH, *CRYPTO, *flags)
    assert done.returncode == 0, done.stdout


# What GCC's analyzer says and is not so: it does not follow a loop that fills an array (the
# cipher's state; memcheck, in tests/crypto, does), nor that a writer always has one of two tables,
# nor that capture.c's functions are only ever in netifs that it has an entry for.
MISTAKEN = {("chacha20poly1305.c", "use-of-uninitialized-value")}
MISTAKEN |= {("allowedips.c", "null-dereference"), ("capture.c", "null-dereference")}


def test_gccs_analyzer_finds_no_more_than_it_mistakes(tmp_path):
    need("gcc")
    found = set()
    flags = ["-std=gnu11", "-O2", "-fanalyzer", *INCLUDES, "-isystem", LWIP]
    done = run("gcc", *flags, "-c", *PATH, *CRYPTO, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    for file, what in re.findall(r"/(\w+\.c):.* warning: .*\[-Wanalyzer-(.*)\]", done.stderr):
        found.add((file, what))
    assert found <= MISTAKEN, done.stderr


@pytest.mark.parametrize("level", ["-O2", "-Os"])
def test_the_stack_of_lwips_thread_is_bounded(tmp_path, level):
    """On RV32, as the ESP32-C3; a frame there is about that of the other chips."""
    need("riscv64-unknown-elf-gcc")
    flags = ["-march=rv32imc", "-mabi=ilp32", "--specs=picolibc.specs", "-std=gnu11", level]
    flags += ["-fcallgraph-info=su", *INCLUDES, "-isystem", LWIP]
    done = run("riscv64-unknown-elf-gcc", *flags, "-c", *PATH, *CRYPTO, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    graph = Graph()
    for file in tmp_path.glob("*.ci"):
        graph.read(file)
    for file in (WIREGUARD / "crypto").glob("*_riscv32.S"):
        graph.read_assembly(file)
    assert not graph.odd, "frames whose size is known at run time only"
    assert "wg_chacha20_xor" in graph.frames, "the assembly is part of it"
    graph.calls["wg_forward"].add("wg_send_ip6")  # through the netif
    for entry in ENTRIES:
        assert entry in graph.frames, entry
        size, path = graph.deepest(entry)
        print(f"{size:5} {' > '.join(path)}")
        assert size <= STACK_MAX, path
    # While lwIP reads a packet from inside, and answers it.
    around = graph.frames["wg_receive"] + graph.deepest("wg_send_ip6")[0]
    print(f"{around:5} wg_receive > (lwIP) > wg_send_ip6 ...")
    assert around <= STACK_MAX
