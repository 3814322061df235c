# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors

"""wgpy check: the device's verdict, the routes, and every pitfall that it knows."""

import copy
import json
import socket
import struct
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from support.device import ROOT
from wgpy import keys
from wgpy.cli import main
from wgpy.configuration import check, online, pitfalls, repeats, routes
from wgpy.device_code import ConfigError

sys.path.insert(0, str(Path(__file__).parents[1] / "unit/micropython"))
from faults import FAULTS, sample  # noqa: E402

PRIVATE = keys.genkey()
SERVER = keys.genkey()
while keys.decode(keys.pubkey(SERVER))[0] & 7 == 0:  # or it would look like a private one
    SERVER = keys.genkey()

UNCLAMPED = keys.encode(b"\x07" + bytes(range(31)))

GOOD = {
    "interface": {"private_key": PRIVATE, "address": ["10.0.0.2/24", "fd00::2/64"]},
    "peers": [
        {
            "public_key": keys.pubkey(SERVER),
            "endpoint": "vpn.my-server.net:51820",
            "allowed_ips": ["10.0.0.0/24", "fd00::/64"],
            "persistent_keepalive": 25,
        }
    ],
    "wifi": {"ssid": "Net", "password": "the password"},
}


def wgpy(*arguments):
    return CliRunner().invoke(main, list(map(str, arguments)))


def changed(**changes):
    """GOOD with changes: names with __ for dots, `peer` for the first peer; None removes."""
    data = copy.deepcopy(GOOD)
    for name, value in changes.items():
        *path, key = name.split("__")
        target = data
        for part in path:
            target = data["peers"][0] if part == "peer" else target[part]
        if value is None:
            del target[key]
        else:
            target[key] = value
    return data


def findings(data):
    return pitfalls.findings(check.load(data), data)


@pytest.mark.parametrize(("change", "message"), FAULTS)
def test_the_verdict_is_the_devices(change, message):
    data = sample()
    change(data)
    with pytest.raises(ConfigError) as caught:
        check.load(data)
    assert str(caught.value) == message


def test_what_only_the_curve_tells():
    with pytest.raises(ConfigError, match="is this interface's own; give the other side's"):
        check.load(changed(peer__public_key=keys.pubkey(PRIVATE)))
    with pytest.raises(ConfigError, match="low-order point"):
        check.load(changed(peer__public_key=keys.encode(bytes(32))))


def test_a_good_one_has_no_findings():
    assert findings(GOOD) == []


SECOND = {
    "public_key": keys.pubkey(keys.genkey()),
    "endpoint": "192.0.2.1:1",
    "persistent_keepalive": 25,
}


