# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
"""Faults of wg.json and the message of each, for the tests on the device and on the host."""

PRIVATE = "YAnz5TF+lXXJte14tji3zlMNq+hd2rYUIgJBgB3fBmk="
PUBLIC = "xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg="
OTHER = "TrMvSoP4jYQlY6RIzBgbssQqY3vxI2Pi+y71lOWWXX0="


def sample():
    """The least that is valid."""
    return {
        "interface": {"private_key": PRIVATE, "address": "10.0.0.2/24"},
        "peers": [{"public_key": PUBLIC, "allowed_ips": "10.0.0.0/24"}],
    }


def _interface(**values):
    return lambda data: data["interface"].update(values)


def _peer(**values):
    return lambda data: data["peers"][0].update(values)


def _top(**values):
    return lambda data: data.update(values)


def _second_peer(**values):
    return lambda data: data["peers"].append(dict(values))


FAULTS = (
    (lambda data: data.pop("interface"), "interface: is missing"),
    (_top(interface=[]), "interface: is not an object; write {...}"),
    (_top(wg=1), "wg: unknown key; known here: interface, peers, wifi, lan, ping, $schema"),
    (_top(peer=[]), "peer: unknown key; known here: interface, peers, wifi, lan, ping, $schema"),
    (_top(Peers=[]), "Peers: unknown key; write 'peers'"),
    (
        _interface(private_key_file="private.key"),
        "interface.private_key_file: there is 'private_key' already; keep one of the two",
    ),
    (
        _interface(private_key=None, private_key_nvs="a", private_key_file="b"),
        "interface.private_key_nvs: there is 'private_key_file' already; keep one of the two",
    ),
    (
        _interface(private_key=None, private_key_file=""),
        "interface.private_key_file: is not a name",
    ),
    (
        _interface(private_key=None, private_key_nvs="a name too long!"),
        "interface.private_key_nvs: is longer than 15 characters",
    ),
    (
        _interface(post_up=["lamp.on", "iptables -A FORWARD"]),
        "interface.post_up[1]: 'iptables -A FORWARD' is not a hook: "
        "write 'module.function', a Python function on the board",
    ),
    (
        _interface(pre_down="lamp"),
        "interface.pre_down: 'lamp' is not a hook: "
        "write 'module.function', a Python function on the board",
    ),
    (_interface(post_down=5), "interface.post_down: is a number, not a text"),
    (
        _interface(PrivateKey=PRIVATE),
        "interface.PrivateKey: unknown key; write 'private_key'",
    ),
    (
        _interface(private_key=PRIVATE[:-1]),
        "interface.private_key: is not a key: 43 characters, a key in base64 has 44; "
        "'wg genkey' and 'wg pubkey' make them",
    ),
    (
        _interface(private_key=PRIVATE[:-2] + "l="),
        "interface.private_key: is not a key: not the base64 of 32 bytes; "
        "'wg genkey' and 'wg pubkey' make them",
    ),
    (
        _interface(private_key=5),
        "interface.private_key: is not a string; 'wg genkey' and 'wg pubkey' make them",
    ),
    (lambda data: data["interface"].pop("address"), "interface.address: is missing"),
    (
        _interface(address=[]),
        "interface.address: is empty; give at least one, like '10.0.0.2/24'",
    ),
    (
        _interface(address="10.0.0.256/24"),
        "interface.address: '10.0.0.256/24' is not a network: number over 255",
    ),
    (
        _interface(address="10.0.0.2/24, fd04::1/64"),
        "interface.address: '10.0.0.2/24, fd04::1/64' is not a network: give several as a list",
    ),
    (_interface(address=["10.0.0.2", 7]), "interface.address[1]: is a number, not a text"),
    (_interface(listen_port=65536), "interface.listen_port: 65536 is not between 0 and 65535"),
    (_interface(listen_port="1"), "interface.listen_port: is a text, not a whole number"),
    (_interface(mtu=100), "interface.mtu: 100 is not between 576 and 1500"),
    (_interface(mtu=True), "interface.mtu: is true or false, not a whole number"),
    (
        _interface(mtu=1279, address=["fd04::1/64"]),
        "interface.mtu: 1279 is not between 1280 and 1500",
    ),
    (
        _interface(dns="ns"),
        "interface.dns: 'ns' is not an address: an IPv4 address has four numbers",
    ),
    (lambda data: data["peers"][0].pop("public_key"), "peers[0].public_key: is missing"),
    (lambda data: data["peers"][0].pop("allowed_ips"), "peers[0].allowed_ips: is missing"),
    (_top(peers={"public_key": PUBLIC}), "peers.allowed_ips: is missing"),
    (
        _peer(public_key=PRIVATE),
        "peers[0].public_key: is the private key of this interface; "
        "give the other side's public key",
    ),
    (
        _peer(preshared_key=PUBLIC),
        "peers[0].preshared_key: is another key of this file; make one with 'wg genpsk'",
    ),
    (
        _peer(preshared_key="secret"),
        "peers[0].preshared_key: is not a key: 6 characters, a key in base64 has 44",
    ),
    (
        _peer(allowed_ips=["10.0.0.0/24", "10.0.0.0/33"]),
        "peers[0].allowed_ips[1]: '10.0.0.0/33' is not a network: prefix length over 32",
    ),
    (
        _peer(allowed_ips="fd04::/129"),
        "peers[0].allowed_ips: 'fd04::/129' is not a network: prefix length over 128",
    ),
    (
        _peer(allowed_ips="1:2:3"),
        "peers[0].allowed_ips: '1:2:3' is not a network: an IPv6 address has eight groups",
    ),
    (
        _peer(endpoint="vpn.example.org"),
        "peers[0].endpoint: 'vpn.example.org' is not an endpoint: "
        "there is no port; write 'host:51820'",
    ),
    (
        _peer(endpoint="2001:db8::1:51820"),
        "peers[0].endpoint: '2001:db8::1:51820' is not an endpoint: "
        "an IPv6 address needs brackets; write '[2001:db8::1]:51820'",
    ),
    (
        _peer(endpoint="host:0"),
        "peers[0].endpoint: 'host:0' is not an endpoint: the port is not between 1 and 65535",
    ),
    (
        _peer(endpoint="host:http"),
        "peers[0].endpoint: 'host:http' is not an endpoint: the port is not a number",
    ),
    (
        _peer(endpoint="http://host:1"),
        "peers[0].endpoint: 'http://host:1' is not an endpoint: "
        "an IPv6 address needs brackets; write '[2001:db8::1]:51820'",
    ),
    (
        _peer(persistent_keepalive=-1),
        "peers[0].persistent_keepalive: -1 is not between 0 and 65535",
    ),
    (
        _second_peer(public_key=PUBLIC, allowed_ips=[]),
        "peers[1].public_key: is that of peers[0]; merge the two",
    ),
    (
        _second_peer(public_key=OTHER, allowed_ips=["1.1.1.1", "10.0.0.77/24"]),
        "peers[1].allowed_ips[1]: '10.0.0.0/24' belongs to peers[0]; a network has one peer",
    ),
    (_top(wifi={"password": "long enough"}), "wifi.ssid: is missing"),
    (_top(wifi={"ssid": ""}), "wifi.ssid: is not a network name of 1 to 32 bytes"),
    (
        _top(wifi={"ssid": "net", "password": "short"}),
        "wifi.password: is shorter than 8 characters; leave it out if open",
    ),
    (_top(wifi={"ssid": "net"}, lan={}), "lan: there is 'wifi' already; keep one of the two"),
    (_top(lan={"mdc": "23"}), "lan.mdc: is a text, not a whole number"),
    (_top(lan={"phy_type": 1}), "lan.phy_type: is not a name like 'PHY_LAN8720'"),
    (_top(lan={"ref_clk_mode": "both"}), "lan.ref_clk_mode: is neither 'in' nor 'out'"),
    (_top(lan={"spi": {"id": 1}}), "lan.spi.sck: is missing"),
    (
        _top(lan={"spi": {"id": 1, "clk": 4}}),
        "lan.spi.clk: unknown key; known here: id, sck, mosi, miso",
    ),
    (
        _peer(endpoint="[host:1"),
        "peers[0].endpoint: '[host:1' is not an endpoint: a host is a name or an address",
    ),
    (_top(ping={"host": 5}), "ping.host: is not an address or name"),
    (_top(ping={"count": 0}), "ping.count: 0 is not between 1 and 1000000"),
)
