# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
"""The module's crypto, built for the host as a shared library.

SANITIZE=1 adds the undefined behaviour sanitiser; any report ends the run.
"""

import ctypes
import os
import subprocess
from pathlib import Path

import pytest

CRYPTO = Path(__file__).parents[2] / "firmware" / "wireguard" / "crypto"
FLAGS = ["-std=c99", "-O2", "-fPIC", "-shared", "-Wall", "-Wextra", "-Werror"]
SANITIZE_FLAGS = ["-g", "-fsanitize=undefined", "-fno-sanitize-recover=all"]


def build(target: Path, *flags: str) -> ctypes.CDLL:
    """Compile all of crypto/ natively, as C99 without warnings, and load it."""
    if os.environ.get("SANITIZE"):
        flags = (*SANITIZE_FLAGS, *flags)
    sources = sorted(CRYPTO.glob("*.c")) + sorted(CRYPTO.glob("*.S"))
    compiler = os.environ.get("CC", "gcc")
    subprocess.run([compiler, *FLAGS, *flags, "-o", target, *sources], check=True)
    return ctypes.CDLL(str(target))


@pytest.fixture(scope="session")
def crypto(tmp_path_factory) -> ctypes.CDLL:
    library = build(tmp_path_factory.mktemp("crypto") / "libcrypto.so")
    pointer, size, u64 = ctypes.c_void_p, ctypes.c_size_t, ctypes.c_uint64
    message = [pointer, pointer, size, pointer, size]
    signatures = {
        "wg_wipe": (None, [pointer, size]),
        "wg_equal": (ctypes.c_bool, [pointer, pointer, size]),
        "wg_blake2s_init": (None, [pointer, size, pointer, size]),
        "wg_blake2s_update": (None, [pointer, pointer, size]),
        "wg_blake2s_final": (None, [pointer, pointer]),
        "wg_blake2s": (None, [pointer, size, pointer, size, pointer, size]),
        "wg_hmac": (None, [pointer, pointer, size, pointer, size]),
        "wg_kdf": (None, [pointer, ctypes.c_uint, pointer, pointer, size]),
        "wg_chacha20_xor": (None, [pointer, pointer, pointer, size]),
        "wg_poly1305_blocks": (None, [pointer, pointer, size]),
        "wg_aead_init": (None, [pointer, pointer, u64, pointer, size]),
        "wg_aead_encrypt": (None, [pointer, pointer, pointer, size]),
        "wg_aead_decrypt": (None, [pointer, pointer, pointer, size]),
        "wg_aead_tag": (None, [pointer, pointer]),
        "wg_seal": (None, [*message, u64, pointer]),
        "wg_seal_padded": (None, [pointer, pointer, size, size, u64, pointer]),
        "wg_open": (ctypes.c_bool, [*message, u64, pointer]),
        "wg_xseal": (None, [*message, pointer, pointer]),
        "wg_xopen": (ctypes.c_bool, [*message, pointer, pointer]),
    }
    for name, (result, arguments) in signatures.items():
        function = getattr(library, name)
        function.restype, function.argtypes = result, arguments
    return library


class Arena:
    """Memory between two guard pages, so that a stray access of the code under test faults."""

    PAGE = 4096

    def __init__(self, size: int):
        libc = ctypes.CDLL(None, use_errno=True)
        libc.mmap.restype = ctypes.c_void_p
        self.size = -(-size // self.PAGE) * self.PAGE
        total = ctypes.c_size_t(self.size + 2 * self.PAGE)
        read_write, none, private_anonymous = 3, 0, 0x22
        lower = libc.mmap(None, total, read_write, private_anonymous, -1, ctypes.c_size_t(0))
        if lower == ctypes.c_void_p(-1).value:
            raise OSError(ctypes.get_errno(), "mmap")
        self.base = lower + self.PAGE
        for guard in (lower, self.base + self.size):
            if libc.mprotect(ctypes.c_void_p(guard), ctypes.c_size_t(self.PAGE), none):
                raise OSError(ctypes.get_errno(), "mprotect")

    def low(self, align: int = 0) -> int:
        """The address align bytes above the lower guard page."""
        return self.base + align

    def high(self, size: int) -> int:
        """The address where size bytes begin that end at the upper guard page."""
        return self.base + self.size - size

    @staticmethod
    def write(address: int, data: bytes) -> int:
        ctypes.memmove(address, data, len(data))
        return address

    @staticmethod
    def read(address: int, size: int) -> bytes:
        return ctypes.string_at(address, size)


@pytest.fixture(scope="session")
def arenas() -> tuple[Arena, Arena]:
    """One for the source, one for the destination."""
    return Arena(1 << 17), Arena(1 << 17)
