# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors

"""The schema of wg.json and the device are of one mind, and its reference is not stale."""

import json
import re
import sys
from pathlib import Path

import jsonschema
import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from support import configs
from wgpy.cli import main
from wgpy.configuration import schema
from wgpy.device_code import ConfigError, config
from wireguard import uplink  # as device_code has loaded it

sys.path.insert(0, str(Path(__file__).parents[1] / "unit/micropython"))
from faults import FAULTS, sample  # noqa: E402

ROOT = Path(__file__).parents[2]
SCHEMA = schema.load()
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)

# What one key cannot know of another, which a schema cannot say.
BETWEEN_KEYS = re.compile(
    r"""peers\[\d+\]\.public_key:\ is\ that\ of\ peers
      | peers\[\d+\]\.allowed_ips\[\d+\]:\ .*\ a\ network\ has\ one\ peer
      | peers(\[\d+\])?\.public_key:\ is\ the\ private\ key
      | peers(\[\d+\])?\.preshared_key:\ is\ another\ key
      | wifi\.ssid:\ is\ not\ a\ network\ name    # it counts bytes, a schema characters
      """,
    re.X,
)


def verdict(data):
    """None if the device takes it, else its message."""
    try:
        config.load(data)
    except ConfigError as error:
        return str(error)
    return None


def agree(data):
    message = verdict(data)
    errors = list(VALIDATOR.iter_errors(data))
    if message is None:
        assert not errors, errors[0].message
    elif not errors:
        assert BETWEEN_KEYS.match(message), message


def test_it_is_a_schema():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


def test_it_has_the_keys_of_the_device_and_a_description_of_each():
    known = {
        "": uplink.TOP,
        "interface": config._INTERFACE,
        "peer": config._PEER,
        "wifi": uplink._WIFI,
        "lan": uplink._LAN,
        "ping": config._PING,
    }
    for name, keys in known.items():
        section = SCHEMA["$defs"][name] if name else SCHEMA
        assert set(section["properties"]) == set(keys)
        for value in section["properties"].values():
            assert value.get("description") or value["$ref"] == "#/$defs/interface"


relaxed = settings(deadline=None, suppress_health_check=list(HealthCheck))


@relaxed
@given(configs.by_hand())
def test_what_is_written_by_its_rules_is_valid(data):
    assert not list(VALIDATOR.iter_errors(data))
    message = verdict(data)
    assert message is None or BETWEEN_KEYS.match(message), message


texts = (
    st.text(max_size=5)
    | st.from_regex(re.compile(r"[0-9.:a-fA-F\[\]/%]{0,30}", re.A), fullmatch=True)
    | configs.networks()
    | configs.endpoints()
    | configs.addresses
    | configs.keys
    | configs.hooks
)
values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-1, 70000)
    | st.floats(allow_nan=False, allow_infinity=False).filter(lambda f: not f.is_integer())
    | texts
    | texts.flatmap(lambda t: st.sampled_from([t + "\n", " " + t, t + ",", t + "/", t.upper()])),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(config._INTERFACE + config._PEER + ("x",)), inner)
    ),
    max_leaves=4,
)


@st.composite
def spoilt(draw):
    """A configuration with something else in one place, or a place too many."""
    data = draw(configs.by_hand())
    place, key = data, draw(st.sampled_from(uplink.TOP[:5] + ("$schema", "x")))
    for _ in range(draw(st.integers(0, 3))):
        inner = place.get(key) if isinstance(place, dict) else place[key]
        if isinstance(inner, dict):
            known = {"interface": config._INTERFACE, "wifi": uplink._WIFI, "ping": config._PING}
            known = known.get(key, uplink._LAN if key == "lan" else config._PEER)
            place, key = inner, draw(st.sampled_from(tuple(known) + ("x",)))
        elif isinstance(inner, list) and inner:
            place, key = inner, draw(st.integers(0, len(inner) - 1))
    if key != "$schema":
        place[key] = draw(values)
    return data


@settings(relaxed, max_examples=150)
@given(spoilt())
@example(sample() | {"lan": {}, "wifi": {"ssid": "both"}})
def test_the_device_and_the_schema_agree(data):
    agree(data)


@settings(relaxed, max_examples=150)
@given(texts)
@example("1:2:3:4:5:6:7::")
@example("::1.2.3.4/128")
@example("1:2:3:4:5:6:7:8::")
@example("host:00080")
@example("1.2.3.4.5:80")
@example("[::1]x:80")
def test_they_agree_on_every_text(text):
    for place in ("address", "dns", "post_up"):
        data = sample()
        data["interface"][place] = text
        agree(data)
    for place in ("endpoint", "allowed_ips", "public_key", "preshared_key"):
        data = sample()
        data["peers"][0][place] = text
        agree(data)


@pytest.mark.parametrize(("change", "message"), FAULTS)
def test_it_knows_the_faults(change, message):
    data = sample()
    change(data)
    assert list(VALIDATOR.iter_errors(data)) or BETWEEN_KEYS.match(message)


def test_the_sample_names_it_and_is_valid():
    data = json.loads((ROOT / "wg.json").read_text())
    assert (ROOT / data["$schema"]).resolve() == schema.PATH.resolve()
    VALIDATOR.validate(data)


def test_the_reference_is_not_stale():
    made = CliRunner().invoke(main, ["schema", "--markdown"]).output
    kept = (ROOT / "docs/wg-json.md").read_text()
    assert made == kept, "make it anew: wgpy schema --markdown > docs/wg-json.md"
    example = json.loads(re.search(r"```json\n(.*?)```", kept, re.S)[1])
    config.load(example)
    VALIDATOR.validate(example)


def test_the_command_prints_it():
    assert json.loads(CliRunner().invoke(main, ["schema"]).output) == SCHEMA
