# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors

"""wgpy pair: two sides that fit, made together, with nothing secret on the screen."""

import ipaddress
import json
import os
import shlex
import stat

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from support.screen import scan
from wgpy import keys
from wgpy.cli import main
from wgpy.configuration import check, conf, pair, pitfalls

ENDPOINT = "vpn.my-server.net"
SERVER = keys.genkey()
SERVER_CONF = f"""[Interface]
PrivateKey = {SERVER}
Address = 10.0.0.1/24, fd00::1/64
ListenPort = 4500
PostUp = iptables -A FORWARD -i %i -j ACCEPT

[Peer]
PublicKey = {keys.pubkey(keys.genkey())}
AllowedIPs = 10.0.0.2/32, fd00::2/128, 10.0.0.8/29
"""


def wgpy(*arguments, input=None, **how):
    return CliRunner().invoke(main, ["pair", *map(str, arguments)], input=input, **how)


def good(result):
    assert result.exit_code == 0, result.output
    return result


def read(path):
    assert stat.S_IMODE(os.stat(path).st_mode) == 0o600
    return json.loads(path.read_text())


def warnings(data):
    found = pitfalls.findings(check.load(data), data)
    return [f.path for f in found if f.level == pitfalls.WARNING]


def sections(text):
    """The [Peer] sections of a server's text, as in wg.json."""
    interface = f"[Interface]\nPrivateKey = {SERVER}\nAddress = 10.0.0.1/24\n"
    return conf.to_json(text if "[Interface]" in text else interface + text)[0]["peers"]


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


KNOWN = ("--server-key", keys.pubkey(SERVER), "--endpoint", ENDPOINT, "--address", "10.0.0.7/24")


def test_a_server_that_is_known(here):
    result = good(wgpy(*KNOWN, "--name", "Kitchen", "--wifi", "Net", input="the password\n"))
    data = read(here / "wg.json")
    private = data["interface"]["private_key"]
    peer = data["peers"][0]
    assert peer["public_key"] == keys.pubkey(SERVER)
    assert (peer["endpoint"], peer["allowed_ips"]) == (f"{ENDPOINT}:51820", ["10.0.0.0/24"])
    assert warnings(data) == []
    text = result.output[result.output.index("[Peer]") : result.output.index("Or at once")]
    assert "# Kitchen" in text
    assert sections(text) == [{"public_key": keys.pubkey(private), "allowed_ips": ["10.0.0.7/32"]}]
    line = next(line for line in result.output.splitlines() if line.startswith("wg set"))
    assert shlex.split(line)[3:] == [
        "peer", keys.pubkey(private), "allowed-ips", "10.0.0.7/32"
    ]  # fmt: skip
    assert private not in result.output and "the password" not in result.output


def test_a_preshared_key_is_in_both_files_and_on_no_screen(here):
    result = good(wgpy(*KNOWN, "--psk"))
    shared = read(here / "wg.json")["peers"][0]["preshared_key"]
    assert (here / "wg.psk").read_text() == shared + "\n"
    assert stat.S_IMODE(os.stat(here / "wg.psk").st_mode) == 0o600
    assert shared not in result.output and "preshared-key wg.psk" in result.output


def test_the_private_key_beside_wg_json(here):
    good(wgpy(*KNOWN, "--key-file"))
    key = (here / "private.key").read_text().strip()
    data = read(here / "wg.json")
    assert data["interface"]["private_key_file"] == "private.key"
    assert "private_key" not in data["interface"] and key not in (here / "wg.json").read_text()
    result = good(wgpy(*KNOWN, "--key-file", "--force"))  # the same device: the same key
    assert (here / "private.key").read_text().strip() == key
    assert keys.pubkey(key) in result.output
    good(wgpy(*KNOWN, "--key-file", "-o", "other.json"))  # another device: another key
    assert (here / "other.key").read_text().strip() != key
    assert read(here / "other.json")["interface"]["private_key_file"] == "other.key"


def test_a_server_whose_file_is_here(here):
    path = here / "wg1.conf"
    path.write_text(SERVER_CONF)
    arguments = ("--server-conf", path, "--endpoint", ENDPOINT)
    result = good(wgpy(*arguments))
    data = read(here / "wg.json")
    assert data["interface"]["address"] == ["10.0.0.3/24", "fd00::3/64"]
    assert data["peers"][0]["public_key"] == keys.pubkey(SERVER)
    assert data["peers"][0]["endpoint"] == f"{ENDPOINT}:4500"
    assert data["peers"][0]["allowed_ips"] == ["10.0.0.0/24", "fd00::/64"]
    assert path.read_text() == SERVER_CONF and "wg set wg1 peer" in result.output
    assert SERVER not in result.output
    for number in (3, 4, 5, 6, 7, 16):  # .8 to .15 are the first peer's
        result = good(wgpy(*arguments, "--append", "--psk", "-o", f"{number}.json"))
        data = read(here / f"{number}.json")
        assert data["interface"]["address"][0] == f"10.0.0.{number}/24"
        last = sections(path.read_text())[-1]
        assert last["public_key"] == keys.pubkey(data["interface"]["private_key"])
        assert last["preshared_key"] == data["peers"][0]["preshared_key"]
        assert last["preshared_key"] not in result.output
    assert path.read_text().startswith(SERVER_CONF)
    assert stat.S_IMODE(os.stat(path).st_mode) == 0o600


