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

SPI = ("id", "sck", "mosi", "miso")


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


def written(strategy, least=0):
    """As a person may write it: one value or a list."""
    return strategy | some(strategy, least)


def optional(strategy):
    return st.none() | strategy


_nothing = st.just({})


@st.composite
def by_hand(draw):
    """A whole wg.json in any of its ways; valid but for what one key cannot know of another."""
    interface = draw(
        st.fixed_dictionaries(
            {"address": written(networks(), 1)},
            optional={
                "private_key": optional(keys),
                "listen_port": optional(st.integers(0, 65535)),
                "mtu": optional(st.integers(1280, 1500)),
                "dns": optional(written(addresses)),
                "pre_up": optional(written(hooks)),
                "post_up": optional(written(hooks)),
                "pre_down": optional(written(hooks)),
                "post_down": optional(written(hooks)),
            },
        )
    )
    if interface.get("private_key") is None:
        elsewhere = optional(st.text(min_size=1, max_size=15))
        interface |= draw(
            st.fixed_dictionaries({}, optional={"private_key_file": elsewhere})
            | st.fixed_dictionaries({}, optional={"private_key_nvs": elsewhere})
        )
    peer = st.fixed_dictionaries(
        {"public_key": keys, "allowed_ips": written(networks())},
        optional={
            "preshared_key": optional(keys),
            "endpoint": optional(endpoints()),
            "persistent_keepalive": optional(st.just("off") | st.integers(0, 65535)),
        },
    )
    number = optional(st.integers(0, 63))
    lan = st.fixed_dictionaries(
        {},
        optional={
            "mdc": number,
            "phy_addr": number,
            "cs": number,
            "spi": st.none() | st.fixed_dictionaries(dict.fromkeys(SPI, st.integers(0, 63))),
            "phy_type": optional(st.just("PHY_LAN8720")),
            "ref_clk_mode": st.sampled_from(["in", "out", None]),
        },
    )
    password = st.just("") | st.text("abc 1\xe9", min_size=8, max_size=64)
    wifi = st.fixed_dictionaries(
        {"ssid": st.text("ab -", min_size=1, max_size=32)},
        optional={"password": optional(password)},
    )
    ping = st.fixed_dictionaries(
        {},
        optional={
            "host": optional(addresses | names),
            "count": optional(st.integers(1, 1_000_000)),
        },
    )
    rest = draw(
        st.fixed_dictionaries(
            {},
            optional={
                "peers": optional(peer | st.lists(peer, max_size=3)),
                "ping": optional(ping),
                "$schema": st.just("wg.schema.json"),
            },
        )
    )
    below = draw(
        _nothing
        | st.fixed_dictionaries({}, optional={"wifi": optional(wifi)})
        | st.fixed_dictionaries({}, optional={"lan": optional(lan)})
    )
    return {"interface": interface, **rest, **below}
