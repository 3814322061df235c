# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
"""AllowedIPs against Python's ipaddress: the longest prefix wins (whitepaper section 2)."""

import random
from ipaddress import ip_address, ip_interface, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st
from native import NO_PEER, Prefix


class Table:
    """A table of {network as text, host bits allowed: slot}, and the model beside it."""

    def __init__(self, library, entries):
        self.library = library
        self.networks = {}
        prefixes = []
        for text, slot in entries.items():
            interface = ip_interface(text)
            network = interface.network
            if network in self.networks:
                continue
            self.networks[network] = slot
            p = Prefix(len=network.prefixlen, slot=slot, v6=network.version == 6)
            p.addr[: len(interface.packed)] = interface.packed
            prefixes.append(p)
        array = (Prefix * len(prefixes))(*prefixes)
        self.table = library.wg_allowedips_build(array, len(prefixes))
        assert self.table

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        self.library.wg_allowedips_free(self.table)

    def lookup(self, address):
        name = f"wg_allowedips_lookup{address.version}"
        route = getattr(self.library, name)(self.table, address.packed)
        return None if route.slot == NO_PEER else (route.slot, route.len)

    def expected(self, address):
        holding = [n for n in self.networks if n.version == address.version and address in n]
        if not holding:
            return None
        longest = max(holding, key=lambda n: n.prefixlen)
        return self.networks[longest], longest.prefixlen

    def edges(self):
        """Addresses at and just past both ends of every network."""
        for network in self.networks:
            first, last = int(network[0]), int(network[-1])
            top = 2**network.max_prefixlen - 1
            for number in {0, top, first - 1, first, first + 1, last - 1, last, last + 1}:
                if 0 <= number <= top:
                    yield ip_address(number.to_bytes(network.max_prefixlen // 8, "big"))

    def check(self, *addresses):
        for address in [*self.edges(), *addresses]:
            assert self.lookup(address) == self.expected(address), address


TABLES = {
    "empty": {},
    "everything": {"0.0.0.0/0": 1, "::/0": 2},
    "one host": {"192.168.4.254/32": 0, "fd04::254/128": 1},
    "the ends of the address space": {"0.0.0.0/32": 1, "255.255.255.255/32": 2, "::/128": 3},
    "the upper half": {"128.0.0.0/1": 1, "8000::/1": 2, "ffff::/16": 3},
    "both halves as wg-quick writes them": {"0.0.0.0/1": 1, "128.0.0.0/1": 1, "::/1": 2},
    "nested, each end in common": {"10.0.0.0/8": 1, "10.0.0.0/24": 2, "10.255.255.0/24": 3},
    "a hole in everything": {"0.0.0.0/0": 1, "10.0.0.0/8": 2, "10.1.2.3/32": 1},
    "neighbours": {"10.0.0.0/25": 1, "10.0.0.128/25": 2, "10.0.1.0/24": 3},
    "host bits": {"10.1.2.3/8": 1, "fd00::1234/16": 2},
    "one family looks like the other": {"1.2.3.4/32": 1, "102:304::/32": 2},
    "every length": {f"255.255.255.255/{n}": n for n in range(33)},
    "every length of IPv6": {f"{'ffff:' * 7}ffff/{n}": n for n in range(129)},
    "every length of IPv6, from the other end": {f"::/{n}": n for n in range(129)},
}


@pytest.mark.parametrize("name", TABLES)
def test_known_tables(dataplane, name):
    with Table(dataplane, TABLES[name]) as table:
        table.check(ip_address("192.0.2.1"), ip_address("2001:db8::1"))


def test_no_table_has_no_peers(dataplane):
    for name, size in (("wg_allowedips_lookup4", 4), ("wg_allowedips_lookup6", 16)):
        assert getattr(dataplane, name)(None, bytes(size)).slot == NO_PEER


def networks(bits, size):
    crowded = st.integers(0, 7).map(lambda n: n << (bits - 3)) | st.integers(0, 7)
    number = crowded | st.integers(0, 2**bits - 1)
    return st.builds(lambda n, p: f"{ip_address(n.to_bytes(size, 'big'))}/{p}",
                     number, st.integers(0, bits))  # fmt: skip


entries = st.dictionaries(networks(32, 4) | networks(128, 16), st.integers(0, 31), max_size=40)


@given(entries, st.integers(0, 2**32 - 1), st.integers(0, 2**128 - 1))
def test_random_tables(dataplane, some, four, six):
    with Table(dataplane, some) as table:
        table.check(ip_address(four.to_bytes(4, "big")), ip_address(six.to_bytes(16, "big")))


def test_a_thousand_networks(dataplane):
    r = random.Random(1)
    some = {}
    for _ in range(500):
        # Few distinct first bits, so that many are nested in others.
        four = r.getrandbits(4) << 28 | r.getrandbits(6) << 20 | r.getrandbits(8)
        six = r.getrandbits(3) << 125 | r.getrandbits(7) << 90 | r.getrandbits(8)
        some[f"{ip_address(four)}/{r.randint(4, 32)}"] = r.randrange(32)
        some[f"{ip_address(six.to_bytes(16, 'big'))}/{r.randint(3, 128)}"] = r.randrange(32)
    with Table(dataplane, some) as table:
        assert len(table.networks) > 700
        probes = r.sample([*table.edges()], 1500)
        for address in probes:
            assert table.lookup(address) == table.expected(address), address


def test_equality_of_prefixes_is_of_family_length_and_network(dataplane):
    def prefix(text, slot=0):
        network = ip_network(text)
        p = Prefix(len=network.prefixlen, slot=slot, v6=network.version == 6)
        p.addr[: len(network[0].packed)] = network[0].packed
        return p

    equal = dataplane.wg_prefix_equal
    assert equal(prefix("10.0.0.0/8", 1), prefix("10.0.0.0/8", 2))
    assert not equal(prefix("10.0.0.0/8"), prefix("10.0.0.0/9"))
    assert not equal(prefix("0.0.0.0/0"), prefix("::/0"))
