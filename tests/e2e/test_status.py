# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors

"""status() against `wg show dump` of the other end: field by field, to the byte."""

import time

from support.namespace import udp_socket
from wgpy import keys

LISTEN = 58123
PINGS = 10

INITIATOR = """
from testing import *
uplink()
t = wireguard.Tunnel("wg.json")
t.up()
answered = ping("192.168.4.254", 10)  # the first one waits for the session
report(answered=answered, status=t.status())
wait_for("end")
t.down()
"""


def dump(gateway):
    """The fields of `wg show dump`: the interface's and its one peer's."""
    text = gateway.namespace.run("wg", "show", gateway.interface, "dump")
    interface, peer = (line.split("\t") for line in text.splitlines())
    names = "private_key public_key listen_port fwmark".split()
    peer_names = "public_key preshared_key endpoint allowed_ips latest_handshake rx tx keepalive"
    return (
        dict(zip(names, interface, strict=True)),
        dict(zip(peer_names.split(), peer, strict=True)),
    )


def test_the_device_that_initiates(device, wireguard_go):
    """As netns.sh: 10 echo requests of 84 bytes, in messages of 128, and the handshake's."""
    config = wireguard_go.config()
    config["peers"][0]["preshared_key"] = psk = keys.genpsk()
    config["peers"][0]["persistent_keepalive"] = 3600
    wireguard_go.preshared_key(psk)
    wireguard_go.peer("persistent-keepalive", "3600")
    run = device.start(INITIATOR, config, namespace=wireguard_go.namespace)
    run.wait_until(lambda: "status" in run.result, 30)
    interface, theirs = dump(wireguard_go)
    status = run.result["status"]
    ours = status["peers"][0]
    assert run.result["answered"] == PINGS

    assert status["public_key"] == theirs["public_key"]
    assert ours["public_key"] == interface["public_key"] == wireguard_go.public_key
    assert ours["preshared_key"] is True and theirs["preshared_key"] == psk
    assert ours["endpoint"] == ["10.0.2.2", int(interface["listen_port"])]
    assert theirs["endpoint"].startswith("127.0.0.1:")
    assert ours["allowed_ips"] == ["192.168.4.0/24"]
    assert ours["persistent_keepalive"] == int(theirs["keepalive"]) == 3600
    assert abs(ours["latest_handshake"] - int(theirs["latest_handshake"])) <= 1
    assert 0 <= time.time() - ours["latest_handshake"] < 60 and ours["handshake_age"] < 30
    assert ours["connected"] and ours["trying"] == "" and status["active"]
    assert status["listen_port"] > 0 and not any(status["drops"].values())

    # A message is 32 bytes and the packet padded to 16. Either may have sent a first keepalive.
    assert ours["rx_bytes"] == int(theirs["tx"]) and ours["tx_bytes"] == int(theirs["rx"])
    assert ours["rx_bytes"] - 92 - PINGS * 128 in (0, 32)
    assert ours["tx_bytes"] - 148 - PINGS * 128 in (0, 32)
    run.tell("end")
    assert run.wait() == 0, run.output


RESPONDER = """
from testing import *
uplink()
t = wireguard.Tunnel("wg.json")
t.up()
report(ready=True, before=t.status("peers")[0])
wait_for("pinged")
report(status=t.status())
t.down()
report(after=t.status())
"""


def test_the_device_that_responds(device, wireguard_go):
    config = wireguard_go.config()
    config["interface"]["listen_port"] = LISTEN
    del config["peers"][0]["endpoint"]
    with wireguard_go.namespace.udp_socket("127.0.0.1", 0) as s:
        port = s.getsockname()[1]
    run = device.start(
        RESPONDER,
        config,
        namespace=wireguard_go.namespace,
        forwards=[f"udp:{port}:{LISTEN}"],
    )
    run.wait_for("ready")
    wireguard_go.peer("endpoint", f"127.0.0.1:{port}")
    wireguard_go.namespace.ping("192.168.4.48")
    run.tell("pinged")
    assert run.wait() == 0, run.output
    _, theirs = dump(wireguard_go)
    before, status, after = (run.result[name] for name in ("before", "status", "after"))
    ours = status["peers"][0]
    assert (before["endpoint"], before["latest_handshake"], before["rx_bytes"]) == (None, 0, 0)
    assert before["handshake_age"] is None and not before["connected"]
    assert status["listen_port"] == LISTEN
    assert ours["endpoint"][0] == "10.0.2.2", "learned from the initiation"
    assert ours["rx_bytes"] == int(theirs["tx"]) and ours["tx_bytes"] == int(theirs["rx"])
    assert ours["rx_bytes"] >= 148 + 64 and ours["tx_bytes"] >= 92 + 64
    peer = after["peers"][0]
    assert not after["active"] and not peer["connected"]
    assert (peer["rx_bytes"], peer["tx_bytes"], peer["latest_handshake"]) == (0, 0, 0)


def test_what_it_is_trying(device):
    """Nobody answers: after the second initiation it says so, and where."""
    with udp_socket("127.0.0.1", 0) as silent:
        port = silent.getsockname()[1]
        config = {
            "interface": {"private_key": keys.genkey(), "address": "192.168.4.48/24"},
            "peers": [
                {
                    "public_key": keys.pubkey(keys.genkey()),
                    "endpoint": f"10.0.2.2:{port}",
                    "allowed_ips": ["192.168.4.0/24"],
                }
            ],
        }
        script = """
from testing import *
uplink()
t = wireguard.Tunnel("wg.json").up()
until(lambda: t.status("peers")[0]["trying"], 30)
report(peer=t.status("peers")[0])
t.down()
"""
        run = device.run(script, config)
    peer = run.result["peer"]
    assert peer["trying"] == f"no answer from 10.0.2.2:{port} to 2 handshakes"
    assert peer["tx_bytes"] == 2 * 148 and peer["rx_bytes"] == 0 and peer["handshake_age"] is None
