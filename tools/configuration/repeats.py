# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors

"""Keys that a JSON file has twice. Every reader takes the last one and says nothing.

Python's reader tells the keys of an object without their lines, so the text is gone through here.
It has been read as JSON before: what is no token cannot be.
"""

import json
import re
from collections.abc import Iterator

from .pitfalls import WARNING, Finding

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s{}\[\],:"]+')


def findings(text: str) -> Iterator[Finding]:
    """A warning for each key of valid JSON that its object has had before."""
    for path, line, first in _repeated(text):
        yield Finding(
            WARNING,
            path,
            f"line {line} says it again, after line {first}: a board takes the last one",
            "Leave one of them.",
        )


def _repeated(text) -> Iterator[tuple[str, int, int]]:
    """(path, its line, the line before) of keys that are there again."""
    places = []  # of the objects and lists that are open: (its path, {key: line} or next index)
    here, key = "", None  # the path of the value that comes next; a text that may be a key
    for token in _TOKEN.finditer(text):
        what = token[0]
        if what == "{":
            places.append((here, {}))
        elif what == "[":
            places.append((here, [0]))
            here += "[0]"
        elif what in "}]":
            places.pop()
        elif what == ":":
            path, seen = places[-1]
            here = f"{path}.{key}" if path else key
            line = text.count("\n", 0, token.start()) + 1
            if key in seen:
                yield here, line, seen[key]
            seen[key] = line
        elif what == "," and isinstance(places[-1][1], list):
            path, index = places[-1]
            index[0] += 1
            here = f"{path}[{index[0]}]"
        elif what[0] == '"':
            key = json.loads(what, strict=False)
