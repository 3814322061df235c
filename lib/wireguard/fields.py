# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
"""JSON and the values in it, each named by its path: what `config` is read with.

A value that could be a key in the wrong place is never shown.
"""

import json

from . import keys


class ConfigError(ValueError):
    """What is wrong in a configuration, as one line for a person."""


def fault(path, text):
    return ConfigError("{}: {}".format(path, text) if path else text)


def read_json(path):
    text = "{"  # of a file that is no text
    try:
        with open(path) as file:
            text = file.read()
    except OSError:
        raise fault(path, "cannot be read; copy it to the board") from None
    except UnicodeError:
        pass
    try:
        if _is_closed(text):
            return json.loads(text)
    except ValueError:
        pass  # CPython's carries the document, and with it the keys: leave it behind
    raise fault(path, "is not JSON; look for a missing comma, quote or bracket")


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


class Section:
    """An object in the JSON, at `path`, whose keys are among the `known` ones. null is nothing."""

    def __init__(self, values, path, known):
        if not isinstance(values, dict):
            raise fault(path, "is not an object; write {...}")
        self._values = values
        self._path = path
        for key in sorted(values):
            if key not in known:
                raise self.fault(key, _unknown(key, known))

    def fault(self, key, text):
        """The ConfigError about the value of a key."""
        return fault(self._at(key), text)

    def _at(self, key):
        key = "".join([c if c >= " " else "?" for c in key])  # whatever it is: one line
        return self._path + "." + key if self._path else key

    def get(self, key):
        return self._values.get(key)

    def required(self, key):
        value = self.get(key)
        if value is None:
            raise self.fault(key, "is missing")
        return value

    def section(self, key, known):
        """The Section below a key, or None."""
        value = self.get(key)
        return None if value is None else Section(value, self._at(key), known)

    def integer(self, key, lowest, highest, default=None):
        value = self.get(key)
        if value is None:
            return default
        if not isinstance(value, int) or isinstance(value, bool):
            raise self.fault(key, "is {}, not a whole number".format(_kind(value)))
        if not lowest <= value <= highest:
            raise self.fault(key, "{} is not between {} and {}".format(value, lowest, highest))
        return value

    def curve_key(self, key):
        """32 bytes."""
        value = self.required(key)
        try:
            return keys.decode(value)
        except ValueError as error:
            hint = "" if key == "preshared_key" else "; 'wg genkey' and 'wg pubkey' make them"
            raise self.fault(key, "{}{}".format(error, hint)) from None

    def items(self, key):
        """[(path, value)] of a key that takes one value or a list of them."""
        value = self.get(key)
        path = self._at(key)
        if value is None:
            return []
        if not isinstance(value, list):
            return [(path, value)]
        return [("{}[{}]".format(path, i), item) for i, item in enumerate(value)]

    def text(self, key, parse, what):
        """What `parse` makes of a text, or None; its ValueError says what is wrong."""
        value = self.get(key)
        return None if value is None else _parsed(self._at(key), value, parse, what)

    def texts(self, key, parse, what):
        """The same of each of the `items`."""
        return [_parsed(path, value, parse, what) for path, value in self.items(key)]


def _unknown(key, known):
    for candidate in known:
        if _plain(candidate) == _plain(key):
            return "unknown key; write '{}'".format(candidate)
    return "unknown key; known here: {}".format(", ".join(known))


def _plain(key):
    return key.lower().replace("_", "").replace("-", "").replace(" ", "")


def _parsed(path, value, parse, what):
    if not isinstance(value, str):
        raise fault(path, "is {}, not a text".format(_kind(value)))
    try:
        return parse(value)
    except ValueError as error:
        reason = "give several as a list" if "," in value else str(error)
    shown = "'{}' ".format(value) if len(value) < 43 else ""  # as long as a key, it could be one
    raise fault(path, "{}is not {}: {}".format(shown, what, reason))


def _kind(value):
    """What JSON calls the type of `value`; the value itself could be a secret."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, (int, float)):
        return "a number"
    if isinstance(value, str):
        return "a text"
    return "a list" if isinstance(value, list) else "an object"
