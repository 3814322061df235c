# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors

"""Is a wg.json valid? The device's own code says so, the curve's part included."""

import importlib
from pathlib import Path

from .. import device_crypto, keys
from ..device_code import ConfigError
from ..device_code import config as device_config


def load(source: dict, path: Path | None = None):
    """The device's Config of a wg.json. Raises the device's ConfigError.

    path  where wg.json is: a private key that is in a file is looked for beside it
    """
    device_crypto.install()
    config = device_config.load(source)
    file = key_file(config, path) if path else None
    if file:
        try:
            key = keys.decode(file.read_text(encoding="utf-8").strip())
        except (keys.KeyFormatError, UnicodeDecodeError):
            raise ConfigError(
                f"interface.private_key_file: '{file.name}' is not a key; remove it, and the "
                "board makes one"
            ) from None
        device_config.set_private_key(config, key)
    if config.private_key is not None:
        importlib.import_module("wireguard.curve").check(config)
    return config


def key_file(config, path: Path) -> Path | None:
    """The file beside the wg.json at path that has its private key, if it is there."""
    if not config.key_source or config.key_source[0] != "file":
        return None
    file = path.parent / config.key_source[1].lstrip("/")
    return file if file.is_file() else None


def public_key(config) -> str | None:
    """The device's public key; None if its private key is on the board."""
    if config.private_key is None:
        return None
    return keys.pubkey(keys.encode(config.private_key))