@pytest.mark.parametrize(
    "changes, path, text",
    [
        ({"interface__private_key": None}, "interface.private_key", "in the file 'private.key'"),
        ({"interface__private_key": UNCLAMPED}, "interface.private_key", "is it a public key?"),
        (
            {"interface__private_key": keys.pubkey(SERVER), "peer__public_key": PRIVATE},
            "interface.private_key",
            "look mixed up",
        ),
        (
            {"peer__public_key": "SampleKeyOfTheGatewayReplaceWithYourOwnKeyA="},
            "peers[0].public_key",
            "is the sample's",
        ),
        (
            {"interface__address": ["10.0.0.0/24", "fd00::2/64"]},
            "interface.address[0]",
            "is the network's address",
        ),
        (
            {"peer__allowed_ips": ["10.0.9.0/24", "fd00::/64"]},
            "interface.address[0]",
            "the gateway too, is in no peer's allowed_ips",
        ),
        ({"peers": []}, "peers", "leads nowhere"),
        ({"peer__allowed_ips": []}, "peers[0].allowed_ips", "is empty"),
        (
            {"peer__allowed_ips": ["10.0.0.2/32", "fd00::/64"]},
            "peers[0].allowed_ips[0]",
            "this device's own address",
        ),
        ({"peer__endpoint": None}, "peers[0].endpoint", "neither side finds the other"),
        ({"peer__persistent_keepalive": None}, "peers[0].persistent_keepalive", "behind NAT"),
        ({"peer__persistent_keepalive": "off"}, "peers[0].persistent_keepalive", "behind NAT"),
        ({"peer__endpoint": "127.0.0.1:1"}, "peers[0].endpoint", "no address of a server"),
        ({"peer__endpoint": "localhost:1"}, "peers[0].endpoint", "the board itself"),
        ({"peer__endpoint": "vpn.example.org:1"}, "peers[0].endpoint", "an example's name"),
        ({"peer__endpoint": "10.0.0.1:51820"}, "peers[0].endpoint", "inside the tunnel"),
        ({"ping": {"host": "10.0.0.2"}}, "ping.host", "is the device itself"),
        ({"ping": {"host": "10.9.9.9"}}, "ping.host", "would ping outside the tunnel"),
        ({"interface__dns": ["10.0.0.1", "8.8.8.8"]}, "interface.dns[1]", "outside the tunnel"),
        ({"interface__dns": "10.1.0.1"}, "interface.dns[0]", "mostly leads nowhere"),
        ({"interface__dns": ["10.0.0.1"] * 4}, "interface.dns[3]", "a board has three"),
        ({"interface__mtu": 1440}, "interface.mtu", "1440 is too big: the tunnel adds 80 bytes"),
        (
            {"interface__mtu": 1441, "peer__endpoint": "192.0.2.1:1"},
            "interface.mtu",
            "the tunnel adds 60 bytes",
        ),
        (
            {"interface__address": ["10.0.0.2/24"]},
            "interface.address",
            "has no IPv6 address, and allowed_ips have IPv6",
        ),
        ({"peer__allowed_ips": ["0.0.0.0/0", "fd00::/64"]}, "peers", "IPv6 does not"),
        (
            {"peer__allowed_ips": ["10.0.0.0/24", "10.0.0.7/32", "fd00::/64"]},
            "peers[0].allowed_ips",
            "10.0.0.7/32 is in 10.0.0.0/24 already",
        ),
        (
            {"peers": GOOD["peers"] + [SECOND | {"allowed_ips": ["10.0.0.64/26"]}]},
            "peers[1].allowed_ips",
            "10.0.0.64/26 overlaps 10.0.0.0/24 of peers[0]",
        ),
        (
            {"peer__allowed_ips": ["10.0.0.0/24", "fd00::/64", "192.168.1.0/24"]},
            "peers[0].allowed_ips",
            "many home routers",
        ),
        (
            {"peer__allowed_ips": ["10.0.0.0/24", "fd00::/64", "192.168.178.0/24"]},
            "peers[0].allowed_ips",
            "many home routers",
        ),
        ({"interface__post_up": "my.lamp.on"}, "interface.post_up", "needs my/lamp.py"),
        ({"wifi": None}, "wifi", "joins no network, main.py sets no clock"),
        ({"wifi": {"ssid": "Your network"}}, "wifi.ssid", "is the sample's"),
    ],
)
def test_a_pitfall(changes, path, text):
    matching = [f for f in findings(changed(**changes)) if f.path == path and text in f.text]
    assert len(matching) == 1, findings(changed(**changes))


def test_a_host_address_and_everything_through_the_tunnel():
    """As commercial providers hand out: nothing says who the gateway is."""
    data = changed(interface__address="10.64.0.7/32", peer__allowed_ips="0.0.0.0/0")
    assert {f.path for f in findings(data)} == {"ping.host", "peers"}


def test_other_mtus_are_good():
    assert not findings(changed(interface__mtu=1420))
    assert not findings(changed(interface__mtu=1440, peer__endpoint="192.0.2.1:1"))


def test_the_routes_in_words():
    data = changed(peer__allowed_ips=["0.0.0.0/0", "10.0.0.0/24"])
    second = SECOND | {"allowed_ips": ["10.0.0.64/26"], "endpoint": "[2001:db8::1]:7"}
    data["peers"].append(second)
    config = check.load(data)
    assert routes.explain(config) == [
        ("10.0.0.64/26", "tunnel, to peers[1], [2001:db8::1]:7"),
        ("10.0.0.0/24", "tunnel, to peers[0], vpn.my-server.net:51820"),
        ("Wi-Fi's own network", "Wi-Fi: it is more specific than /0"),
        ("all other IPv4", "tunnel, to peers[0], vpn.my-server.net:51820"),
        ("all other IPv6", "Wi-Fi, outside the tunnel"),
        ("the tunnel's own UDP packets", "Wi-Fi, always"),
    ]
    assert routes.peer_of(config, "10.0.0.65") == 1
    assert routes.peer_of(config, "fd00::1") is None


