# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
"""What a packet costs beside its cipher may not creep up: counts are exact, this is no timing."""

import pytest
from wgpy.bench import packet


@pytest.fixture(scope="module")
def rows() -> dict:
    return packet.measure()


def test_at_most_5_percent_over_the_baseline(rows, record_property):
    record_property("table", packet.table(rows))
    if packet.baseline()["compiler"] != packet.compiler():
        pytest.skip("the baseline is another compiler's")
    assert packet.regressions(rows) == []


def test_more_than_5_percent_is_a_regression():
    baseline = packet.baseline()
    assert packet.regressions(baseline) == []
    grown = {name: int(baseline[name] * 1.06) + 1 for name in packet.INSTRUCTIONS}
    assert len(packet.regressions(grown)) == len(packet.INSTRUCTIONS) >= 20


def test_no_python_and_no_memory_a_packet(rows):
    assert (rows["traffic_bytecode"], rows["traffic_heap"]) == (0, 0)
    assert (rows["in60_heap"], rows["in1420_heap"]) == (0, 0)
