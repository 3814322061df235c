# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
"""Keeps the scheduler's handler and the program out of each other's way.

The handler runs between any two bytecodes of the program, on its thread or another, and cannot
wait. If the guard is held the handler leaves, and whoever holds it runs it on the way out.
"""


class _Flag:
    """A lock for a single thread."""

    def __init__(self):
        self._held = False

    def acquire(self, wait=1):
        if self._held:
            return False
        self._held = True
        return True

    def release(self):
        self._held = False


def _lock():
    try:
        import _thread
    except ImportError:
        return _Flag()
    return _thread.allocate_lock()


class Guard:
    """`with guard:` in the program; `enter()` and `leave()` in the handler.

    A lock that stays taken stops the tunnel for good, so between taking and giving it back nothing
    may raise: neither Ctrl-C, which comes at a jump, nor a lack of memory, which arguments of any
    number would need. Hence neither jumps nor `*arguments` where it matters.
    """

    def __init__(self, handler, lock=None):
        self._lock = lock or _lock()
        self._leave = (_nothing, self._lock.release)
        self._handler = handler
        self.missed = False

    def __enter__(self):
        self._lock.acquire()
        return self

    def __exit__(self, kind, exception, traceback):
        self._lock.release()
        if self.missed:
            self._handler(None)

    def enter(self):
        """False if somebody is in: he sees `missed` when he leaves."""
        self.missed = True  # before the attempt, or the program could leave unseen in between
        held = self._lock.acquire(False)
        self.missed = not held
        return held

    def leave(self, held=True):
        """`held`: what `enter` has answered."""
        self._leave[held]()


def _nothing():
    pass
