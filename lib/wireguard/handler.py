# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
"""The scheduler's call into the control plane, which no bad event may end."""

from micropython import schedule

from .guard import Guard


class Handler:
    """
    work   function(), called with the guard held whenever there may be something to do
    again  function() that has the handler called soon, after work that was broken off
    call   what to give to the scheduler
    guard  for the program's own part: `with handler.guard:`
    """

    def __init__(self, work, again):
        self.errors = 0  # exceptions in the work; it goes on
        self.last_error = None
        self.call = self._call  # one bound method, not one an event
        self.guard = Guard(self.call)
        self._work = work
        self._again = again

    def _call(self, _):
        """Only KeyboardInterrupt leaves it, and costs no other event."""
        while self._turn():
            pass

    def _turn(self):
        """Work, if nobody else does. True if it is to be done again."""
        held = False
        try:
            try:
                held = self.guard.enter()
                if held:
                    self._work()
            finally:
                self.guard.leave(held)
        except Exception as error:
            self._again()
            self._count(error)
        except BaseException:
            # Not call_again(): Ctrl-C, raised anew for the program, would end in the scheduler.
            self._again()
            raise
        return held and self.guard.missed

    def attempt(self, function, argument):
        """One bad event must not take the others with it."""
        try:
            function(argument)
        except Exception as error:
            self._count(error)

    def call_again(self):
        """Have the scheduler call. False if its queue is full. From any thread."""
        try:
            schedule(self.call, None)
        except RuntimeError:
            return False
        return True

    def _count(self, error):
        self.errors += 1
        self.last_error = error
