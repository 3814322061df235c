# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors

"""The reference scenario, judged by tshark.

    device 192.168.4.48/24 ── uplink 10.0.2.0/24 ── gateway 192.168.4.254/24, UDP port 58120

The device pings the gateway. Its uplink shows handshake and transport data, which tshark decrypts
with the keys given; its tunnel shows the same ICMP in the clear.
"""

import pytest
from support import pcap
from support.gateways import KINDS

PORT = 58120
EPHEMERAL = "MMqbCiTdW9LcIe6ZGnqv4hhcDyDRy6oIr3fyvxIA9Ug="

SCRIPT = """
from testing import *
report(ephemerals=record_ephemerals())
t = tunnel()
import ping
t.down()
"""


@pytest.fixture(params=list(KINDS))
def fixed_port_gateway(request):
    if request.param == "wireguard-go":
        yield request.getfixturevalue("wireguard_go")
        return
    gateway = KINDS["boringtun"](PORT)
    yield gateway
    gateway.close()
