# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors

"""The network below the tunnel in wg.json."""

from typing import Any

def section(source: str | dict[str, Any]) -> tuple[str | None, Any]:
    """("wifi" or "lan", its dict), or (None, None). ConfigError."""

def interface(kind: str) -> Any:
    """The network interface that boot.py has set up."""
