# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
"""The handler and the program stay apart; no call is lost."""

import time

import micropython
from expect import equal, raises
from wireguard.guard import Guard, _Flag


class Counter:
    """A handler as the tunnel's, that counts."""

    def __init__(self):
        self.handled = 0
        self.guard = Guard(self.handle)

    def handle(self, _):
        while self.guard.enter():
            self.handled += 1
            self.guard.leave()
            if not self.guard.missed:
                return


def test_a_call_while_the_program_is_in_comes_when_it_leaves():
    counter = Counter()
    with counter.guard:
        counter.handle(None)
        counter.handle(None)
        equal(counter.handled, 0)
    equal(counter.handled, 1)
    counter.handle(None)
    equal(counter.handled, 2)
    with counter.guard:
        pass
    equal(counter.handled, 2)


def test_from_the_scheduler():
    counter = Counter()
    handle = counter.handle
    for _ in range(200):
        with counter.guard:
            micropython.schedule(handle, None)
            before = counter.handled
            for _ in range(50):
                pass
            equal(counter.handled, before)
        time.sleep_ms(0)
    assert counter.handled >= 200


def test_neither_taking_nor_giving_back_needs_memory():
    counter = Counter()
    guard = counter.guard
    for _ in range(2):
        micropython.heap_lock()
        try:
            with guard:
                pass
            held = guard.enter()
            guard.leave(held)
        finally:
            micropython.heap_unlock()
        assert held
    counter.handle(None)
    equal(counter.handled, 1)


def test_an_exception_lets_the_guard_go():
    counter = Counter()

    def fail():
        with counter.guard:
            raise KeyError

    raises(KeyError, fail)
    counter.handle(None)
    equal(counter.handled, 1)


def test_without_threads():
    counter = Counter()
    counter.guard = Guard(counter.handle, _Flag())
    with counter.guard:
        counter.handle(None)
    equal(counter.handled, 1)


def test_between_threads():
    import _thread

    counter = Counter()
    ended = []

    def other():
        for _ in range(2000):
            counter.handle(None)
        ended.append(1)

    _thread.start_new_thread(other, ())
    for _ in range(2000):
        with counter.guard:
            pass
    while not ended:
        time.sleep_ms(1)
    before = counter.handled
    counter.handle(None)
    equal(counter.handled, before + 1)
