# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors

"""The device's own package `wireguard`, loaded on this computer: one code, one verdict.

    from .device_code import config, ip

`config` and `ip` need nothing; what does cryptography needs `device_crypto` in place first.
"""

import importlib
import importlib.util
import sys
from pathlib import Path

DIRECTORY = Path(__file__).resolve().parents[1] / "lib/wireguard"


def _load():
    if "wireguard" not in sys.modules:
        spec = importlib.util.spec_from_file_location(
            "wireguard", DIRECTORY / "__init__.py", submodule_search_locations=[str(DIRECTORY)]
        )
        sys.modules["wireguard"] = module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)


_load()
config = importlib.import_module("wireguard.config")
ip = importlib.import_module("wireguard.ip")
show = importlib.import_module("wireguard.show")
ConfigError = config.ConfigError
