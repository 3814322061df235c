# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors

"""What the package wants of the chip and other ports do not have. On the ESP32 only."""

def random(n: int) -> bytes:
    """n random bytes. OSError while the hardware has no source of noise."""

def ipv6() -> None:
    """Have the interfaces take part in IPv6 when they connect."""
