# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors

import chip
import pytest
from wgpy.bench import crypto_target as ct
from wgpy.bench.sources import SourceError


@pytest.fixture(scope="session")
def generated(tmp_path_factory):
    return chip.generate(tmp_path_factory.mktemp("generated"))


@pytest.fixture(scope="session", params=["rv32", "xtensa-derived"])
def target(request) -> ct.Target:
    """RV32IMC (C3, C6, ...) and windowed Xtensa (ESP32, S2, S3), by Debian's compilers."""
    target = ct.find(request.param)
    if target is None:
        pytest.skip("no Xtensa compiler")
    try:
        target.run("gcc", "--version")
    except SourceError as error:
        pytest.skip(str(error))
    return target
