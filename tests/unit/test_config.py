# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors

"""wg.json: the messages of all faults, and addresses against Python's own `ipaddress`.

The same module runs on the device and in the tools of the host; here it runs on the host, and
micropython/test_config.py repeats the faults on the device.
"""

import base64
import ipaddress
import json
import string
import sys
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "lib"))
sys.path.insert(0, str(Path(__file__).parent / "micropython"))

from faults import FAULTS, sample  # noqa: E402
from wireguard import config, ip, keys, uplink  # noqa: E402


def strict(parse, text):
    try:
        return parse(text)
    except ValueError:
        return None


addresses = st.ip_addresses().map(str) | st.text(string.hexdigits + ".:/ %", max_size=45)


@given(addresses)
def test_addresses_as_ipaddress_reads_them(text):
    expected = strict(ipaddress.ip_address, text)
    actual = strict(ip.parse, text)
    if "%" in text:  # zones have no meaning for a tunnel
        assert actual is None
        return
    assert actual == (expected.packed if expected else None)


@given(st.ip_addresses())
def test_addresses_are_written_as_rfc_5952_says(address):
    expected = str(address)
    if getattr(address, "ipv4_mapped", None):  # newer Pythons write these with dots
        expected = str(ipaddress.ip_address(ip.format(address.packed)))
    assert ip.format(address.packed) == expected
    assert ip.parse(ip.format(address.packed)) == address.packed


@given(st.ip_addresses(), st.integers(0, 128))
def test_networks_as_ipaddress_cuts_them(address, prefix):
    prefix = min(prefix, address.max_prefixlen)
    network = ipaddress.ip_network((address, prefix), strict=False)
    packed, length = ip.parse_network(f"{address}/{prefix}")
    assert (ip.mask(packed, length), length) == (network.network_address.packed, prefix)
    if prefix <= address.max_prefixlen - 2:
        assert ip.first_host(str(network[0]), prefix) == ip.format(
            (network.network_address + 1).packed
        )
    else:
        assert ip.parse(ip.first_host(str(network[0]), prefix)) in [a.packed for a in network]


@given(st.ip_addresses(), st.text(string.digits + "+-_ /", max_size=4))
def test_prefixes_are_plain_numbers(address, prefix):
    plain = prefix.isascii() and prefix.isdigit() and str(int(prefix)) == prefix
    good = plain and int(prefix) <= address.max_prefixlen
    assert (strict(ip.parse_network, f"{address}/{prefix}") is not None) == good


@given(st.binary(min_size=32, max_size=32))
def test_keys_as_base64_writes_them(key):
    text = base64.b64encode(key).decode()
    assert keys.encode(key) == text
    assert keys.decode(text) == key


@given(st.text(string.ascii_letters + string.digits + "+/=-_\n ", min_size=42, max_size=45))
def test_only_canonical_keys_are_read(text):
    key = strict(keys.decode, text)
    assert key is None or base64.b64encode(key).decode() == text


hosts = st.from_regex(r"[a-z][a-z0-9-]{0,20}(\.[a-z]{2,5})?", fullmatch=True)


@given(hosts | st.ip_addresses(), st.integers(1, 65535))
def test_endpoints(host, port):
    written = f"[{host}]" if isinstance(host, ipaddress.IPv6Address) else str(host)
    expected = host if isinstance(host, str) else ip.format(host.packed)
    assert config.parse_endpoint(f"{written}:{port}") == (expected, port)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=6,
)
places = st.sampled_from(
    [
        ["interface"], ["peers"], ["wifi"], ["lan"], ["ping"],
        ["interface", "private_key"], ["interface", "address"], ["interface", "dns"],
        ["interface", "mtu"], ["interface", "listen_port"],
        ["peers", 0], ["peers", 0, "public_key"], ["peers", 0, "preshared_key"],
        ["peers", 0, "endpoint"], ["peers", 0, "allowed_ips"],
        ["peers", 0, "persistent_keepalive"],
    ]
)  # fmt: skip


@given(places, json_values)
@example(place=["interface"], value={"\n": None})
def test_any_value_anywhere_is_read_or_refused_in_one_line(place, value):
    data = sample()
    target = data
    for key in place[:-1]:
        target = target[key]
    target[place[-1]] = value
    try:
        config.load(data)
    except config.ConfigError as error:
        assert "\n" not in str(error)


@pytest.mark.parametrize(("change", "message"), FAULTS)
def test_fault(change, message):
    data = sample()
    change(data)
    with pytest.raises(config.ConfigError) as caught:
        config.load(data)
    assert str(caught.value) == message


@pytest.mark.parametrize("place", ["private_key", "preshared_key", "endpoint", "password"])
def test_no_message_shows_a_secret(place):
    secret = keys.encode(bytes(range(32)))
    data = sample()
    if place == "private_key":
        data["interface"][place] = secret + "x"
    elif place == "password":
        data["wifi"] = {"ssid": "net", "password": [secret]}
    else:
        data["peers"][0][place] = secret[:-1]
    with pytest.raises(config.ConfigError) as caught:
        config.load(data)
    assert secret[:10] not in str(caught.value)
    assert caught.value.__cause__ is None


def test_a_file_that_is_not_json_or_not_there(tmp_path):
    path = tmp_path / "wg.json"
    with pytest.raises(config.ConfigError, match="cannot be read"):
        config.load(str(path))
    path.write_text(json.dumps(sample())[:-3])
    with pytest.raises(config.ConfigError, match="is not JSON") as caught:
        config.load(str(path))
    assert caught.value.__context__ is None


def test_the_sample_configuration():
    sample = config.load(str(ROOT / "wg.json"))
    assert sample.addresses == [("192.168.4.48", 24), ("fd04::48", 64)]
    assert sample.peers[0].endpoint == ("vpn.example.org", 58120)
    assert sample.peers[0].persistent_keepalive == 25
    assert sample.ping == {"host": "192.168.4.254", "count": 5}


def test_defaults_and_single_values():
    read = config.load(sample())
    assert (read.mtu, read.listen_port, read.dns) == (None, 0, [])
    assert read.addresses == [("10.0.0.2", 24)]
    assert read.peers[0].preshared_key is None
    assert read.peers[0].persistent_keepalive == 0
    assert read.ping == {"host": "10.0.0.1", "count": 5}


def test_ping_host_is_behind_the_peer():
    data = sample()
    data["peers"][0]["allowed_ips"] = ["0.0.0.0/0", "192.168.7.128/25"]
    assert config.load(data).ping["host"] == "192.168.7.129"
    data["peers"][0]["allowed_ips"] = ["0.0.0.0/0", "::/0"]
    assert config.load(data).ping["host"] == "10.0.0.1"


def test_ping_host_of_a_provider_is_its_name_server():
    data = sample()
    data["peers"][0]["allowed_ips"] = ["0.0.0.0/0", "::/0"]
    data["interface"]["address"] = ["10.64.1.2/32", "fd00::2/128"]
    assert config.load(data).ping["host"] == "10.64.1.2"  # nothing tells
    data["interface"]["dns"] = "10.64.0.1"
    assert config.load(data).ping["host"] == "10.64.0.1"
    data["interface"]["address"] = ["10.64.1.2/32", "fd00::2/64"]
    assert config.load(data).ping["host"] == "fd00::1"


def test_network_section_ignores_the_tunnel():
    data = {"interface": "broken", "wifi": {"ssid": "net", "password": "long enough"}}
    assert uplink.section(data) == ("wifi", data["wifi"])
    assert uplink.section({"lan": {"mdc": 23}}) == ("lan", {"mdc": 23})
    assert uplink.section({}) == (None, None)
