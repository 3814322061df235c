# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
"""The private key apart from wg.json, in a file or in NVS, so that wg.json can be shared.

A key that is not there yet is made, stored and its public key printed: it never leaves the board.
"""

import errno
import os

from _wireguard import wipe
from micropython import const

from . import config as _config
from . import keys
from .config import ConfigError

_NVS_NAMESPACE = "wireguard"
_NOT_FOUND = const(-0x1102)  # ESP_ERR_NVS_NOT_FOUND, as an errno


def complete(config):
    """`config` with its private key read from where it is, or made. ConfigError, OSError."""
    if config.private_key is not None:
        return config
    kind, name = config.key_source
    path = "interface.private_key_" + kind
    store = _File(name) if kind == "file" else _nvs(name, path)
    text = store.load()
    if text is None:
        drawn = keys.generate()
        key = bytes(drawn)
        wipe(drawn)
        store.save(keys.encode(key) + "\n")
        print("WireGuard: new private key in {} '{}'".format(kind, name))
        print("WireGuard: the server needs its public key: " + keys.encode(keys.public(key)))
    else:
        try:
            key = keys.decode(text.strip())
        except ValueError as error:
            raise ConfigError(
                "{}: '{}' {}; remove it, and a new one is made".format(path, name, error)
            ) from None
    _config.set_private_key(config, key)
    return config


class _File:
    """One line of base64, as from `wg genkey`. A power cut leaves no half a key."""

    def __init__(self, path):
        self._path = path

    def load(self):
        """Its text, None if there is none. Any other error than that is raised: a new key in
        place of one that cannot be read now would lock the board out."""
        try:
            with open(self._path) as file:
                return file.read()
        except UnicodeError:
            return ""
        except OSError as error:
            if error.errno != errno.ENOENT:
                raise
            return None

    def save(self, text):
        new = self._path + ".new"
        with open(new, "w") as file:
            file.write(text)
        os.rename(new, self._path)


def _nvs(name, path):
    try:
        from esp32 import NVS
    except ImportError:
        raise ConfigError(path + ": there is no NVS here; use 'private_key_file'") from None
    return _Nvs(NVS(_NVS_NAMESPACE), name)


class _Nvs:
    """The same line in the ESP32's non-volatile storage: a new file system does not lose it."""

    def __init__(self, nvs, name):
        self._nvs = nvs
        self._name = name

    def load(self):
        data = bytearray(64)
        try:
            size = self._nvs.get_blob(self._name, data)
        except OSError as error:
            if error.errno != _NOT_FOUND:
                raise
            return None
        return bytes(data[:size]).decode()

    def save(self, text):
        self._nvs.set_blob(self._name, text.encode())
        self._nvs.commit()
