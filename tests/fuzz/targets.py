# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
"""The libFuzzer targets: what each is made of, how it is built and run.

    python tests/fuzz/targets.py [SECONDS [TARGET...]]

runs every target in turn for its share of SECONDS and prints a table. Each starts from what it has
found before, in build/fuzz/corpus. The exit status is that of what was found: 0 for nothing.
"""

import fcntl
import hashlib
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
WIREGUARD = ROOT / "firmware" / "wireguard"
DATAPLANE = ROOT / "tests" / "dataplane" / "fuzz"
LWIP = Path(os.environ.get("LWIP_DIR", ROOT / "build/src/micropython/lib/lwip")) / "src"
BUILD = Path(os.environ.get("BUILD_DIR", ROOT / "build")) / "fuzz"

# Parts that know neither lwIP nor MicroPython, and all but the bindings.
ALONE = [WIREGUARD / f"{name}.c" for name in ("replay", "allowedips", "keypair", "timers")]
PATH = [f for f in sorted(WIREGUARD.glob("*.c")) if not f.name.startswith(("mod", "py_"))]
CRYPTO = sorted((WIREGUARD / "crypto").glob("*.c"))
CHECKED = HERE / "crypto_checked.c"

SANITIZERS = "-fsanitize=address,undefined"
PLAIN = ["-std=gnu11", "-g", "-O2"]
FLAGS = ["-std=gnu11", "-g", "-O2", "-DLIBFUZZER", SANITIZERS, "-fno-sanitize-recover=all"]
FLAGS += ["-fsanitize=fuzzer-no-link"]
# What crypto_checked.c stands before.
WRAPPED = ["seal", "seal_padded", "open", "aead_encrypt", "aead_decrypt", "aead_tag"]
WRAP = ["-Wl," + ",".join(f"--wrap=wg_{name}" for name in WRAPPED)]
STRICT = ["-Wall", "-Wextra", "-Werror"]
INCLUDES = [f"-I{HERE}", f"-I{WIREGUARD}", f"-I{DATAPLANE}", f"-isystem{LWIP}/include"]


@dataclass(frozen=True)
class Target:
    name: str
    source: Path
    longest: int  # bytes of an input
    over_lwip: bool = False
    of_crypto: bool = False  # its subject, so under the sanitizers' eyes


TARGETS = [
    Target("replay", HERE / "replay.c", 512),
    Target("allowedips", HERE / "allowedips.c", 512),
    Target("keypair", HERE / "keypair.c", 512),
    Target("aead", HERE / "aead.c", 256, of_crypto=True),
    Target("handshake", HERE / "handshake.c", 2048, over_lwip=True),
    Target("packets", HERE / "packets.c", 1024, over_lwip=True),
    Target("inner", HERE / "inner.c", 1024, over_lwip=True),
]

# Not random: every cut of a chain of pbufs.
CUTS = Target("cuts", HERE / "cuts.c", 0, over_lwip=True)


def _compile(directory: Path, sources: list[Path], *flags: str, base=FLAGS) -> list[Path]:
    directory.mkdir(parents=True, exist_ok=True)
    command = ["clang", *base, *flags, *INCLUDES, "-c", *sources]
    subprocess.run([str(c) for c in command], cwd=directory, check=True)
    return [directory / f"{source.stem}.o" for source in sources]


def _build_lwip() -> list[Path]:
    """lwIP is pinned: once is enough, unless its options have changed."""
    done = BUILD / "lwip" / "done"
    sources = sorted([*LWIP.glob("core/*.c"), *LWIP.glob("core/ipv[46]/*.c")])
    sources.append(LWIP / "netif/ethernet.c")
    if not LWIP.is_dir():
        raise SystemExit(f"{LWIP} is not there: run make device")
    options = (DATAPLANE / "lwipopts.h").read_text() + " ".join(FLAGS)
    if not done.exists() or done.read_text() != options:
        _compile(BUILD / "lwip", sources, "-w")
        done.write_text(options)
    return [BUILD / "lwip" / f"{source.stem}.o" for source in sources]


def _link(program: Path, target: Path, objects: list[Path], *flags: str):
    command = ["clang", *FLAGS, *STRICT, *flags, *INCLUDES, "-o", program, target, *objects]
    subprocess.run([str(c) for c in command], check=True)


def _fingerprint() -> str:
    """Of all that the programs are made of, lwIP's pinned sources apart."""
    digest = hashlib.sha256(" ".join(FLAGS).encode())
    for directory in (WIREGUARD, HERE, DATAPLANE):
        for file in sorted(directory.rglob("*.[chS]")):
            digest.update(file.read_bytes())
    return digest.hexdigest()


def build() -> dict[str, Path]:
    """Build what has changed; the programs by name, `cuts` among them. Safe to call at once."""
    programs = {t.name: BUILD / t.name for t in [*TARGETS, CUTS]}
    BUILD.mkdir(parents=True, exist_ok=True)
    stamp = BUILD / "built"
    with open(BUILD / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        fingerprint = _fingerprint()
        if not stamp.exists() or stamp.read_text() != fingerprint:
            _build(programs)
            stamp.write_text(fingerprint)
    return programs


def _build(programs):
    crypto = _compile(BUILD / "crypto", CRYPTO, *STRICT)
    plain = _compile(BUILD / "plain", CRYPTO, *STRICT, base=PLAIN)
    plain += _compile(BUILD / "path", [CHECKED], *STRICT)
    alone = _compile(BUILD / "alone", ALONE, *STRICT)
    over_lwip = _build_lwip() + _compile(BUILD / "path", PATH, *STRICT)

    def link(target):
        objects = over_lwip if target.over_lwip else alone
        objects = objects + (crypto if target.of_crypto else plain)
        flags = [] if target is CUTS else ["-fsanitize=fuzzer"]
        flags += [] if target.of_crypto else WRAP
        _link(programs[target.name], target.source, objects, *flags)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(link, [*TARGETS, CUTS]))


def run(target: Target, program: Path, seconds: int) -> tuple[int, str]:
    """(executions, what libFuzzer said). SystemExit with its report if it found something."""
    corpus = BUILD / "corpus" / target.name
    corpus.mkdir(parents=True, exist_ok=True)
    options = [f"-max_total_time={seconds}", f"-max_len={target.longest}", "-timeout=20"]
    options += ["-print_final_stats=1", "-verbosity=0", f"-artifact_prefix={BUILD}/{target.name}-"]
    # What was freed is kept for a while, but so that it fits the processor's caches.
    environment = os.environ | {"ASAN_OPTIONS": "quarantine_size_mb=8"}
    command = [program, *options, corpus]
    done = subprocess.run(
        command, capture_output=True, text=True, errors="replace", check=False, env=environment
    )
    if done.returncode:
        raise SystemExit(f"{target.name} found something:\n{done.stderr[-8000:]}")
    executions = re.search(r"number_of_executed_units: (\d+)", done.stderr)
    return int(executions[1]), done.stderr


def main(arguments: list[str]):
    seconds = int(arguments[0]) if arguments else 60
    names = arguments[1:] or [t.name for t in TARGETS]
    programs = build()
    share = max(1, seconds // len(names))
    for target in TARGETS:
        if target.name in names:
            executions, _ = run(target, programs[target.name], share)
            print(f"{target.name:12} {executions:12,} executions in {share} s", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
