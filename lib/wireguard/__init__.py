# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
"""WireGuard for MicroPython.

tunnel = wireguard.Tunnel("wg.json")
tunnel.up()
tunnel.wait(10)
"""

import sys

from .config import Config, ConfigError

__version__ = "0.1.0"
__all__ = ["Config", "ConfigError"]

if sys.implementation.name == "micropython":  # tools on the host want the configuration alone
    from .tunnel import Tunnel  # noqa: F401

    __all__.append("Tunnel")
