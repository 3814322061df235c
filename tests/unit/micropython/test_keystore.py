# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
"""The private key apart from wg.json: read, made once, never replaced."""

import builtins
import os
import sys

from expect import equal, raises
from faults import PRIVATE, PUBLIC, sample
from wireguard import config, keys, keystore


def _without_key(**interface):
    data = sample()
    data["interface"].pop("private_key")
    data["interface"].update(interface)
    return config.load(data)


def _printed(function, *arguments):
    """(what it answers, what it prints)."""
    lines = []
    real, builtins.print = builtins.print, lines.append
    try:
        return function(*arguments), lines
    finally:
        builtins.print = real


def _write(path, text):
    with open(path, "w") as file:
        file.write(text)


def test_a_key_in_wg_json_is_left_alone():
    read = config.load(sample())
    assert keystore.complete(read) is read
    equal(keys.encode(read.private_key), PRIVATE)
    equal(os.listdir("."), [])


def test_a_missing_key_is_made_once_and_its_public_key_printed():
    first, printed = _printed(keystore.complete, _without_key())
    equal(printed[0], "WireGuard: new private key in file 'private.key'")
    public = keys.encode(keys.public(first.private_key))
    equal(printed[1:], ["WireGuard: the server needs its public key: " + public])
    with open("private.key") as file:
        equal(file.read(), keys.encode(first.private_key) + "\n")
    again, printed = _printed(keystore.complete, _without_key())
    equal((again.private_key, printed), (first.private_key, []))
    equal(os.listdir("."), ["private.key"])


def test_a_file_of_wg_genkey():
    _write("my.key", PRIVATE + "\n")
    read = keystore.complete(_without_key(private_key_file="my.key"))
    equal(keys.encode(read.private_key), PRIVATE)


def test_a_broken_file_is_named_and_kept():
    for text in ("", "YAnz5TF", PRIVATE[:-1], "\xff\xfe"):
        _write("my.key", text)
        error = raises(
            config.ConfigError, keystore.complete, _without_key(private_key_file="my.key")
        )
        assert str(error).startswith("interface.private_key_file: 'my.key' is not a key: "), error
        assert "YAnz" not in str(error)
        with open("my.key") as file:
            equal(file.read(), text)


def test_what_cannot_be_read_or_written_is_no_missing_key():
    os.mkdir("directory")
    raises(OSError, keystore.complete, _without_key(private_key_file="directory"))
    raises(OSError, keystore.complete, _without_key(private_key_file="nowhere/my.key"))


def test_the_key_is_checked_against_the_peers():
    _write("private.key", PUBLIC + "\n")
    error = raises(config.ConfigError, keystore.complete, _without_key())
    assert str(error).startswith("peers[0].public_key: is the private key of this interface")


class NVS:
    """As esp32.NVS."""

    stored = {}
    committed = 0

    def __init__(self, namespace):
        equal(namespace, "wireguard")

    def get_blob(self, key, buffer):
        if key == "broken":
            raise OSError(-0x1105, "ESP_ERR_NVS_NO_FREE_PAGES")
        if key not in self.stored:
            raise OSError(-0x1102, "ESP_ERR_NVS_NOT_FOUND")
        data = self.stored[key]
        buffer[: len(data)] = data
        return len(data)

    def set_blob(self, key, data):
        assert len(key) <= 15
        self.stored[key] = bytes(data)

    def commit(self):
        NVS.committed += 1


def test_nvs():
    error = raises(config.ConfigError, keystore.complete, _without_key(private_key_nvs="k"))
    equal(str(error), "interface.private_key_nvs: there is no NVS here; use 'private_key_file'")
    sys.modules["esp32"] = module = type("esp32", (), {"NVS": NVS})
    assert module
    read, printed = _printed(keystore.complete, _without_key(private_key_nvs="k"))
    equal(printed[0], "WireGuard: new private key in nvs 'k'")
    equal(NVS.stored["k"].decode().strip(), keys.encode(read.private_key))
    equal(NVS.committed, 1)
    again = keystore.complete(_without_key(private_key_nvs="k"))
    equal((again.private_key, NVS.committed), (read.private_key, 1))
    raises(OSError, keystore.complete, _without_key(private_key_nvs="broken"))
    assert "broken" not in NVS.stored
    equal(os.listdir("."), [])
