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
    from .tunnel import Tunnel, tunnels  # noqa: F401

    __all__.extend(("Tunnel", "doctor", "tunnels"))


def doctor(config="wg.json", report=None):
    """Look step by step where the tunnel of `config` fails, and say what to do. True if it works.

    report   function(step, verdict, text, advice) instead of printing
    """
    from .diagnosis import Diagnosis  # only now: a board that is well never loads it

    return Diagnosis(config, report).run()
