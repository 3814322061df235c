# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors

"""Is a wg.json valid? The device's own code says so, the curve's part included."""

import base64
import importlib

from . import device_crypto, keys
from .device_code import config as device_config


def load(source: dict):
    """The device's Config of a wg.json. Raises the device's ConfigError."""
    device_crypto.install()
    config = device_config.load(source)
    if config.private_key is not None:
        importlib.import_module("wireguard.curve").check(config)
    return config


def public_key(config) -> str | None:
    """The device's public key; None if its private key is on the board."""
    if config.private_key is None:
        return None
    return keys.pubkey(base64.b64encode(config.private_key).decode())
