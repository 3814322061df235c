# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
"""A device that asks all the time, and how long it is until it is answered again after a fault."""

import time

# A handshake is tried again every 5 s, plus up to 333 ms of jitter; and a second for the way there
# and back, for Python and for a machine that does other things as well.
A_RETRY = 5333
WITHIN = A_RETRY + 1000

ASKS = """
import _host
from testing import *
host = "192.168.4.254"
wlan = uplink()
t = wireguard.Tunnel("wg.json").up()
step = 0
while not told("end"):
    if told("step%d" % step):
        exec(open("step%d" % step).read())
        print("STEP", step)
        step += 1
    try:
        if ping(host, 1, 0.2):
            print("ANSWER")
    except OSError:  # there is no way to it
        time.sleep_ms(50)
report(errors=t.errors)
t.down()
"""


class Asking:
    """A device that asks its peer; it takes steps in between, texts that it executes."""

    def __init__(self, device, config, is_answered=True, **options):
        self.run = device.start(ASKS, config, **options)
        self._steps = 0
        if is_answered:
            self.next_answer()

    def answers(self) -> int:
        return self.run.output.count("ANSWER")

    def next_answer(self, timeout=60) -> int:
        """Milliseconds from now to the next answer."""
        return self._answer_after(self.answers(), time.monotonic(), timeout)

    def answer_after(self, fault, *arguments) -> int:
        """Milliseconds from a fault on this side to the first answer to what was asked later."""
        start = time.monotonic()
        fault(*arguments)
        self.step("pass")
        return self._answer_after(self.answers(), start, 60)

    def _answer_after(self, count, start, timeout):
        self.run.wait_until(lambda: self.answers() > count, timeout, "an answer")
        return int((time.monotonic() - start) * 1000)

    def step(self, text: str, timeout=60):
        self.run.tell(f"step{self._steps}", text)
        self.run.wait_for(f"^STEP {self._steps}$", timeout)
        self._steps += 1

    def end(self):
        self.run.tell("end")
        assert self.run.wait() == 0, self.run.output
        assert self.run.result["errors"] == 0
