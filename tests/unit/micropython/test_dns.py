# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
"""The tunnel's DNS server comes with a session and goes without leaving a trace."""

import sys

from expect import equal
from wireguard.dns import Servers


class Network:
    """As the module `network`, for one setting."""

    def __init__(self, server):
        self.server = server

    def ipconfig(self, *query, **setting):
        if query:
            return self.server
        self.server = setting["dns"]


def test_set_and_put_back():
    network = sys.modules["network"] = Network("192.0.2.53")
    servers = Servers(["10.0.0.53", "10.0.0.54"])
    servers.restore()
    equal(network.server, "192.0.2.53")
    servers.apply()
    servers.apply()
    equal(network.server, "10.0.0.53")
    servers.restore()
    servers.restore()
    equal(network.server, "192.0.2.53")


def test_none_configured_leaves_it_alone():
    network = sys.modules["network"] = Network("192.0.2.53")
    servers = Servers([])
    servers.apply()
    network.server = "192.0.2.54"  # as DHCP would
    servers.restore()
    equal(network.server, "192.0.2.54")


def test_a_port_without_the_setting():
    sys.modules["network"] = object()
    servers = Servers(["10.0.0.53"])
    servers.apply()
    servers.restore()
