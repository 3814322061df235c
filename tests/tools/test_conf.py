# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors

"""wgpy import and export: every key of wg-quick is carried over or named."""

import ipaddress
import json
import os
import shutil
import stat
import subprocess

import pytest
from click.testing import CliRunner
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from support import configs
from support.device import ROOT
from wgpy import keys
from wgpy.cli import main
from wgpy.configuration import conf
from wgpy.device_code import ConfigError, config

PRIVATE, PUBLIC = keys.genkey(), keys.pubkey(keys.genkey())
CONF = f"""
# a file as servers write them
[Interface]
PrivateKey = {PRIVATE}
Address = 10.0.0.2/24, fd00::2/64

[Peer]
PublicKey = {PUBLIC}
AllowedIPs = 10.0.0.0/24
Endpoint = vpn.example.org:51820
"""


def wgpy(*arguments, input=None):
    return CliRunner().invoke(main, list(map(str, arguments)), input=input)


def valid(data):
    try:
        return config.load(data)
    except ConfigError:
        return None


def meaning(data):
    """What the device makes of it, comparable."""
    read = config.load(data)
    return {**vars(read), "peers": [vars(peer) for peer in read.peers]}


@settings(deadline=None)
@given(configs.tunnels)
def test_export_and_import_is_the_same_configuration(data):
    assume(valid(data))
    text, notes = conf.from_json(data)
    again, more = conf.to_json(text)
    assert meaning(again) == meaning(data)
    assert not notes and not more


spaces = st.text(" \t", max_size=2)


@st.composite
def written(draw, data):
    """A .conf of data, in one of the ways in which wg-quick reads it. Also its keys."""
    lines, used = [], []

    def put(key, values):
        values = values if isinstance(values, list) else [values]
        if len(values) > 1 and draw(st.booleans()):
            for value in values:
                put(key, value)
            return
        key = draw(st.sampled_from([key, key.lower(), key.upper()]))
        joined = ("," + draw(spaces)).join(map(str, values))
        comment = draw(st.sampled_from(["", "# x = y, [Peer]", " #"]))
        lines.append(f"{draw(spaces)}{key}{draw(spaces)}={draw(spaces)}{joined}{comment}")

    def section(title, values, names):
        lines.append(draw(st.sampled_from([title, title.lower()])))
        lines.extend(draw(st.lists(st.sampled_from(["", "# nothing", "  "]), max_size=2)))
        for name, key in draw(st.permutations(list(names.items()))):
            if name in values and values[name] != []:
                put(key, values[name])
        for key in (
            draw(st.lists(st.sampled_from(extra), unique=True)) if title == INTERFACE else []
        ):
            put(key, "anything, $(at) %i; all")
            used.append(key)

    section(INTERFACE, data["interface"], INTERFACE_KEYS)
    for peer in data["peers"]:
        section("[Peer]", peer, PEER_KEYS)
    return "\n".join(lines), used


INTERFACE = "[Interface]"
INTERFACE_KEYS = {
    "private_key": "PrivateKey",
    "address": "Address",
    "listen_port": "ListenPort",
    "mtu": "MTU",
    "dns": "DNS",
}
PEER_KEYS = {
    "public_key": "PublicKey",
    "preshared_key": "PresharedKey",
    "allowed_ips": "AllowedIPs",
    "endpoint": "Endpoint",
    "persistent_keepalive": "PersistentKeepalive",
}
extra = ["FwMark", "Table", "SaveConfig", "PreUp", "PostUp", "PreDown", "PostDown"]


@settings(deadline=None)
@given(st.data())
def test_a_conf_written_in_any_way_is_carried_over_whole(draw):
    data = draw.draw(configs.tunnels)
    assume(valid(data))
    text, used = draw.draw(written(data))
    result, notes = conf.to_json(text)
    assert meaning(result) == meaning(data)
    assert sorted(note.what.split()[0].lower() for note in notes) == sorted(
        key.lower() for key in used
    )


@settings(deadline=None)
@given(st.text() | st.text("[]IPinterfacepeer=#\n ,./0123456789abcdef:", max_size=200))
def test_any_text_is_read_or_refused_in_one_line(text):
    try:
        conf.to_json(text)
    except conf.ConfError as error:
        assert "\n" not in str(error)


