# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors

"""wgpy pair --new-server: the server's file in wg-quick, as it is, with the world behind NAT."""

import json
import os
import re
import shutil

import pytest
from support import namespace
from support.command_line import wgpy
from support.namespace import Namespace

WORLD, GATEWAY_OUTSIDE = "198.51.100.9", "198.51.100.1"


@pytest.fixture
def spaces():
    """(the server's network namespace with an eth0, that of a host in the world behind it)."""
    if reason := namespace.why_not():
        pytest.skip(reason)
    for program in ("wg-quick", "iptables", "sysctl"):
        if not shutil.which(program):
            pytest.skip(f"needs {program}")
    server, world = Namespace(), Namespace()
    server.run("ip", "link", "add", "eth0", "type", "veth", "peer", "eth0", "netns", world.path)
    for space, address in ((server, GATEWAY_OUTSIDE), (world, WORLD)):
        space.run("ip", "address", "add", f"{address}/24", "dev", "eth0")
        space.run("ip", "link", "set", "eth0", "up")
    yield server, world
    world.close()
    server.close()


def rules(space):
    """What the firewall has, for both families."""
    said = ""
    for program in ("iptables", "ip6tables"):
        said += space.run(program, "-S", "FORWARD") + space.run(program, "-t", "nat", "-S")
    return [line for line in said.splitlines() if line.startswith("-A")]


def test_the_device_reaches_the_world_through_the_new_server(spaces, device, tmp_path):
    server, _ = spaces
    name = f"wgn{os.getpid()}"
    conf = tmp_path / f"{name}.conf"
    wgpy(
        "pair", "--new-server", "--endpoint", "10.0.2.2", "--nat", "eth0", "--all", "--psk",
        "--network", "10.48.0.0/24", "--network", "fd48::/64",
        "--server-output", conf, "-o", tmp_path / "wg.json",
    )  # fmt: skip

    assert rules(server) == []
    server.wg_quick("up", conf)
    try:
        up = rules(server)
        assert len(up) == 6 and all(name in line or "-o eth0" in line for line in up)
        data = json.loads((tmp_path / "wg.json").read_text())
        data |= {"wifi": {"ssid": "slirp"}, "ping": {"host": WORLD, "count": 3}}
        run = device.start(
            None, data, namespace=server, inside=["10.48.0.0/24", "198.51.100.0/24", "fd48::/64"]
        )
        run.wait_for(r"3 packets transmitted, 3 received", 60)
        run.type("ping('10.48.0.1', count=1)\r")
        run.wait_for(r"1 packets transmitted, 1 received", 60)
        transfer = server.run("wg", "show", name, "transfer").split()
        assert int(transfer[1]) > 3 * 84 and int(transfer[2]) > 3 * 84
        nat = server.run("iptables", "-t", "nat", "-vxnL", "POSTROUTING")
        assert re.search(r"^ *[1-9]\d* +\d+ MASQUERADE .*10\.48\.0\.0/24", nat, re.M), nat
    finally:
        server.wg_quick("down", conf)
    assert rules(server) == []
