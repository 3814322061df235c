# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors

"""WireGuard for MicroPython."""

from collections.abc import Callable
from typing import Any

from .config import Config as Config
from .config import ConfigError as ConfigError
from .tunnel import Tunnel as Tunnel
from .tunnel import tunnels as tunnels

__version__: str
__all__: list[str]

def doctor(
    config: str | dict[str, Any] | Config = "wg.json",
    report: Callable[[str, str, str, str], object] | None = None,
) -> bool:
    """Look step by step where the tunnel of `config` fails, and say what to do. True if it works.

    report   function(step, verdict, text, advice) instead of printing
    """
