# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
"""MicroPython for RV32: 32-bit words, small integers of 31 bits, no threads, lwIP on Python's own.

The package's tests, and tunnels between two of one machine. Each test has a machine of its own.
"""

import ast
from pathlib import Path

import pytest
from wgpy.bench import rv32

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
UNIT = Path("tests/unit/micropython")
HERE = Path("tests/rv32/on_device")

NO_THREADS = "there are no threads here"
ONE_DATAGRAM = "the sockets of MicroPython's modlwip hold one datagram"
NO_UPLINK = "there is no uplink here"
YEARS = "takes minutes here"
ELSEWHERE = {
    "test_filter": NO_UPLINK,
    "test_between_threads": NO_THREADS,
    "test_five_years_on_a_good_link": YEARS,
    "test_three_years_on_a_link_that_loses_a_third": YEARS,
    "test_days_with_persistent_keepalive_never_lack_a_session": YEARS,
    "test_a_slow_lookup_does_not_block": NO_THREADS,
    "test_what_is_staged_arrives_in_order_and_only_the_newest": ONE_DATAGRAM,
    "test_a_new_session_does_not_disturb_what_is_staged": ONE_DATAGRAM,
    "test_staged_packets_leave_though_memory_is_refused": "no memory is refused here",
}

# The package first: this port's interpreter has 10 KiB of stack, and imports of imports lie on it.
RUN = """
import sys, wireguard
sys.path += ["/rom/{unit}", "/rom/{here}"]
getattr(__import__({script!r}), {name!r})()
print("PASS")
"""


def files() -> dict:
    """What a test may import or read, by the paths it has in the repository."""
    paths = [*(ROOT / UNIT).glob("*.py"), *(ROOT / HERE).glob("*.py")]
    paths += [ROOT / "boot.py", ROOT / "main.py"]
    return {str(path.relative_to(ROOT)): path.read_bytes() for path in paths}


def functions(scripts) -> list:
    """(script, test function)."""
    return [
        (script.stem, node.name)
        for script in sorted(scripts)
        for node in ast.parse(script.read_text()).body
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    ]


def run(script, name):
    program = RUN.format(unit=UNIT, here=HERE, script=script, name=name)
    said = rv32.run(program, files(), timeout=100)
    assert said.splitlines()[-1:] == ["PASS"], said


@pytest.mark.parametrize("script, name", functions((ROOT / UNIT).glob("test_*.py")))
def test_unit(script, name):
    if reason := ELSEWHERE.get(name) or ELSEWHERE.get(script):
        pytest.skip(reason)
    run(script, name)


@pytest.mark.parametrize("script, name", functions([ROOT / HERE / "tunnels.py"]))
def test_tunnels(script, name):
    run(script, name)
