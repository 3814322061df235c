# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors

"""A stranger's way: a .conf from a server, import, check, deploy, run, ping; and their mistakes.

The board is the device on the host with an empty flash, at the end of a serial port.
"""

import json
import re

import pytest
from support.command_line import wgpy
from wgpy import keys

SERVER = "192.168.4.1"  # what main.py pings if wg.json says nothing: the first of AllowedIPs
WIFI = ("Home", "correct horse")


class Stranger:
    """Somebody with a .conf, a board and no idea."""

    def __init__(self, gateway, directory, board):
        if gateway.namespace:
            gateway.add_address(SERVER, 32)  # boringtun answers for every address
        self.config = gateway.config()
        self.own = self.config["interface"]["private_key"]
        self.conf, self.wg = directory / "board.conf", directory / "wg.json"
        prefix = gateway.namespace.prefix if gateway.namespace else ()
        self.board = board(prefix=prefix, environment={"WG_HOST_WIFI": ":".join(WIFI)})
        self.board.expect(">>> ")

    def write_conf(self, **changes):
        """The file that the server's admin sends; changes: keys with other values."""
        interface, (peer,) = self.config["interface"], self.config["peers"]
        values = {
            "PrivateKey": self.own,
            "Address": interface["address"][0],
            "PublicKey": peer["public_key"],
            "Endpoint": peer["endpoint"],
            "AllowedIPs": peer["allowed_ips"][0],
            "PersistentKeepalive": 25,
        } | changes
        lines = [f"{key} = {value}" for key, value in values.items()]
        lines.insert(0, "[Interface]")
        lines.insert(lines.index(next(x for x in lines if x.startswith("PublicKey"))), "[Peer]")
        self.conf.write_text("\n".join(lines) + "\n")

    def wgpy(self, *arguments, status=0, **options):
        return wgpy(*arguments, status=status, secrets=(self.own, WIFI[1]), **options)

    def import_(self, status=0, password=WIFI[1]):
        return self.wgpy(
            "import", self.conf, "-o", self.wg, "--wifi", WIFI[0], "--force",
            status=status, input=password + "\n",
        )  # fmt: skip

    def check(self, status=0):
        return self.wgpy("check", self.wg, status=status)

    def deploy(self, status=0):
        return self.wgpy("deploy", self.wg, "--port", self.board.port, status=status)

    def doctor(self, status=0):
        return self.wgpy("doctor", "--port", self.board.port, status=status)

    def run(self):
        """mpremote run main.py, whatever comes of it."""
        return self.board.mpremote("run", self.board.flash / "main.py")

    def everything(self):
        """All steps, after a mistake is mended. They must succeed."""
        self.import_()
        self.check()
        self.deploy()
        assert f"bytes from {SERVER}" in self.run()


@pytest.fixture
def stranger(tmp_path, board):
    return lambda gateway: Stranger(gateway, tmp_path, board)


def test_from_a_conf_to_a_ping(stranger, gateway):
    s = stranger(gateway)
    s.write_conf()
    s.import_()
    assert json.loads(s.wg.read_text())["wifi"]["ssid"] == WIFI[0]
    assert "is valid" in s.check()
    assert "/wg.json" in s.deploy()
    said = s.run()
    assert len(re.findall(rf"^\d+ bytes from {SERVER}: ", said, re.M)) == 5, said
    assert "0% packet loss" in said and "latest handshake" in said
    assert s.own not in said
    said = s.doctor()
    assert said.count("✓") == 10 and "✗" not in said, said


def test_the_server_in_need_of_its_key_is_told_by_doctor(stranger, boringtun):
    """A wrong public key of the server: everybody is silent, only the doctor is not."""
    s = stranger(boringtun)
    wrong = keys.pubkey(keys.genkey())
    s.write_conf(PublicKey=wrong)
    s.import_()
    s.check()
    s.deploy()
    said = s.doctor(status=1)
    assert "none was answered" in said and wrong in said
    assert keys.pubkey(s.own) in said, "what the server must know"
    s.write_conf()
    s.everything()


def test_a_key_cut_short_in_the_conf(stranger, boringtun):
    s = stranger(boringtun)
    s.write_conf(PublicKey=s.config["peers"][0]["public_key"][:-5])
    said = s.import_(status=1)
    assert "line 5: peers[0].public_key" in said and "39 characters" in said
    assert not s.wg.exists()
    s.write_conf()
    s.everything()


def test_a_slip_in_wg_json(stranger, boringtun):
    s = stranger(boringtun)
    s.write_conf()
    s.import_()
    text = s.wg.read_text()
    s.wg.write_text(text.replace("192.168.4.0/24", "192.168.4.0/42"))
    for said in (s.check(status=1), s.deploy(status=1)):
        assert "peers[0].allowed_ips" in said and "prefix length over 32" in said
    assert not (s.board.flash / "wg.json").exists()
    s.wg.write_text(text)
    s.deploy()
    assert f"bytes from {SERVER}" in s.run()


def test_ones_own_public_key_as_the_servers(stranger, boringtun):
    s = stranger(boringtun)
    s.write_conf(PublicKey=keys.pubkey(s.own))
    s.import_(status=0)
    said = s.check(status=1)
    assert "peers[0].public_key" in said and "own" in said
    s.write_conf()
    s.everything()


def test_a_wrong_wifi_password(stranger, boringtun):
    s = stranger(boringtun)
    s.write_conf()
    s.import_(password="wrong horse")
    s.check()
    s.deploy()
    said = s.doctor(status=1)
    assert f"'{WIFI[0]}' refuses the password" in said and "wifi.password" in said
    s.everything()


def test_a_wrong_port(stranger, boringtun, relay):
    s = stranger(boringtun)
    way = relay(boringtun)
    closed = way.port
    way.close()
    s.write_conf(Endpoint=f"10.0.2.2:{closed}")
    s.import_()
    s.check()
    s.deploy()
    said = s.doctor(status=1)
    assert "nothing listens on that port" in said and "ListenPort" in said
    s.write_conf()
    s.everything()
