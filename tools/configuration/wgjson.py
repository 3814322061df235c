# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors

"""wg.json on this computer: read by the device's rules, written for its owner only."""

import json
import sys
from pathlib import Path

import click

from ..console import fail, out
from ..device_code import ConfigError, config
from ..files import read_text, write_config
from . import check

# What a .conf and a server know nothing of. It survives when the rest of a wg.json is replaced.
_LOCAL = ("$schema", "wifi", "lan", "ping")


def read(path: Path) -> dict:
    """The wg.json at path, or the end of the command with a message if it is not valid."""
    try:
        data = load(path)
        config.load(data)
    except ConfigError as e:
        fail(f"{path}: {e}", f"Mend it, then: wgpy check {path}")
    return data


def with_key(data: dict, path: Path) -> dict:
    """data with the private key from the file beside path, if that is where it is."""
    file = check.key_file(config.load(data), path)
    if not file:
        return data
    kept = {k: v for k, v in data["interface"].items() if k != "private_key_file"}
    kept["private_key"] = read_text(file).strip()
    try:
        config.load(data | {"interface": kept})
    except ConfigError as e:
        fail(f"{file}: {e}", "Mend it, or remove it and the board makes a new one.")
    return data | {"interface": kept}


def load(path: Path) -> dict:
    """The JSON at path. Raises ConfigError if there is none."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except OSError as e:
        raise ConfigError(f"cannot be read: {e.strerror}") from None
    except ValueError as e:  # its message is a place in the text, but its document is the text
        place = str(e) if isinstance(e, json.JSONDecodeError) else "not UTF-8"
        raise ConfigError(f"is not JSON: {place}") from None


def write(path: Path, data: dict, force: bool, ssid: str | None = None):
    """Write the tunnel of data to path, or end the command: an existing file needs force.

    ssid asks for the password of that Wi-Fi. What path says of wifi, lan and ping stays.
    """
    merged = dict(data)
    if path.exists():
        if not force:
            fail(f"{path} exists", "Name another file with -o, or replace it with --force.")
        merged |= _local(path)
    if ssid is not None:
        merged.pop("lan", None)
        merged["wifi"] = wifi(ssid)
    try:
        config.load(merged)
        write_config(path, merged)
    except ConfigError as e:
        fail(str(e))
    except OSError as e:
        fail(f"{path} cannot be written: {e.strerror}", "Name another file with -o.")
    if "wifi" not in merged and "lan" not in merged:
        out.print('  no network yet: give --wifi NAME, or write "wifi" into the file')


def _local(path):
    try:
        old = load(path)
    except ConfigError:
        return {}
    if "SampleKey" in str(old):
        return {}  # the sample's network is nobody's
    return {key: old[key] for key in _LOCAL if isinstance(old, dict) and key in old}


def wifi(ssid: str) -> dict:
    """The wifi section: its password asked for, or the first line of standard input."""
    if sys.stdin.isatty():
        password = click.prompt(f"Password of '{ssid}'", hide_input=True, default="", err=True)
    else:
        password = sys.stdin.readline().rstrip("\r\n")
    if not password:
        out.print(f"  no password: '{ssid}' is taken for an open network", markup=False)
        return {"ssid": ssid}
    return {"ssid": ssid, "password": password}
