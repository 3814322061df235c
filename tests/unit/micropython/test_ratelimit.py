# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
"""20 messages a second and 5 at once for a source; a bounded table; the load of all sources."""

from expect import equal
from wireguard.ratelimit import Load, SourceLimit


def test_burst_then_rate():
    limit = SourceLimit()
    equal([limit.allow("192.0.2.1", 0) for _ in range(7)], [True] * 5 + [False] * 2)
    assert not limit.allow("192.0.2.1", 49)
    assert limit.allow("192.0.2.1", 50)
    assert not limit.allow("192.0.2.1", 60)
    allowed = sum([limit.allow("192.0.2.1", 1000 + ms) for ms in range(10_000)])
    assert 200 <= allowed <= 206, allowed


def test_full_again_after_a_pause_and_never_more():
    limit = SourceLimit()
    for _ in range(9):
        limit.allow("192.0.2.1", 0)
    equal(sum([limit.allow("192.0.2.1", 10**9) for _ in range(9)]), 5)


def test_sources_do_not_share():
    limit = SourceLimit()
    for _ in range(9):
        limit.allow("192.0.2.1", 0)
    assert limit.allow("192.0.2.2", 0)


def test_ipv6_counts_by_its_64():
    limit = SourceLimit()
    for i in range(5):
        assert limit.allow("2001:db8::{:x}".format(i), 0)
    assert not limit.allow("2001:db8::ffff", 0)
    assert limit.allow("2001:db8:0:1::1", 0)


def test_table_is_bounded_and_forgets_the_idle():
    limit = SourceLimit()
    answers = [limit.allow("10.0.{}.{}".format(i >> 8, i & 255), 0) for i in range(1000)]
    equal(sum(answers), 64)
    assert not limit.allow("10.9.9.9", 1000)
    assert limit.allow("10.9.9.9", 1001)
    equal(len(limit._buckets), 1)


def test_load_lingers_for_a_second():
    load = Load()
    equal([load.message(0) for _ in range(10)], [False] * 10)
    assert load.message(0)
    assert load.message(999)
    assert not load.message(5000)
