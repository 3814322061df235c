# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
"""Token buckets, one and one a source, over a clock that wraps."""

import native
import pytest

COST, BURST, SOURCES = 50, 5, 16
STARTS = [1000, 2**32 - 100]


def take(dataplane, bucket, now):
    return dataplane.wg_bucket_take(bucket, COST, BURST, now % 2**32)


def take_of(dataplane, sources, key, now):
    return dataplane.wg_sources_take(sources, key, COST, BURST, now % 2**32)


@pytest.mark.parametrize("start", STARTS)
def test_a_burst_and_then_one_for_its_cost(dataplane, start):
    bucket = native.Bucket()
    assert [take(dataplane, bucket, start) for _ in range(7)] == [True] * 5 + [False] * 2
    assert not take(dataplane, bucket, start + COST - 1)
    assert take(dataplane, bucket, start + COST)
    assert not take(dataplane, bucket, start + COST)
    granted = sum(take(dataplane, bucket, start + COST + ms) for ms in range(1, 2001))
    assert granted == 2000 // COST
    assert [take(dataplane, bucket, start + 10_000) for _ in range(6)] == [True] * 5 + [False]


@pytest.mark.parametrize("start", STARTS)
def test_sources_do_not_take_from_each_other(dataplane, start):
    sources = native.Sources()
    for key in (1, 2, 2**64 - 1):
        granted = [take_of(dataplane, sources, key, start) for _ in range(7)]
        assert granted == [True] * 5 + [False] * 2
    granted = sum(take_of(dataplane, sources, 1, start + ms) for ms in range(1, 1001))
    assert granted == 1000 // COST


def test_new_sources_wait_while_all_places_are_active(dataplane):
    sources = native.Sources()
    for key in range(SOURCES):
        assert take_of(dataplane, sources, key, 1000)
    assert not take_of(dataplane, sources, 99, 1000)
    assert take_of(dataplane, sources, 3, 1000 + COST - 1)
    assert not take_of(dataplane, sources, 99, 1000 + COST - 1)
    assert take_of(dataplane, sources, 99, 1000 + COST)  # all but number 3 are idle again
    assert [take_of(dataplane, sources, 3, 1000 + COST) for _ in range(5)] == [True] * 4 + [False]


def test_of_two_places_a_source_has_one(dataplane):
    """A place that came free before its own must not give it a second bucket."""
    sources = native.Sources()
    assert take_of(dataplane, sources, 1, 0)
    assert all(take_of(dataplane, sources, 2, 1) for _ in range(BURST))
    assert not take_of(dataplane, sources, 2, COST)  # number 1 is idle: its place comes first
