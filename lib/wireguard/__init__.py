# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
"""WireGuard for MicroPython.

    tunnel = wireguard.Tunnel("wg.json")
    tunnel.up()
    tunnel.wait(10)
"""

from .config import Config, ConfigError

__version__ = "0.1.0"
__all__ = ("Config", "ConfigError", "Tunnel")


def __getattr__(name):
    """Load the tunnel when it is asked for: tools on the host want the configuration alone."""
    if name == "Tunnel":
        from .tunnel import Tunnel

        return Tunnel
    raise AttributeError(name)
