# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
"""The data plane's parts without lwIP and MicroPython, built for the host as a shared library.

Always under the undefined behaviour sanitiser: any report ends the run.
"""

import ctypes
import subprocess

import native
import pytest


@pytest.fixture(scope="session")
def dataplane(tmp_path_factory) -> ctypes.CDLL:
    target = tmp_path_factory.mktemp("dataplane") / "libdataplane.so"
    sources = [native.WIREGUARD / f"{name}.c" for name in native.PARTS]
    sources += sorted((native.WIREGUARD / "crypto").glob("*.c"))
    subprocess.run(["gcc", *native.FLAGS, "-shared", "-o", target, *sources], check=True)
    library = ctypes.CDLL(str(target))
    for name, (result, arguments) in native.SIGNATURES.items():
        function = getattr(library, name)
        function.restype, function.argtypes = result, arguments
    return library
