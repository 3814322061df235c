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
    """`with guard:` in the program; `enter()` and `leave()` in the handler."""

    def __init__(self, handler):
        self._lock = _lock()
        self._handler = handler
        self.missed = False

    def __enter__(self):
        self._lock.acquire()
        return self

    def __exit__(self, *exception):
        self._lock.release()
        if self.missed:
            self._handler(None)

    def enter(self):
        """False if somebody is in: he sees `missed` when he leaves."""
        self.missed = True  # before the attempt, or the program could leave unseen in between
        if not self._lock.acquire(False):
            return False
        self.missed = False
        return True

    def leave(self):
        self._lock.release()
