# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
"""JSON and the values in it, each named by its path: what `config` is read with.

A value that could be a key in the wrong place is never shown.
"""

import json

from . import ip, keys


class ConfigError(ValueError):
    """What is wrong in a configuration, as one line for a person."""


def read_json(path):
    text = "{"  # of a file that is no text
    try:
        with open(path) as file:
            text = file.read()
    except OSError:
        raise ConfigError("{}: cannot be read; copy it to the board".format(path)) from None
    except UnicodeError:
        pass
    try:
        if _is_closed(text):
            return json.loads(text)
    except ValueError:
        pass  # CPython's carries the document, and with it the keys: leave it behind
    raise ConfigError("{}: is not JSON; look for a missing comma, quote or bracket".format(path))


def _is_closed(text):
    """True if all brackets are closed. MicroPython's parser takes half a file for a whole one."""
    depth = 0
    quoted = escaped = False
    for c in text:
        if escaped:
            escaped = False
        elif c == "\\":
            escaped = True
        elif c == '"':
            quoted = not quoted
        elif quoted:
            continue
        elif c in "[{":
            depth += 1
        elif c in "]}":
            depth -= 1
    return depth == 0 and not quoted


def join(path, key):
    key = "".join([c if c >= " " else "?" for c in key])  # whatever it is: one line
    return path + "." + key if path else key


def object_of(value, path, known):
    """`value` if it is a dict with known keys only."""
    if not isinstance(value, dict):
        raise ConfigError("{}is not an object; write {{...}}".format(path + ": " if path else ""))
    for key in sorted(value):
        if key in known:
            continue
        spelled = _plain(key)
        for candidate in known:
            if _plain(candidate) == spelled:
                raise ConfigError("{}: unknown key; write '{}'".format(join(path, key), candidate))
        raise ConfigError(
            "{}: unknown key; known here: {}".format(join(path, key), ", ".join(known))
        )
    return value


def _plain(key):
    return key.lower().replace("_", "").replace("-", "").replace(" ", "")


def optional_object(top, key, known):
    value = top.get(key)
    return None if value is None else object_of(value, key, known)


def required_of(section, path, key):
    value = section.get(key)
    if value is None:
        raise ConfigError("{}: is missing".format(join(path, key)))
    return value


def items(section, path, key, required=False):
    """[(path, value)] of a key that takes one value or a list of them."""
    value = required_of(section, path, key) if required else section.get(key)
    path = join(path, key)
    if value is None:
        return []
    if not isinstance(value, list):
        return [(path, value)]
    return [("{}[{}]".format(path, i), item) for i, item in enumerate(value)]


def checked(path, value, parse, what):
    if not isinstance(value, str):
        raise ConfigError("{}: {}, not a text".format(path, _kind(value)))
    try:
        return parse(value)
    except ValueError as error:
        fault = "give several as a list" if "," in value else str(error)
    if len(value) >= 43:  # it could be a key in the wrong place, and keys are not shown
        raise ConfigError("{}: is not {}: {}".format(path, what, fault))
    raise ConfigError("{}: '{}' is not {}: {}".format(path, value, what, fault))


def _kind(value):
    """What JSON calls the type of `value`; the value itself could be a secret."""
    if value is None:
        return "is null"
    if isinstance(value, bool):
        return "is true or false"
    if isinstance(value, (int, float)):
        return "is a number"
    if isinstance(value, str):
        return "is a text"
    return "is a list" if isinstance(value, list) else "is an object"


def network_of(path, value):
    return checked(path, value, ip.parse_network, "a network")


def key_of(section, path, key):
    value = required_of(section, path, key)
    try:
        return keys.decode(value)
    except ValueError as error:
        hint = "" if key == "preshared_key" else "; 'wg genkey' and 'wg pubkey' make them"
        raise ConfigError("{}: {}{}".format(join(path, key), error, hint)) from None


def integer_of(section, path, key, lowest, highest, default):
    value = section.get(key)
    if value is None:
        return default
    if not isinstance(value, int) or isinstance(value, bool):
        raise ConfigError("{}: {}, not a whole number".format(join(path, key), _kind(value)))
    if not lowest <= value <= highest:
        raise ConfigError(
            "{}: {} is not between {} and {}".format(join(path, key), value, lowest, highest)
        )
    return value
