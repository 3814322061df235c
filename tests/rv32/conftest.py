# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors

import pytest
from wgpy import crypto_target as ct


@pytest.fixture(scope="session", params=[target.name for target in ct.targets()])
def target(request) -> ct.Target:
    """Each instruction set there is: RV32 always, Xtensa where the environment names one."""
    return ct.find(request.param)


@pytest.fixture(scope="session", params=["O2", "Os"])
def opt(request) -> str:
    return request.param
