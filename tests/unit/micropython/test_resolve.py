# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
"""Names of endpoints: in the background, all addresses in turn, looked up anew."""

import time

from expect import equal
from wireguard import resolve


def _finished(lookup):
    for _ in range(500):
        if lookup.done:
            return
        time.sleep_ms(10)
    raise AssertionError("the look-up does not end")


def test_a_slow_lookup_does_not_block():
    notified = []

    def slow(host, port):
        time.sleep_ms(300)
        return [("192.0.2.1", port)]

    began = time.ticks_ms()
    lookup = resolve.Lookup("vpn", 7, lambda: notified.append(1), slow)
    assert time.ticks_diff(time.ticks_ms(), began) < 200
    assert not lookup.done
    _finished(lookup)
    equal(lookup.addresses, [("192.0.2.1", 7)])
    time.sleep_ms(50)
    equal(notified, [1])


def _endpoint(*answers):
    """An Endpoint whose look-ups find these, one after the other."""
    answers = list(answers)
    endpoint = resolve.Endpoint("vpn.example.org", 7)
    found = lambda host, port: [(a, port) for a in answers.pop(0)]  # noqa: E731

    def look_up():
        endpoint.lookup = resolve.Lookup(endpoint.host, endpoint.port, lambda: None, found)
        _finished(endpoint.lookup)
        return endpoint.resolved()

    return endpoint, look_up


def test_literal_addresses_are_never_looked_up():
    for host in ("192.0.2.1", "2001:db8::1"):
        endpoint = resolve.Endpoint(host, 7)
        equal(endpoint.first(), (host, 7))
        for attempts in range(20):
            equal(endpoint.unanswered(attempts), (None, False))


def test_two_tries_for_each_address_then_the_name_again():
    endpoint, look_up = _endpoint(["192.0.2.1", "192.0.2.2"], ["192.0.2.3"])
    equal(endpoint.first(), None)
    equal(look_up(), ("192.0.2.1", 7))
    equal(endpoint.unanswered(1), (None, False))
    equal(endpoint.unanswered(2), (("192.0.2.2", 7), False))
    equal(endpoint.unanswered(3), (None, False))
    equal(endpoint.unanswered(4), (("192.0.2.1", 7), True))
    equal(look_up(), ("192.0.2.3", 7))
    equal(endpoint.unanswered(6), (("192.0.2.3", 7), True))


def test_a_failed_lookup_keeps_what_was_known():
    endpoint, look_up = _endpoint(["192.0.2.1"], [])
    look_up()
    equal(look_up(), None)
    equal(endpoint.lookup, None)
    equal(endpoint.first(), ("192.0.2.1", 7))


def test_without_any_answer_every_retry_looks_up():
    endpoint, look_up = _endpoint([])
    equal(look_up(), None)
    equal(endpoint.unanswered(0), (None, True))
    equal(endpoint.unanswered(0), (None, True))


def test_answer_is_taken_once():
    endpoint, look_up = _endpoint(["192.0.2.1"])
    equal(endpoint.resolved(), None)
    look_up()
    equal(endpoint.resolved(), None)
