# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors

"""CHECKLIST.md names only tests that exist."""

import re
from pathlib import Path

TESTS = Path(__file__).parent


def test_every_test_named_in_the_checklist_exists():
    named = set(re.findall(r"`(test_\w+)`", (TESTS / "CHECKLIST.md").read_text()))
    defined = set()
    for path in TESTS.rglob("test_*.py"):
        defined |= set(re.findall(r"^def (test_\w+)", path.read_text(), re.M))
    assert len(named) > 30
    assert named <= defined, f"not there: {sorted(named - defined)}"
