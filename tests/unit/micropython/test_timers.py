# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
"""The handshake timers alone, also with times that are zero or larger than any word."""

from expect import equal
from wireguard.timers import GIVE_UP, RETRY, ZERO, Timers

_STARTS = (0, 1, (1 << 30) - 1, (1 << 32) - 2500, 1 << 40)


def test_nothing_runs_at_first():
    timers = Timers()
    equal(timers.due(10**12), None)
    equal(timers.next(), None)


def test_retry_after_timeout_and_jitter():
    for now in _STARTS:
        timers = Timers()
        assert timers.handshake_wanted(now)
        timers.handshake_initiated(now, 333)
        equal(timers.next(), now + 5333)
        equal(timers.due(now + 5332), None)
        equal(timers.due(now + 5333), RETRY)


def test_what_could_not_be_sent_is_tried_again_in_a_second():
    timers = Timers()
    timers.handshake_wanted(0)
    timers.handshake_initiated(0, 333)
    timers.handshake_unsent(0)
    assert not timers.handshake_wanted(999), "traffic does not make it sooner"
    equal((timers.next(), timers.due(1000)), (1000, RETRY))


def test_gives_up_after_90_s_without_new_traffic():
    for now in _STARTS:
        timers = Timers()
        timers.handshake_wanted(now)
        at, tries = now, 0
        while timers.due(at) != GIVE_UP:
            timers.handshake_initiated(at, 0)
            tries += 1
            at = timers.next()
        equal((at - now, tries), (90_000, 18))
        timers.handshake_given_up(at)
        equal(timers.due(at), None)
        equal(timers.next(), at + 540_000)


def test_traffic_starts_the_90_s_anew():
    timers = Timers()
    timers.handshake_wanted(0)
    timers.handshake_initiated(0, 0)
    assert not timers.handshake_wanted(4999)
    timers.handshake_initiated(89_999, 0)
    equal(timers.due(94_999), GIVE_UP)
    timers.handshake_wanted(94_000)
    equal(timers.due(94_999), RETRY)


def test_wanted_too_soon_waits_for_the_retry_timer():
    timers = Timers()
    timers.handshake_responded(1000)
    assert not timers.handshake_wanted(2000)
    equal(timers.next(), 6000)
    assert timers.handshake_wanted(6000)


def test_traffic_for_an_unknown_endpoint_does_not_put_off_the_retry():
    timers = Timers()
    for now in range(0, 5000, 200):
        assert timers.handshake_wanted(now)
        timers.handshake_postponed(now)
    equal(timers.next(), 5000)
    equal(timers.due(5000), RETRY)
    timers.handshake_postponed(5000)
    equal(timers.next(), 10_000)


def test_completion_stops_the_retries():
    timers = Timers()
    timers.handshake_wanted(0)
    timers.handshake_initiated(0, 0)
    timers.handshake_complete()
    timers.session_derived(100)
    equal(timers.due(500_000), None)
    equal(timers.due(540_100), ZERO)
    timers.keys_zeroed()
    equal(timers.next(), None)


def test_a_new_session_puts_zeroing_off():
    timers = Timers()
    timers.session_derived(0)
    timers.session_derived(120_000)
    equal(timers.due(540_000), None)
    equal(timers.due(660_000), ZERO)


def test_giving_up_does_not_put_zeroing_off():
    timers = Timers()
    timers.session_derived(0)
    timers.handshake_given_up(300_000)
    equal(timers.next(), 540_000)