def write(tmp_path, data, mode=0o600):
    path = tmp_path / "wg.json"
    path.write_text(json.dumps(data))
    path.chmod(mode)
    return path


def test_the_command(tmp_path):
    path = write(tmp_path, GOOD)
    result = wgpy("check", path, "--strict")
    assert result.exit_code == 0, result.output
    assert keys.pubkey(PRIVATE) in result.output
    for secret in (PRIVATE, "the password"):
        assert secret not in result.output
    path.chmod(0o644)
    result = wgpy("check", path)
    assert result.exit_code == 0 and f"chmod 600 {path}" in result.output
    assert wgpy("check", path, "--strict").exit_code == 1


def test_the_command_on_what_is_not_valid(tmp_path):
    path = write(tmp_path, changed(peer__allowed_ips=["10.0.0.0/24", "10.0.0.0/33"]))
    result = wgpy("check", path)
    assert result.exit_code == 1
    message = "peers[0].allowed_ips[1]: '10.0.0.0/33' is not a network: prefix length over 32"
    assert message in result.stderr
    path.write_text('{"interface": {"private_key": "' + PRIVATE + '",}}')
    result = wgpy("check", path)
    assert result.exit_code == 1 and "is not JSON" in result.stderr and "line 1" in result.stderr
    assert PRIVATE not in result.output
    result = wgpy("check", tmp_path / "none.json")
    assert result.exit_code == 1 and "No such file" in result.stderr


def test_a_key_that_is_there_twice(tmp_path):
    path = tmp_path / "wg.json"
    text = json.dumps(GOOD, indent=2)
    line = next(n for n, t in enumerate(text.splitlines(), 1) if '"endpoint"' in t)
    path.write_text(
        text.replace('"endpoint"', '"endpoint": "a.my-server.net:1",\n"endpoint"')
        .replace('"wifi": {', '"wifi": {"ssid": "Old", ')
        .replace('"interface"', '"peers": [],\n  "interface"')
    )
    said = wgpy("check", path).output
    last = next(
        n for n, t in enumerate(path.read_text().splitlines(), 1) if '"peers": [' in t and n > 2
    )
    for key, again, first in (("peers[0].endpoint", line + 2, line + 1), ("peers", last, 2)):
        assert f"! {key}: line {again} says it again, after line {first}" in said, said
    assert "! wifi.ssid: line" in said
    assert wgpy("check", tmp_path / "wg.json", "--strict").exit_code == 1


@settings(deadline=None, max_examples=50)
@given(
    st.recursive(
        st.none() | st.integers() | st.floats(allow_nan=False) | st.booleans() | st.text(),
        lambda inner: st.lists(inner) | st.lists(st.tuples(st.text(max_size=2), inner)),
        max_leaves=20,
    )
)
def test_all_that_is_there_twice_is_found(value):
    """Lists of pairs are objects; Python's reader knows their repeated keys, but no lines."""
    number = 0

    def write(value):
        if isinstance(value, list) and value and all(isinstance(v, tuple) for v in value):
            return "{" + ",\n".join(f"{json.dumps(k)}: {write(v)}" for k, v in value) + "}"
        if isinstance(value, list):
            return "[" + ", ".join(map(write, value)) + "]"
        return json.dumps(value)

    def count(pairs):
        nonlocal number
        number += len(pairs) - len(dict(pairs))
        return dict(pairs)

    text = write(value)
    json.loads(text, object_pairs_hook=count)
    assert len(list(repeats.findings(text))) == number


def test_a_private_key_in_a_file_beside_it(tmp_path):
    data = changed(interface__private_key=None)
    data["interface"]["private_key_file"] = "my.key"
    path = write(tmp_path, data)
    result = wgpy("check", path)
    assert "made on the board" in result.output and "in the file 'my.key'" in result.output
    key = tmp_path / "my.key"
    key.write_text(PRIVATE + "\n")
    key.chmod(0o644)
    result = wgpy("check", path)
    assert result.exit_code == 0, result.output
    assert keys.pubkey(PRIVATE) in result.output and f"chmod 600 {key}" in result.output
    assert PRIVATE not in result.output
    key.write_text(keys.encode(keys.decode(data["peers"][0]["public_key"])))
    result = wgpy("check", path)
    assert result.exit_code == 1 and "peers[0].public_key: is the private key" in result.stderr
    key.write_text(PRIVATE[:-1])
    result = wgpy("check", path)
    assert result.exit_code == 1
    assert "interface.private_key_file: 'my.key' is not a key" in result.stderr
    assert PRIVATE[:20] not in result.output


