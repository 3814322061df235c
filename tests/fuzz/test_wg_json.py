# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
"""wg.json with anything in any place: a Config, or a ConfigError that shows no key.

The parser of .conf files has the like in tests/tools/test_conf.py.
"""

import copy
import os
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "lib"))
sys.path.insert(0, str(ROOT / "tests" / "unit" / "micropython"))

from faults import OTHER, PRIVATE, sample  # noqa: E402
from wireguard import config  # noqa: E402

pytestmark = pytest.mark.fuzz
EXAMPLES = 300 * int(os.environ.get("FUZZ_SECONDS", "2"))

full = sample() | {"wifi": {"ssid": "net", "password": "long enough"}, "ping": {"count": 3}}
full["peers"][0] |= {"endpoint": "host:1", "preshared_key": OTHER, "persistent_keepalive": 25}
full["interface"] |= {"dns": ["10.0.0.1"], "mtu": 1420, "listen_port": 1}

near = st.text("0123456789abcdef:./[]%-= \x00é", max_size=30)
leaves = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=50) | near
anything = st.recursive(
    leaves, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=6
)


def places(node, path=()):
    """Paths to all that is in a document, itself included."""
    yield path
    if isinstance(node, (dict, list)):
        for key in node if isinstance(node, dict) else range(len(node)):
            yield from places(node[key], (*path, key))


def put(document, path, value):
    if not path:
        return value
    *above, last = path
    for key in above:
        document = document[key]
    document[last] = value


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.sampled_from([p for p in places(full) if p]), anything, st.none() | st.text(max_size=9))
def test_anything_anywhere(path, value, key):
    document = copy.deepcopy(full)
    put(document, path, value)
    if key is not None and isinstance(document.get("interface"), dict):
        document["interface"][key] = value
    try:
        loaded = config.load(document)
    except config.ConfigError as error:
        assert PRIVATE not in str(error) and OTHER not in str(error)
    else:
        assert loaded.addresses and 0 <= loaded.listen_port < 65536


@settings(max_examples=EXAMPLES, deadline=None)
@given(anything)
def test_any_document(document):
    if isinstance(document, str):
        return  # a path
    with pytest.raises(config.ConfigError):
        config.load(document)
