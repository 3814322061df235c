# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors

"""wireguard.doctor: each thing that goes wrong, made to go wrong, and found."""

import pytest
from support.dns import NameServer
from support.gateways import ADDRESS
from support.namespace import udp_socket
from wgpy import keys

DOCTOR = """
import wireguard
from testing import report
findings = []
def note(*finding):
    print(*finding)
    findings.append(finding)
sound = wireguard.doctor("wg.json", note)
report(sound=sound, findings=findings, left=len(wireguard.tunnels()))
"""
STEPS = ["wg.json", "Wi-Fi", "IP", "DNS", "clock", "endpoint", "handshake", "ping", "MTU"]


@pytest.fixture
def examine(device):
    """examine(config) -> {step: (verdict, text, advice)}, in order."""

    def examine(config, **options):
        options.setdefault("timeout", 110)
        options.setdefault("pinged", ["10.0.2.2"])  # the endpoint
        run = device.run(DOCTOR, config, **options)
        found = {step: tuple(rest) for step, *rest in run.result["findings"]}
        failed = [step for step, (verdict, *_) in found.items() if verdict == "failed"]
        assert run.result["sound"] == (not failed)
        assert run.result["left"] == 0, "the doctor's own tunnel stays up"
        assert failed == failed[:1] and failed in ([], list(found)[-1:]), "it ends where it fails"
        secrets = [config["interface"]["private_key"], (config.get("wifi") or {}).get("password")]
        assert not [s for s in secrets if s and s in run.output]
        return found

    return examine


def test_nothing_is_wrong(examine, gateway):
    found = examine(gateway.config(), namespace=gateway.namespace)
    assert list(found) == STEPS
    assert [v for v, *_ in found.values()] == ["ok"] * len(STEPS), found
    assert "1420 bytes pass" in found["MTU"][1]


def test_a_mistake_in_wg_json(examine, boringtun):
    config = boringtun.config()
    config["peers"][0]["allowed_ips"] = ["10.0.0.0/33"]
    found = examine(config, inside=[])
    assert "peers[0].allowed_ips[0]" in found["wg.json"][1]


def test_another_wifi(examine, boringtun, monkeypatch):
    monkeypatch.setenv("WG_HOST_WIFI", "The office:right horse")
    found = examine(boringtun.config())
    assert found["Wi-Fi"][:2] == ("failed", "'slirp' is not in sight; in sight: 'The office'")
    assert "wifi.ssid" in found["Wi-Fi"][2]


def test_a_wrong_wifi_password(examine, boringtun, monkeypatch):
    monkeypatch.setenv("WG_HOST_WIFI", "slirp:right horse")
    found = examine(boringtun.config())
    assert found["Wi-Fi"][:2] == ("failed", "'slirp' refuses the password")
    assert "wifi.password" in found["Wi-Fi"][2]


def test_dns_is_dead(examine, boringtun):
    config = boringtun.config()
    config["peers"][0]["endpoint"] = f"vpn.example.org:{boringtun.port}"
    with udp_socket("127.0.0.1", 0) as silent:
        found = examine(config, dns=silent.getsockname()[1])
    assert "10.0.2.3 does not answer" in found["DNS"][1]


def test_the_endpoints_name_is_wrong(examine, boringtun):
    config = boringtun.config()
    config["peers"][0]["endpoint"] = f"vqn.example.org:{boringtun.port}"
    names = {"vpn.example.org": "10.0.2.2", "pool.ntp.org": "192.0.2.1"}
    with NameServer(names) as server:
        found = examine(config, dns=server.port)
    assert "'vqn.example.org' has no address" in found["DNS"][1]


def test_an_endpoint_by_name(examine, boringtun):
    config = boringtun.config()
    config["peers"][0]["endpoint"] = f"vpn.example.org:{boringtun.port}"
    with NameServer({"vpn.example.org": "10.0.2.2"}) as server:
        found = examine(config, dns=server.port)
    assert list(found) == STEPS and "10.0.2.2" in found["endpoint"][1]


