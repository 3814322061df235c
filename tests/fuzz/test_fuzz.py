# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
"""A slice of `make fuzz`: each libFuzzer target for a few seconds, under ASan and UBSan."""

import os
import shutil
import subprocess

import pytest
import targets

SECONDS = int(os.environ.get("FUZZ_SECONDS", "2"))

pytestmark = [pytest.mark.fuzz, pytest.mark.slow]


@pytest.fixture(scope="module")
def programs():
    if not shutil.which("clang"):
        pytest.skip("needs clang")
    return targets.build()


@pytest.mark.timeout(400 + 10 * SECONDS)  # the first of them compiles, lwIP too
@pytest.mark.parametrize("target", targets.TARGETS, ids=lambda t: t.name)
def test_nothing_is_found(programs, target):
    executions, report = targets.run(target, programs[target.name], SECONDS)
    assert executions > 50 * SECONDS, report


@pytest.mark.timeout(400)
def test_a_datagram_is_read_alike_wherever_it_is_cut(programs):
    done = subprocess.run([programs["cuts"]], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 29_000
