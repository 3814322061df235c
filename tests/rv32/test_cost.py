# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
"""What the crypto costs may not creep up: counts are exact, so this is no timing test."""

import json

import pytest
from wgpy.bench import crypto


@pytest.fixture(scope="module")
def rows(target) -> dict:
    if not target.counts:
        pytest.skip("this target cannot count")
    return crypto.ours(target, crypto.SHIPPED)


def test_at_most_5_percent_over_the_baseline(target, rows, record_property):
    record_property("table", crypto.table(target, {target.name: rows}))
    assert target.name in json.loads(crypto.BASELINE.read_text())
    assert crypto.regressions({target.name: rows}) == []


def test_more_than_5_percent_is_a_regression():
    baseline = json.loads(crypto.BASELINE.read_text())["rv32"]
    grown = {name: int(row * 1.06) for name, row in baseline.items()}
    counts = set(baseline) - {"text", "stack"}
    assert len(crypto.regressions({"rv32": grown})) == len(counts) == 7
    assert crypto.regressions({"rv32": baseline}) == []


def test_small_code_and_stack(rows):
    assert rows["text"] <= 16 * 1024
    assert rows["stack"] <= 1024
