# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors

"""A board that boots without the time of day, and gateways that remember what they have seen."""

import pytest

BOOTS = 50

# As on an ESP32 without NTP: the clock says 2000-01-01 at every boot, its epoch.
MAIN = """
import machine, os, time
import wireguard
from wireguard import tai64n

booted = time.ticks_us()

class ClockOf2000:
    def time_ns():
        return time.ticks_diff(time.ticks_us(), booted) * 1000

    def gmtime(seconds):
        return (2000, 1, 1, 0, 0, 0, 5, 1)

tai64n.time = ClockOf2000
try:
    with open("boots") as f:
        boots = int(f.read()) + 1
except OSError:
    boots = 1
with open("boots", "w") as f:
    f.write(str(boots))
if boots == %(forget)d:
    for name in os.listdir():
        if name.endswith(".mark"):
            os.remove(name)
t = wireguard.Tunnel("wg.json").up()
print("BOOT", boots, t.wait(%(seconds)d))
if boots < %(boots)d:
    time.sleep_ms(50)  # wireguard-go takes no two initiations of a peer within 20 ms
    machine.reset()
"""


@pytest.mark.timeout(180)
def test_fifty_reboots_at_2000_01_01(device, wireguard_go):
    """(boringtun asks for a cookie after ten handshakes; it is in the test below.)"""
    main = MAIN % {"boots": BOOTS, "forget": 0, "seconds": 4}
    config, files = wireguard_go.config(), {"main.py": main}
    run = device.start(None, config, files=files, namespace=wireguard_go.namespace)
    run.wait_for(rf"^BOOT {BOOTS} \w+$", 170)
    lines = [line for line in run.output.splitlines() if line.startswith("BOOT")]
    # Within the 4 s there is one initiation: the first one of every boot was taken.
    assert lines == [f"BOOT {n} True" for n in range(1, BOOTS + 1)]
    marks = list(run.flash.glob("*.mark"))
    assert len(marks) == 1 and marks[0].stat().st_size == 8


def test_without_its_mark_a_board_is_locked_out(device, gateway):
    """What the mark is for: the gateways do refuse a timestamp that they have seen."""
    main = MAIN % {"boots": 3, "forget": 3, "seconds": 4}
    run = device.start(
        None, gateway.config(), files={"main.py": main}, namespace=gateway.namespace
    )
    run.wait_for(r"^BOOT 3 \w+$", 60)
    lines = [line for line in run.output.splitlines() if line.startswith("BOOT")]
    assert lines == ["BOOT 1 True", "BOOT 2 True", "BOOT 3 False"]