def test_nothing_listens_on_the_port(examine, boringtun):
    config = boringtun.config()
    with udp_socket("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
    config["peers"][0]["endpoint"] = f"10.0.2.2:{port}"
    found = examine(config)
    assert "nothing listens on that port" in found["answered"][1]
    assert "answers ping" in found["endpoint"][1]


@pytest.mark.parametrize("whose", ["server", "own"])
def test_a_wrong_key(examine, boringtun, whose):
    config = boringtun.config()
    own = keys.pubkey(config["interface"]["private_key"])
    if whose == "server":
        config["peers"][0]["public_key"] = keys.pubkey(keys.genkey())
    else:
        config["interface"]["private_key"] = keys.genkey()
        own = keys.pubkey(config["interface"]["private_key"])
    found = examine(config)
    assert "none was answered" in found["answered"][1]
    assert config["peers"][0]["public_key"] in found["answered"][2]
    assert own in found["answered"][2]


def test_the_preshared_keys_differ(examine, wireguard_go):
    wireguard_go.preshared_key(keys.genpsk())
    config = wireguard_go.config()
    config["peers"][0]["preshared_key"] = keys.genpsk()
    found = examine(config, namespace=wireguard_go.namespace)
    assert "answers, but with another key" in found["answered"][1]
    assert "peers[0].preshared_key" in found["answered"][2]


def test_a_host_that_is_not_there(examine, wireguard_go):
    config = wireguard_go.config()
    config["ping"]["host"] = "192.168.4.77"
    found = examine(config, namespace=wireguard_go.namespace)
    assert "192.168.4.77" in found["ping"][1] and found["ping"][0] == "failed"


def test_the_server_does_not_expect_the_address(examine, wireguard_go):
    wireguard_go.peer("allowed-ips", "192.168.4.49/32")
    found = examine(wireguard_go.config(), namespace=wireguard_go.namespace)
    assert "does not answer through the tunnel" in found["ping"][1]
    assert "192.168.4.48" in found["ping"][2]


def test_a_host_in_nobodys_allowed_ips(examine, boringtun):
    config = boringtun.config()
    config["ping"]["host"] = "192.168.5.254"
    found = examine(config)
    assert "in nobody's allowed_ips" in found["ping"][1]


def test_an_mtu_too_big(examine, boringtun, relay):
    def narrow(direction, datagram):
        return [datagram] if len(datagram) <= 1332 else []

    way = relay(boringtun, filter=narrow)
    config = boringtun.config()
    config["peers"][0]["endpoint"] = f"10.0.2.2:{way.port}"
    found = examine(config)
    assert found["MTU"][0] == "failed"
    passed = int(found["MTU"][2].split('"mtu": ')[1].split()[0])
    assert 1280 < passed <= 1300, found["MTU"]
    smaller = {**config, "interface": {**config["interface"], "mtu": passed}}
    assert examine(smaller)["MTU"][0] == "ok"


def test_the_local_network_is_in_allowed_ips(examine, boringtun):
    config = boringtun.config()
    config["peers"][0]["allowed_ips"] = ["192.168.4.0/24", "10.0.2.0/24"]
    found = examine(config, inside=["192.168.4.0/24"])
    assert found["IP"][0] == "warning" and "10.0.2.0/24 of allowed_ips is here" in found["IP"][1]


def test_a_tunnel_that_is_up_is_used_and_stays_up(device, boringtun):
    script = """
import wireguard
from testing import report, tunnel
t = tunnel()
sound = wireguard.doctor()
report(sound=sound, up=t.active(), errors=t.errors)
t.down()
report(left=len(wireguard.tunnels()))
"""
    run = device.run(script, boringtun.config(), pinged=["10.0.2.2"])
    assert run.result == {"sound": True, "up": True, "errors": 0, "left": 0}
    assert f"ok    ping       {ADDRESS} answers" in run.output
