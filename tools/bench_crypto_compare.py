# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
"""Other libraries' crypto, from Debian's source pool, built like ours and run by the same bench.

Nothing of theirs is kept in the repository: each archive is downloaded from the machine's own
Debian mirror into build/, checked by its SHA-256, and put behind our functions' names by a shim
in firmware/bench/compare/.
"""

import subprocess
import tarfile
from dataclasses import dataclass
from pathlib import Path

from . import crypto_target as ct

ARCHIVES = ct.ROOT / "build" / "compare"


@dataclass(frozen=True)
class Library:
    """One source package and the part of it that does what the bench measures."""

    version: str
    path: str  # in the mirror's pool
    sha256: str
    sources: tuple  # patterns below the unpacked directory
    include: tuple = ()
    define: tuple = ()
    blake2s: bool = False


LIBRARIES = {
    "libsodium": Library(
        version="1.0.18",
        path="pool/main/libs/libsodium/libsodium_1.0.18.orig.tar.gz",
        sha256="d59323c6b712a1519a5daf710b68f5e7fde57040845ffec53850911f10a5d4f4",
        sources=(
            "src/libsodium/crypto_scalarmult/curve25519/scalarmult_curve25519.c",
            "src/libsodium/crypto_scalarmult/curve25519/ref10/*.c",
            "src/libsodium/crypto_core/ed25519/ref10/*.c",
            "src/libsodium/crypto_onetimeauth/poly1305/onetimeauth_poly1305.c",
            "src/libsodium/crypto_onetimeauth/poly1305/donna/*.c",
            "src/libsodium/crypto_stream/chacha20/stream_chacha20.c",
            "src/libsodium/crypto_stream/chacha20/ref/*.c",
            "src/libsodium/crypto_aead/chacha20poly1305/sodium/*.c",
            "src/libsodium/crypto_verify/sodium/*.c",
            "src/libsodium/sodium/utils.c",
        ),
        include=("src/libsodium/include", "src/libsodium/include/sodium"),
        define=(
            "CONFIGURED=1",
            "SODIUM_STATIC=1",
            "NATIVE_LITTLE_ENDIAN=1",
            "DEV_MODE=1",
        ),
    ),
}


def mirrors() -> list:
    """The Debian mirrors this machine installs from."""
    out = ct.run(["apt-get", "indextargets", "--format", "$(SITE) $(REPO_URI)", "Origin: Debian"])
    return sorted({line.split()[-1].rstrip("/") for line in out.splitlines() if line})


def unpack(name: str, library: Library) -> Path:
    """The library's source tree, downloaded and checked once."""
    tree = ARCHIVES / f"{name}-{library.version}"
    if tree.is_dir():
        return tree
    ARCHIVES.mkdir(parents=True, exist_ok=True)
    archive = ARCHIVES / Path(library.path).name
    errors = []
    for mirror in mirrors():
        helper = [
            "/usr/lib/apt/apt-helper",
            "download-file",
            f"{mirror}/{library.path}",
            archive,
        ]
        done = subprocess.run(
            [*helper, f"SHA256:{library.sha256}"],
            check=False,
            capture_output=True,
            text=True,
        )
        if done.returncode == 0:
            break
        errors.append(done.stderr)
    else:
        raise ct.BuildError(f"{name}: not downloaded\n{''.join(errors)}")
    with tarfile.open(archive) as tar:
        parts = tar.getmembers()
        for member in parts:
            member.name = str(Path(*Path(member.name).parts[1:]))
        tar.extractall(tree, parts)
    return tree


def build(target: ct.Target, opt: str, name: str) -> Path:
    """The bench linked with a library in place of our crypto."""
    library = LIBRARIES[name]
    tree = unpack(name, library)
    out = ct.BUILD / f"{target.name}-{opt}-{name}"
    include = [f"-I{tree / path}" for path in library.include]
    flags = [*include, *(f"-D{d}" for d in library.define), "-w"]
    sources = sorted({path for pattern in library.sources for path in tree.glob(pattern)})
    shim = ct.BENCH / "compare" / f"{name}.c"
    objects = ct.compile_objects(target, opt, [*sources, shim], out / "library", flags)
    program = ["bench.c", "handshake.c"] if library.blake2s else ["bench.c"]
    extra = [] if library.blake2s else ["-DBENCH_NO_BLAKE2S"]
    return ct.build(target, opt, program, objects, out, extra)
