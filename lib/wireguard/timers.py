# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
"""The timers that handshakes drive, one set a peer (whitepaper, section 6; kernel timers.c).

  retry     an initiation went out and was not answered within 5 s (plus jitter): send another;
            after 90 s without new traffic give up
  zero      no new session for three times the life of a key: wipe all keys of the peer

The timers that packets drive (keepalives, 15 s of silence, age of the keys) are in C, beside the
packets. Times are milliseconds of a clock that never wraps; None is a timer that does not run.
"""

from micropython import const

_REKEY_TIMEOUT_MS = const(5_000)
REKEY_TIMEOUT_JITTER_MS = const(333)
_REKEY_ATTEMPT_TIME_MS = const(90_000)
REJECT_AFTER_TIME_MS = const(180_000)
_UNSENT_RETRY_MS = const(1_000)
ZERO_AFTER_TIME_MS = 3 * REJECT_AFTER_TIME_MS

RETRY = const(1)
GIVE_UP = const(2)
ZERO = const(3)


class Timers:
    def __init__(self):
        self.retry_at = None
        self.give_up_at = None
        self.zero_at = None
        self.last_sent = None  # initiation or response

    def handshake_wanted(self, now):
        """Traffic asks for a session. True if an initiation may go out at once.

        It is this that starts the 90 s anew. Closer than REKEY_TIMEOUT to the last message the
        initiation waits for the retry timer.
        """
        self.give_up_at = now + _REKEY_ATTEMPT_TIME_MS
        if self.last_sent is None or now - self.last_sent >= _REKEY_TIMEOUT_MS:
            return True
        if self.retry_at is None:
            self.retry_at = self.last_sent + _REKEY_TIMEOUT_MS
        return False

    def handshake_initiated(self, now, jitter):
        """`jitter`: 0 to REKEY_TIMEOUT_JITTER_MS, so that two ends do not stay in step."""
        self.last_sent = now
        self.retry_at = now + _REKEY_TIMEOUT_MS + jitter

    def handshake_postponed(self, now):
        """There is nowhere to send an initiation yet. Traffic does not put it off for ever."""
        if self.retry_at is None or now >= self.retry_at:
            self.retry_at = now + _REKEY_TIMEOUT_MS

    def handshake_unsent(self, now):
        """There was no way to send the initiation."""
        self.retry_at = now + _UNSENT_RETRY_MS

    def handshake_responded(self, now):
        self.last_sent = now

    def handshake_complete(self):
        """A session is confirmed, whoever began."""
        self.retry_at = None
        self.give_up_at = None

    def handshake_given_up(self, now):
        self.handshake_complete()
        if self.zero_at is None:
            self.zero_at = now + ZERO_AFTER_TIME_MS

    def session_derived(self, now):
        self.zero_at = now + ZERO_AFTER_TIME_MS

    def keys_zeroed(self):
        self.zero_at = None

    def due(self, now):
        """What is to be done now: RETRY, GIVE_UP, ZERO, or None. It stays due until done."""
        if self.zero_at is not None and now >= self.zero_at:
            return ZERO
        if self.retry_at is None or now < self.retry_at:
            return None
        return GIVE_UP if now >= self.give_up_at else RETRY

    def next(self):
        """When something is due next, or None."""
        if self.retry_at is None:
            return self.zero_at
        if self.zero_at is None:
            return self.retry_at
        return min(self.retry_at, self.zero_at)
