# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors

import pytest
from wgpy.bench import crypto_target as ct
from wgpy.bench.sources import SourceError


@pytest.fixture(scope="session", params=[target.name for target in ct.targets()])
def target(request) -> ct.Target:
    """Each instruction set there is: RV32 always, Xtensa as far as Debian's packages or the
    environment have it."""
    target = ct.find(request.param)
    try:
        target.run("gcc", "--version")
    except SourceError as error:
        pytest.skip(str(error))
    return target


@pytest.fixture(scope="session", params=["O2", "Os"])
def opt(request) -> str:
    return request.param
