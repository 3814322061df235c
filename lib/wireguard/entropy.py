# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
"""random(n) -> n unpredictable bytes, for keys. OSError if the machine has no source of them.

On the ESP32 `os.urandom` answers also while the hardware has no source of noise; ours does not.
"""

try:
    from _wireguard_esp32 import random
except ImportError:
    from os import urandom as random

__all__ = ["random"]
