# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors

"""The timers that packets drive (firmware/wireguard/timers.c), alone and in virtual time.

The scenarios are the whitepaper's section 6 and the kernel's timers.c. `Model` says the same
once more in Python, with a clock that never wraps, and is compared over years.
"""

import random

import native
import pytest

KEEPALIVE, NEW_HANDSHAKE, PERSISTENT, COUNT = range(4)
S = 1000
JITTER = 333
HOUR, YEAR = 3600 * S, 365 * 24 * 3600 * S
WRAP = 1 << 32
STARTS = [0, 1, WRAP // 2 - 7 * S, WRAP // 2, WRAP - 60 * S, WRAP - 12 * S, WRAP - 1]


class Timers:
    """The C timers, with the clock wrapped for them."""

    def __init__(self, library, start=0):
        self._library, self._timers, self.now = library, native.Timers(), start

    def _call(self, name, *arguments):
        result = getattr(self._library, "wg_timers_" + name)(self._timers, *arguments)
        armed = [self._timers.due[n] for n in range(COUNT) if self._timers.armed >> n & 1]
        bound = self._timers.earliest
        assert all((due - bound) % WRAP < WRAP // 2 for due in armed), "due before the earliest"
        return result

    def _clock(self):
        return self.now % WRAP

    def data_sent(self, jitter=0):
        self.any_sent()
        self._call("data_sent", self._clock(), jitter)

    def data_received(self):
        self.any_received()
        self._call("data_received", self._clock())

    def any_sent(self):
        self._call("any_authenticated_packet_sent", self._clock())

    def any_received(self):
        self._call("any_authenticated_packet_received", self._clock())

    def persistent(self, seconds):
        self._call("set_persistent_keepalive", seconds, self._clock())

    def give_up(self):
        self._call("give_up")

    def moved(self):
        self._call("moved", self._clock())

    def due(self):
        """Numbers of the timers that are due; keepalives go out and a handshake is asked for."""
        fired = []
        while (timer := self._call("take_due", self._clock())) >= 0:
            fired.append(timer)
            if timer != NEW_HANDSHAKE:
                self.any_sent()
        return fired

    def next(self):
        return self._call("next", self._clock(), HOUR)


class Model:
    """The kernel's timers: when each is due, or None. Times only ever grow."""

    def __init__(self, start=0):
        self.now, self.at, self.interval = start, [None] * COUNT, 0

    def _traversal(self):
        if self.interval:
            self.at[PERSISTENT] = self.now + self.interval

    def any_sent(self):
        self.at[KEEPALIVE] = None
        self._traversal()

    def any_received(self):
        self.at[NEW_HANDSHAKE] = None
        self._traversal()

    def data_sent(self, jitter=0):
        self.any_sent()
        if self.at[NEW_HANDSHAKE] is None:
            self.at[NEW_HANDSHAKE] = self.now + 15 * S + jitter

    def data_received(self):
        self.any_received()
        if self.at[KEEPALIVE] is None:
            self.at[KEEPALIVE] = self.now + 10 * S

    def persistent(self, seconds):
        if not seconds:
            self.at[PERSISTENT] = None
        elif not self.interval:
            self.at[PERSISTENT] = self.now
        self.interval = seconds * S

    def give_up(self):
        self.at[KEEPALIVE] = None

    def moved(self):
        if self.interval:
            self.at[PERSISTENT] = self.now

    def due(self):
        fired = []
        for timer in range(COUNT):
            if self.at[timer] is not None and self.now >= self.at[timer]:
                self.at[timer] = None
                fired.append(timer)
                if timer != NEW_HANDSHAKE:
                    self.any_sent()
        return fired

    def next(self):
        return min([HOUR] + [max(0, at - self.now) for at in self.at if at is not None])


def run_until(timers, end):
    """Advance from deadline to deadline; [(when, timer)], when relative to the start."""
    fired, start = [], timers.now
    while timers.now <= end:
        fired += [(timers.now - start, timer) for timer in timers.due()]
        step = timers.next()
        assert step > 0, "something is due that was just taken"
        timers.now += step
    timers.now = end
    return fired


# (what happens: [(seconds, event, arguments...)], what fires within 10 minutes of the start)
SCENARIOS = {
    "nothing": ([], []),
    "data in is answered after 10 s": (
        [(0, "data_received")],
        [(10 * S, KEEPALIVE)],
    ),
    "more data in does not put that off": (
        [(0, "data_received"), (4, "data_received"), (9.9, "data_received")],
        [(10 * S, KEEPALIVE)],
    ),
    "data out is an answer": (
        [(0, "data_received"), (9.9, "data_sent"), (10, "any_received")],
        [],
    ),
    "a keepalive in needs no answer": ([(0, "any_received")], []),
    "data out without an answer": ([(0, "data_sent")], [(15 * S, NEW_HANDSHAKE)]),
    "with jitter": ([(0, "data_sent", JITTER)], [(15 * S + JITTER, NEW_HANDSHAKE)]),
    "more data out does not put that off": (
        [(0, "data_sent"), (8, "data_sent"), (14.9, "data_sent", JITTER)],
        [(15 * S, NEW_HANDSHAKE)],
    ),
    "anything in is an answer": ([(0, "data_sent"), (14.9, "any_received")], []),
    "a keepalive out asks for no answer": ([(0, "any_sent")], []),
    "giving up ends the passive keepalive": ([(0, "data_received"), (5, "give_up")], []),
    "giving up leaves the persistent keepalive": (
        [(0, "persistent", 250), (5, "give_up")],
        [(0, PERSISTENT), (250 * S, PERSISTENT), (500 * S, PERSISTENT)],
    ),
    "persistent keepalive, at once and then at its interval": (
        [(0, "persistent", 150)],
        [(n * 150 * S, PERSISTENT) for n in range(5)],
    ),
    "any packet, in or out, puts the persistent keepalive off": (
        [(0, "persistent", 200), (100, "any_sent"), (150, "any_received")],
        [(0, PERSISTENT), (350 * S, PERSISTENT), (550 * S, PERSISTENT)],
    ),
    "persistent keepalive off": ([(0, "persistent", 25), (1, "persistent", 0)], [(0, PERSISTENT)]),
    "a changed interval counts from the next packet on": (
        [(0, "persistent", 100), (50, "persistent", 300)],
        [(0, PERSISTENT), (100 * S, PERSISTENT), (400 * S, PERSISTENT)],
    ),
    "a move is told at once where there is a persistent keepalive": (
        [(0, "persistent", 400), (50, "moved")],
        [(0, PERSISTENT), (50 * S, PERSISTENT), (450 * S, PERSISTENT)],
    ),
    "and elsewhere it is not": ([(0, "data_received"), (5, "moved")], [(10 * S, KEEPALIVE)]),
    "passive and persistent keepalive are two": (
        [(0, "persistent", 25), (20, "data_received"), (600, "persistent", 0)],
        [(0, PERSISTENT), (30 * S, KEEPALIVE)]
        + [((55 + 25 * n) * S, PERSISTENT) for n in range(22)],
    ),
    "longest persistent keepalive": ([(0, "persistent", 65535)], [(0, PERSISTENT)]),
}


@pytest.mark.timeout(20)
@pytest.mark.parametrize("start", STARTS)
@pytest.mark.parametrize("name", SCENARIOS)
def test_scenario(dataplane, name, start):
    """Each case at starts around the wraps of the 32-bit clock."""
    events, expected = SCENARIOS[name]
    timers, fired = Timers(dataplane, start), []
    for seconds, event, *arguments in events:
        at = timers.now
        fired += [(at - start + t, n) for t, n in run_until(timers, start + int(seconds * S) - 1)]
        timers.now = start + int(seconds * S)
        fired += [(timers.now - start, n) for n in timers.due()]
        getattr(timers, event)(*arguments)
    at = timers.now
    fired += [(at - start + t, n) for t, n in run_until(timers, start + 600 * S)]
    assert fired == expected


def test_a_keepalive_that_could_not_be_sent_comes_again(dataplane):
    """Data came in twice before it was due, and the underlay refuses it: another 10 s later."""
    timers = Timers(dataplane)
    timers.data_received()
    timers.now += 5 * S
    timers.data_received()
    take = lambda: timers._call("take_due", timers._clock())  # noqa: E731
    timers.now = 10 * S
    assert take() == KEEPALIVE and take() == -1
    timers.now = 20 * S - 1
    assert take() == -1
    timers.now = 20 * S
    assert take() == KEEPALIVE
    timers.now = 40 * S
    assert take() == -1


def test_a_persistent_keepalive_goes_on_though_nothing_can_be_sent(dataplane):
    timers = Timers(dataplane)
    timers.persistent(25)
    for _ in range(5):
        assert timers._call("take_due", timers._clock()) == PERSISTENT
        timers.now += 25 * S - 1
        assert timers._call("take_due", timers._clock()) == -1
        timers.now += 1


def test_late_timers_are_all_taken(dataplane):
    timers = Timers(dataplane)
    timers.data_received()
    timers._call("data_sent", timers._clock(), 0)
    timers.now += 20 * S
    assert timers.due() == [KEEPALIVE, NEW_HANDSHAKE]
    assert timers.next() == HOUR


@pytest.mark.timeout(60)
@pytest.mark.parametrize("start", STARTS)
def test_years(dataplane, start):
    """Traffic of all kinds and pauses of up to days, over dozens of wraps."""
    chance = random.Random(start)
    real, model = Timers(dataplane, start), Model(start)
    fired = [0] * COUNT
    silences = (10, 700, 9_999, 10_000, 15_000, 15_333, 70_000, HOUR, 40 * HOUR)
    operations = [
        lambda t, jitter: t.data_sent(jitter),
        lambda t, jitter: t.data_received(),
        lambda t, jitter: t.any_sent(),
        lambda t, jitter: t.any_received(),
        lambda t, jitter: t.give_up(),
        lambda t, jitter: t.moved(),
    ]
    intervals = [0, 0, 1, 25, 65535]
    while real.now < start + YEAR:
        if chance.random() < 0.02:
            seconds = chance.choice(intervals)
            real.persistent(seconds), model.persistent(seconds)
        else:
            operation, jitter = chance.choice(operations), chance.randint(0, JITTER)
            operation(real, jitter), operation(model, jitter)
        until = real.now + chance.choice(silences) + chance.randint(0, 3)
        if model.interval == S:  # a packet a second all year long would be all that is tested
            until = min(until, real.now + 60 * S)
        while True:
            ahead = real.next()
            assert ahead == model.next()
            if real.now + ahead > until:
                break
            real.now = model.now = real.now + ahead
            due = real.due()
            assert due == model.due()
            for timer in due:
                fired[timer] += 1
        real.now = model.now = until
    assert min(fired) > 100, fired