def test_a_new_server(here):
    result = good(
        wgpy("--new-server", "--endpoint", ENDPOINT, "--nat", "eth0", "--all", "--psk",
             "--network", "10.5.0.0/16", "--network", "fd05::/64", "--port", 4500)
    )  # fmt: skip
    data = read(here / "wg.json")
    assert data["interface"]["address"] == ["10.5.0.2/16", "fd05::2/64"]
    assert data["peers"][0]["allowed_ips"] == ["0.0.0.0/0", "::/0"]
    assert data["peers"][0]["endpoint"] == f"{ENDPOINT}:4500"
    text = (here / "wg0.conf").read_text()
    assert stat.S_IMODE(os.stat(here / "wg0.conf").st_mode) == 0o600
    server, notes = conf.to_json(text)
    assert server["interface"]["address"] == ["10.5.0.1/16", "fd05::1/64"]
    assert keys.pubkey(server["interface"]["private_key"]) == data["peers"][0]["public_key"]
    (peer,) = server["peers"]
    assert peer["allowed_ips"] == ["10.5.0.2/32", "fd05::2/128"]
    assert peer["preshared_key"] == data["peers"][0]["preshared_key"]
    for secret in (server["interface"]["private_key"], peer["preshared_key"]):
        assert secret not in result.output
    assert "4500/udp" in result.output and "wg-quick@wg0" in result.output
    again = wgpy("--new-server", "--endpoint", ENDPOINT, "-o", "other.json")
    assert again.exit_code == 1 and "wg0.conf exists" in again.stderr
    assert not (here / "other.json").exists() and (here / "wg0.conf").read_text() == text


def test_a_phone_calls_the_device(here):
    result = good(wgpy("--phone", "--endpoint", "2001:db8::7", "--psk"))
    data = read(here / "wg.json")
    assert data["interface"]["listen_port"] == 51820
    assert "endpoint" not in data["peers"][0]
    (text,) = scan(result.output)
    phone, _ = conf.to_json(text)
    assert phone["peers"][0]["endpoint"] == "[2001:db8::7]:51820"
    assert phone["peers"][0]["public_key"] == keys.pubkey(data["interface"]["private_key"])
    assert keys.pubkey(phone["interface"]["private_key"]) == data["peers"][0]["public_key"]
    assert phone["peers"][0]["preshared_key"] == data["peers"][0]["preshared_key"]
    assert phone["interface"]["address"] == ["10.48.0.2/24"]
    assert data["peers"][0]["allowed_ips"] == ["10.48.0.2/32"]


@pytest.mark.parametrize(
    "arguments, status, message",
    [
        ((), 2, "name the other side"),
        (("--phone", "--new-server"), 2, "name the other side"),
        (("--phone",), 2, "--endpoint is missing"),
        (("--server-key", "x" * 44, "--endpoint", "a"), 1, "--server-key: key is not the correct"),
        (("--server-key", keys.pubkey(SERVER), "--endpoint", "a"), 2, "--address is missing"),
        ((*KNOWN[:3], "http://a b", *KNOWN[4:]), 1, "--endpoint http://a b"),
        ((*KNOWN, "--address", "10.0.0.300/24"), 1, "10.0.0.300/24"),
        ((*KNOWN, "--allowed-ips", "10.0.0.0/33"), 1, "prefix length over 32"),
        (("--server-conf", "none.conf", "--endpoint", "a"), 1, "none.conf: No such file"),
        (("--new-server", "--endpoint", "a", "--network", "10.0.0.0/31"), 1, "no room"),
        (("--new-server", "--endpoint", "a", "--network", "lan"), 1, "lan is no network"),
        (("--new-server", "--endpoint", "a", "--nat", "e; rm x"), 1, "no name of a network"),
    ],
)
def test_mistakes_leave_nothing_behind(here, arguments, status, message):
    result = wgpy(*arguments)
    assert result.exit_code == status, result.output
    assert message in result.stderr
    assert os.listdir(here) == []


def test_an_existing_wg_json_is_kept(here):
    (here / "wg.json").write_text("mine")
    result = wgpy(*KNOWN)
    assert result.exit_code == 1 and "--force" in result.stderr
    assert (here / "wg.json").read_text() == "mine"


@settings(deadline=None)
@given(st.ip_addresses(v=4), st.integers(24, 30), st.lists(st.integers(0, 255), max_size=300))
def test_a_free_address_is_free(address, prefix, taken):
    own = ipaddress.ip_interface(f"{address}/{prefix}")
    others = [f"{own.network.network_address + i % own.network.num_addresses}/32" for i in taken]
    server = pair.Server("", [str(own)], taken=others)
    free = set(own.network.hosts()) - {own.ip} - {ipaddress.ip_network(o)[0] for o in others}
    if not free:
        with pytest.raises(pair.PairError, match="no free address"):
            pair.free_addresses(server)
        return
    assert pair.free_addresses(server) == [f"{min(free)}/{prefix}"]
