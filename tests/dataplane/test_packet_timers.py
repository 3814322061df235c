# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
"""The timers that packets drive (whitepaper 6.2, 6.5), at any reading of a clock that wraps."""

import pytest
from native import KEEPALIVE, NEW_HANDSHAKE, PERSISTENT_KEEPALIVE, Timers

WRAP = 2**32
NONE = -1
HOUR = 3_600_000


class Clocked:
    """A peer's timers and a clock that starts `start` ms before or after its wrap."""

    def __init__(self, library, start):
        self.library, self.timers, self.now = library, Timers(), start % WRAP

    def __getattr__(self, name):
        function = getattr(self.library, f"wg_timers_{name}")
        return lambda *arguments: function(self.timers, *arguments)

    def later(self, ms):
        self.now = (self.now + ms) % WRAP
        return self.take_due(self.now)

    def next_due(self):
        return self.next(self.now, HOUR)


@pytest.fixture(params=[0, 5000, 2**31 - 5000, 2**31, -5000, -1, -12_000])
def peer(dataplane, request):
    return Clocked(dataplane, request.param)


def test_nothing_is_due_without_packets(peer):
    assert peer.next_due() == HOUR
    assert peer.later(HOUR) == NONE


def test_a_keepalive_answers_data_after_ten_seconds_of_nothing_sent(peer):
    peer.data_received(peer.now)
    assert peer.next_due() == 10_000
    assert peer.later(9_999) == NONE
    assert peer.later(1) == KEEPALIVE
    assert peer.later(0) == NONE
    assert peer.later(60_000) == NONE


def test_whatever_is_sent_is_answer_enough(peer):
    peer.data_received(peer.now)
    peer.any_authenticated_packet_sent(peer.now)
    assert peer.later(60_000) == NONE


def test_more_data_does_not_put_the_keepalive_off(peer):
    peer.data_received(peer.now)
    assert peer.later(9_000) == NONE
    peer.data_received(peer.now)
    assert peer.later(1_000) == KEEPALIVE


def test_fifteen_seconds_of_silence_ask_for_a_handshake(peer):
    peer.data_sent(peer.now, 333)
    assert peer.later(10_000) == NONE
    peer.data_sent(peer.now, 0)  # the first unanswered one counts
    assert peer.later(5_332) == NONE
    assert peer.later(1) == NEW_HANDSHAKE
    assert peer.later(HOUR) == NONE


def test_whatever_comes_back_breaks_the_silence(peer):
    peer.data_sent(peer.now, 0)
    peer.any_authenticated_packet_received(peer.now)
    assert peer.later(60_000) == NONE


def test_a_persistent_keepalive_starts_at_once_and_goes_on_by_itself(peer):
    peer.set_persistent_keepalive(25, peer.now)
    assert peer.later(0) == PERSISTENT_KEEPALIVE
    for _ in range(5):  # though nothing could be sent
        assert peer.later(24_999) == NONE
        assert peer.later(1) == PERSISTENT_KEEPALIVE


def test_traffic_either_way_puts_the_persistent_keepalive_off(peer):
    peer.set_persistent_keepalive(25, peer.now)
    assert peer.later(0) == PERSISTENT_KEEPALIVE
    for event in (peer.any_authenticated_packet_sent, peer.any_authenticated_packet_received):
        assert peer.later(20_000) == NONE
        event(peer.now)
    assert peer.later(24_999) == NONE
    assert peer.later(1) == PERSISTENT_KEEPALIVE
    peer.set_persistent_keepalive(0, peer.now)
    assert peer.later(HOUR) == NONE


def test_the_longest_interval(peer):
    peer.set_persistent_keepalive(65535, peer.now)
    assert peer.later(0) == PERSISTENT_KEEPALIVE
    assert peer.next_due() == HOUR
    assert peer.later(65_534_999) == NONE
    assert peer.later(1) == PERSISTENT_KEEPALIVE


def test_giving_up_sends_no_keepalive(peer):
    peer.data_received(peer.now)
    peer.give_up()
    assert peer.later(HOUR) == NONE


def test_late_timers_are_all_taken(peer):
    peer.data_received(peer.now)
    peer.data_sent(peer.now, 0)
    taken = {peer.later(20_000), peer.later(0)}
    assert taken == {KEEPALIVE, NEW_HANDSHAKE}
    assert peer.next_due() == HOUR