def test_the_sample_is_valid_and_said_to_be_one():
    result = wgpy("check", ROOT / "wg.json")
    assert result.exit_code == 0
    assert result.output.count("is the sample's") == 3
    assert "an example's name" in result.output


# online


def local(gateway):
    """Its wg.json as from this computer."""
    data = gateway.config()
    data["peers"][0]["endpoint"] = f"127.0.0.1:{gateway.port}"
    return data


@pytest.fixture
def ntp(monkeypatch):
    """No test asks the world for the time."""
    offsets = [0.0]
    monkeypatch.setattr(online, "clock_offset", lambda: offsets[0])
    return offsets


def test_a_server_that_knows_the_device_answers_again_and_again(tmp_path, boringtun, ntp):
    path = write(tmp_path, local(boringtun))
    for _ in range(2):
        result = wgpy("check", path, "--online")
        assert result.exit_code == 0, result.output
        assert "127.0.0.1 answered in" in result.output and "NTP answers" in result.output


def test_a_server_that_does_not_know_the_device_is_silent(tmp_path, boringtun, ntp, monkeypatch):
    original = online.handshake
    monkeypatch.setattr(
        online, "handshake", lambda *arguments: original(*arguments, tries=1, seconds=0.5)
    )
    data = local(boringtun)
    data["interface"]["private_key"] = PRIVATE
    ntp[0] = 3600.0
    result = wgpy("check", write(tmp_path, data), "--online")
    assert result.exit_code == 1
    assert "no answer from 127.0.0.1" in result.output
    assert keys.pubkey(PRIVATE) in result.output
    assert "clock is 3600 seconds off" in result.output


def test_nothing_listens_there(tmp_path, ntp):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind(("127.0.0.1", 0))
        endpoint = "127.0.0.1:%d" % taken.getsockname()[1]
    result = wgpy("check", write(tmp_path, changed(peer__endpoint=endpoint)), "--online")
    assert result.exit_code == 1 and "Connection refused" in result.output


def test_a_name_that_is_none(tmp_path, ntp, monkeypatch):
    def resolve(host, port):
        raise OSError(-2, "Name or service not known")

    monkeypatch.setattr(online, "resolve", resolve)
    result = wgpy("check", write(tmp_path, GOOD), "--online")
    assert result.exit_code == 1 and "no such name" in result.output


def test_the_test_is_earlier_than_any_board_and_later_than_the_last_test():
    now = time.time_ns()
    labels = [online._label(now + step) for step in (0, 16, 10**9, 365 * 86400 * 10**9)]
    assert labels == sorted(set(labels))
    board_without_a_clock = struct.pack(">QI", online._BASE + 946684800, 0)
    assert online._label(now + 100 * 365 * 86400 * 10**9) < board_without_a_clock


def test_a_board_is_taken_after_the_test_and_not_disturbed_by_it(
    device, tmp_path, wireguard_go, ntp
):
    """The same key here and there: the server keeps to whoever is later, which is the board."""
    data = wireguard_go.config()
    config = check.load(data)
    host, port = config.peers[0].endpoint
    space = wireguard_go.namespace

    def greet():
        """From inside the server's network namespace."""
        path = write(tmp_path, data)
        code = (
            "import json, sys; from wgpy.configuration import check, online;"
            "c = check.load(json.load(open(sys.argv[1])));"
            f"print(online.handshake(c, c.peers[0], ('127.0.0.1', {port}), 1, 2.0).what)"
        )
        command = [*space.prefix, sys.executable, "-c", code, str(path)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    assert greet() == "answered"
    run = device.start(None, data, namespace=space)
    run.wait_for(r"5 packets transmitted, 5 received", 60)
    assert greet() == "silent"
    run.type("from ping import ping; ping(host=tunnel.config('ping')['host'], count=2)\r")
    run.wait_for(r"2 packets transmitted, 2 received", 60)
