# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors

"""hypothesis strategies for configurations that are valid."""

import base64

from hypothesis import strategies as st

keys = st.binary(min_size=32, max_size=32).map(lambda key: base64.b64encode(key).decode())
addresses = st.ip_addresses().map(str)
ports = st.integers(1, 65535)
names = st.from_regex(r"[a-z][a-z0-9-]{0,10}(\.[a-z][a-z0-9-]{0,5}){0,2}", fullmatch=True)
hooks = st.from_regex(r"[a-z_][a-z0-9_]{0,5}(\.[A-Za-z_][A-Za-z0-9_]{0,5}){1,2}", fullmatch=True)


@st.composite
def networks(draw):
    address = draw(st.ip_addresses())
    prefix = draw(st.none() | st.integers(0, address.max_prefixlen))
    return str(address) if prefix is None else f"{address}/{prefix}"


@st.composite
def endpoints(draw):
    host = draw(names | st.ip_addresses(v=4).map(str) | st.ip_addresses(v=6).map("[{}]".format))
    return f"{host}:{draw(ports)}"


def some(strategy, least=0):
    """A list, as after an import."""
    return st.lists(strategy, min_size=least, max_size=4)


interfaces = st.fixed_dictionaries(
    {"private_key": keys, "address": some(networks(), 1)},
    optional={
        "listen_port": ports,
        "mtu": st.integers(1280, 1500),
        "dns": some(addresses, 1),
    },
)
peers = st.fixed_dictionaries(
    {"public_key": keys, "allowed_ips": some(networks())},
    optional={
        "preshared_key": keys,
        "endpoint": endpoints(),
        "persistent_keepalive": st.integers(0, 65535),
    },
)
tunnels = st.fixed_dictionaries({"interface": interfaces, "peers": st.lists(peers, max_size=3)})