@pytest.mark.parametrize(
    "change, message",
    [
        (lambda t: "", "there is no [Interface]; is this a file of wg-quick?"),
        (lambda t: t.replace("[Peer]", "[Server]"), "line 7: unknown section"),
        (lambda t: "Address = 1.1.1.1\n" + t, "line 1: comes before [Interface]"),
        (lambda t: t.replace("Endpoint = ", "Endpoint "), "line 10: is no 'Key = value'"),
        (
            lambda t: t.replace("24, fd00::2/64", "33"),
            "line 5: interface.address[0]: '10.0.0.2/33' is not a network: prefix length over 32",
        ),
        (
            lambda t: t.replace("vpn.example.org:51820", "vpn.example.org"),
            "line 10: peers[0].endpoint: 'vpn.example.org' is not an endpoint: "
            "there is no port; write 'host:51820'",
        ),
        (
            lambda t: t.replace(PRIVATE, PRIVATE[:-1]),
            "line 4: interface.private_key: is not a key: 43 characters",
        ),
        (lambda t: t + "MTU = 1420", "line 11: 'MTU' is no key of [Peer]; it belongs to [Inter"),
        (
            lambda t: t + "PostUp = x",
            "line 11: 'PostUp' is no key of [Peer]; it belongs to [Inter",
        ),
        (lambda t: t.replace("Address", "Jc = 4\nAddress"), "line 5: 'Jc' is no key of [Inter"),
        (lambda t: t + "Endpont = a:1", "line 11: 'Endpont' is no key of [Peer] in wg-quick"),
        (lambda t: t + "PersistentKeepalive = often", "line 11: PersistentKeepalive needs a num"),
        (lambda t: t + "AllowedIPs = +10.0.1.0/24", "line 11: AllowedIPs with '+' or '-'"),
        (lambda t: t.replace("Address", "# Address"), "[Interface] has no Address: is it for wg"),
        (lambda t: t + "[Peer]\nAllowedIPs=::/0", "peers[1].public_key: is missing"),
    ],
)
def test_a_mistake_is_named_with_its_line(tmp_path, change, message):
    path = tmp_path / "wg0.conf"
    path.write_text(change(CONF))
    result = wgpy("import", path, "-o", tmp_path / "wg.json")
    assert result.exit_code == 1
    assert f"{path}: {message}" in result.stderr
    assert PRIVATE[:20] not in result.output and not (tmp_path / "wg.json").exists()


def test_import_names_what_it_leaves_out_and_shows_no_secret(tmp_path):
    path, output = tmp_path / "wg0.conf", tmp_path / "wg.json"
    secret = "PostUp = curl -u me:secret\nDNS = 10.0.0.1, home.arpa\nTable = 7\n"
    path.write_text(CONF.replace("Address", secret + "Address"))
    result = wgpy("import", path, "-o", output)
    assert result.exit_code == 0, result.output
    for part in ("PostUp", '"post_up": "module.function"', "DNS = home.arpa", "Table = 7"):
        assert part in result.stderr
    assert "secret" not in result.output and PRIVATE not in result.output
    assert f"wgpy check {output}" in result.output.replace("\n", "")
    data = json.loads(output.read_text())
    assert data["interface"]["dns"] == ["10.0.0.1"]
    assert stat.S_IMODE(os.stat(output).st_mode) == 0o600


def test_import_keeps_what_a_conf_cannot_say(tmp_path):
    path, output = tmp_path / "wg0.conf", tmp_path / "wg.json"
    path.write_text(CONF)
    ping = {"host": "10.0.0.9"}
    output.write_text(json.dumps({"ping": ping, "wifi": {"ssid": "old"}, "peers": 5}))
    result = wgpy("import", path, "-o", output)
    assert result.exit_code == 1 and "--force" in result.stderr
    result = wgpy("import", path, "-o", output, "--force")
    assert result.exit_code == 0, result.output
    data = json.loads(output.read_text())
    assert (data["wifi"], data["ping"], len(data["peers"])) == ({"ssid": "old"}, ping, 1)
    result = wgpy("import", path, "-o", output, "--force", "--wifi", "Net", input="the password\n")
    assert result.exit_code == 0, result.output
    data = json.loads(output.read_text())
    assert data["wifi"] == {"ssid": "Net", "password": "the password"}
    assert "the password" not in result.output


def test_an_open_wifi_is_said_to_be_one(tmp_path):
    given, output = tmp_path / "a.conf", tmp_path / "wg.json"
    given.write_text(CONF)
    result = wgpy("import", given, "-o", output, "--wifi", "Net", input="\n")
    assert result.exit_code == 0 and "'Net' is taken for an open network" in result.output
    assert json.loads(output.read_text())["wifi"] == {"ssid": "Net"}


def test_nothing_of_the_sample_is_kept(tmp_path):
    path, output = tmp_path / "wg0.conf", tmp_path / "wg.json"
    path.write_text(CONF)
    shutil.copy(ROOT / "wg.json", output)
    assert wgpy("import", path, "-o", output, "--force").exit_code == 0
    assert set(json.loads(output.read_text())) == {"interface", "peers"}


PEER = keys.pubkey(keys.genkey())
HANDED_OUT = {
    # As commercial providers and home routers write them, each in its own way.
    "carriage returns, a list without spaces, ::0/0, no line end": (
        f"[Interface]\r\n# Device: Brave Cat\r\nPrivateKey = {PRIVATE}\r\n"
        "Address = 10.64.0.5/32,fc00:bbbb:bbbb:bb01::1:4/128\r\nDNS = 10.64.0.1\r\n\r\n"
        f"[Peer]\r\nPublicKey = {PEER}\r\nAllowedIPs = 0.0.0.0/0,::0/0\r\n"
        "Endpoint = 198.51.100.68:51820",
        ["10.64.0.5/32", "fc00:bbbb:bbbb:bb01::1:4/128"], ["0.0.0.0/0", "::/0"], ["10.64.0.1"],
    ),
    "settings in comments": (
        f"[Interface]\n# Key for board\n# Bouncing = 5\n# NAT-PMP (Port Forwarding) = off\n"
        f"PrivateKey = {PRIVATE}\nAddress = 10.2.0.2/32\nDNS = 10.2.0.1\n\n"
        f"[Peer]\n# DE#1\nPublicKey = {PEER}\nAllowedIPs = 0.0.0.0/0\n"
        "Endpoint = 198.51.100.9:51820\n",
        ["10.2.0.2/32"], ["0.0.0.0/0"], ["10.2.0.1"],
    ),
    "a search domain in a second DNS, a dynamic name": (
        f"[Interface]\nPrivateKey = {PRIVATE}\nAddress = 192.168.178.201/24,fd12::201/64\n"
        "DNS = 192.168.178.1,fd12::1\nDNS = home.arpa\n\n"
        f"[Peer]\nPublicKey = {PEER}\nPresharedKey = {keys.genpsk()}\n"
        "AllowedIPs = 192.168.178.0/24,0.0.0.0/0,fd12::/64,::/0\n"
        "Endpoint = abcdefgh.dyn.my-server.net:51234\nPersistentKeepalive = 25\n",
        ["192.168.178.201/24", "fd12::201/64"],
        ["192.168.178.0/24", "0.0.0.0/0", "fd12::/64", "::/0"], ["192.168.178.1", "fd12::1"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", HANDED_OUT)
def test_a_conf_as_it_is_handed_out(tmp_path, kind):
    text, addresses, networks, servers = HANDED_OUT[kind]
    given = tmp_path / "provider.conf"
    given.write_text(text, newline="")
    result = wgpy("import", given, "-o", tmp_path / "wg.json")
    assert result.exit_code == 0, result.output
    loaded = config.load(str(tmp_path / "wg.json"))
    assert [f"{a}/{p}" for a, p in loaded.addresses] == addresses
    assert [f"{a}/{p}" for a, p in loaded.peers[0].allowed_ips] == networks
    assert list(loaded.dns) == servers
    assert wgpy("check", tmp_path / "wg.json").exit_code == 0


def test_import_from_standard_input_and_a_missing_file(tmp_path):
    result = wgpy("import", "-", "-o", tmp_path / "wg.json", input=CONF)
    assert result.exit_code == 0, result.output
    result = wgpy("import", tmp_path / "none.conf", "-o", tmp_path / "2.json")
    assert result.exit_code == 1 and "No such file" in result.stderr
    (tmp_path / "picture").write_bytes(b"\x89PNG\xff")
    result = wgpy("import", tmp_path / "picture", "-o", tmp_path / "2.json")
    assert result.exit_code == 1 and "is not a text" in result.stderr


def test_a_key_that_is_elsewhere(tmp_path):
    text = CONF.replace(f"PrivateKey = {PRIVATE}", "PostUp = wg set %i private-key /etc/key")
    data, notes = conf.to_json(text)
    assert "private_key" not in data["interface"]
    assert "private_key_file" in notes[0].why and "on first boot" in notes[1].why
    text, notes = conf.from_json(data)
    assert "PrivateKey =" not in text and notes[0].what == "PrivateKey"


def test_export_asks_where_to_and_writes_for_the_owner_only(tmp_path):
    wg, output = tmp_path / "wg.json", tmp_path / "wg0.conf"
    data, _ = conf.to_json(CONF)
    data["interface"]["post_up"] = "lamp.on"
    data["wifi"] = {"ssid": "Net", "password": "the password"}
    wg.write_text(json.dumps(data))
    result = wgpy("export", wg)
    assert result.exit_code == 2 and PRIVATE not in result.output
    result = wgpy("export", wg, "-o", output)
    assert result.exit_code == 0, result.output
    assert PRIVATE not in result.output and "the password" not in result.output
    assert "interface.post_up: lamp.on" in result.stderr and "wifi" in result.stderr
    assert stat.S_IMODE(os.stat(output).st_mode) == 0o600
    assert wgpy("export", wg, "-o", output).exit_code == 1
    assert wgpy("export", wg, "-o", "-").stdout == output.read_text()
    wg.write_text("{")
    result = wgpy("export", wg, "-o", "-")
    assert result.exit_code == 1 and "is not JSON" in result.stderr


def test_export_finds_the_key_in_the_file_beside(tmp_path):
    wg = tmp_path / "wg.json"
    data, _ = conf.to_json(CONF)
    del data["interface"]["private_key"]
    wg.write_text(json.dumps(data))
    assert "PrivateKey is on the board" in wgpy("export", wg, "-o", "-").stdout
    (tmp_path / "private.key").write_text(PRIVATE + "\n")
    result = wgpy("export", wg, "-o", "-")
    assert f"PrivateKey = {PRIVATE}" in result.stdout and "PrivateKey" not in result.stderr
    (tmp_path / "private.key").write_text("broken")
    result = wgpy("export", wg, "-o", "-")
    assert result.exit_code == 1 and "private.key: interface.private_key: is not" in result.stderr


@pytest.mark.skipif(
    not shutil.which("wg-quick") or os.geteuid() != 0, reason="wg-quick strip wants root"
)
def test_wg_quick_reads_what_is_exported(tmp_path):
    path = tmp_path / "wg0.conf"
    data, _ = conf.to_json(CONF.replace("Address", "MTU = 1400\nDNS = 10.0.0.1\nAddress"))
    data["peers"][0]["allowed_ips"] = ["10.0.0.0/24", "fd00::/64"]
    text, _ = conf.from_json(data)
    path.write_text(text)
    path.chmod(0o600)
    done = subprocess.run(["wg-quick", "strip", path], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    left = [line for line in done.stdout.splitlines() if line]
    assert left == [
        line for line in text.splitlines() if line and not line.startswith(("Ad", "MTU", "DNS"))
    ]


def test_addresses_are_canonical_at_the_device_only():
    data, _ = conf.to_json(CONF.replace("fd00::2/64", "FD00:0:0:0:0:0:0:2/64"))
    assert ipaddress.ip_interface(data["interface"]["address"][1]) == ipaddress.ip_interface(
        "fd00::2/64"
    )
