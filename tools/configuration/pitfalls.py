# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors

"""What bites people in a wg.json that the device takes.

Every warning is about a configuration that does not do what its author is likely to want.
"""

import ipaddress
from collections.abc import Iterator
from dataclasses import dataclass

from .. import keys
from . import routes

WARNING, NOTE = "warning", "note"

_LARGEST_MTU = {4: 1440, 6: 1420}  # through an underlay of 1500 bytes, by its family
_HOME = [ipaddress.ip_network(f"192.168.{n}.0/24") for n in (0, 1, 2, 88, 178)]  # routers' own


@dataclass(frozen=True)
class Finding:
    """One thing to know: path of the key, what is so, and what to do."""

    level: str
    path: str
    text: str
    advice: str = ""


def findings(config, source: dict) -> list[Finding]:
    """All there is to say about a Config and the wg.json that it was loaded from."""
    found = []
    for look in (_keys, _addresses, _peers, _reachable, _dns, _mtu, _families, _overlaps, _board):
        found.extend(look(config, source))
    return sorted(found, key=lambda finding: finding.level, reverse=True)


def _keys(config, source) -> Iterator[Finding]:
    if config.private_key is None:
        kind, name = config.key_source
        yield Finding(
            NOTE,
            "interface.private_key",
            f"is on the board: in {'NVS, as' if kind == 'nvs' else 'the file'} '{name}'",
            "Without one there the board makes it on first boot, and prints its public key: "
            "give that to the server.",
        )
    for path, key in _all_keys(config):
        if _is_sample(key):
            yield Finding(
                WARNING, path, "is the sample's", "Put your own there: wgpy import, or wgpy pair."
            )

    if (
        config.private_key is None
        or _is_clamped(config.private_key)
        or _is_sample(config.private_key)
    ):
        return
    mixed = any(_is_clamped(peer.public_key) for peer in config.peers)
    yield Finding(
        WARNING,
        "interface.private_key",
        "is not as 'wg genkey' makes keys"
        + ("; private and public key look mixed up" if mixed else "; is it a public key?"),
        "Here belongs the key that only this device knows; its peers get its public key.",
    )


def _is_sample(key: bytes) -> bool:
    return keys.encode(key).startswith("SampleKey")


def _all_keys(config):
    if config.private_key is not None:
        yield "interface.private_key", config.private_key
    for i, peer in enumerate(config.peers):
        yield f"peers[{i}].public_key", peer.public_key


def _is_clamped(key: bytes) -> bool:
    return key[0] & 7 == 0 and key[31] & 0xC0 == 0x40


def _addresses(config, source) -> Iterator[Finding]:
    for i, own in enumerate(_own(config)):
        path = f"interface.address[{i}]"
        roomy = own.network.prefixlen < own.max_prefixlen - 1
        if roomy and own.ip == own.network.network_address:
            yield Finding(
                WARNING,
                path,
                f"{own} is the network's address, not a host's",
                f"Give the device's own, like {own.network[2]}/{own.network.prefixlen}.",
            )
        if not roomy:
            continue
        first = own.network[1] if own.network[1] != own.ip else own.network[2]
        if routes.peer_of(config, first) is None:
            yield Finding(
                WARNING,
                path,
                f"the rest of {own.network}, the gateway too, is in no peer's allowed_ips",
                f'Packets for it go outside the tunnel. Add "{own.network}" to allowed_ips.',
            )


def _own(config) -> list:
    return [ipaddress.ip_interface(f"{a}/{p}") for a, p in config.addresses]


def _peers(config, source) -> Iterator[Finding]:
    if not config.peers:
        yield Finding(WARNING, "peers", "there are none: the tunnel leads nowhere")
    own = [address.ip for address in _own(config)]
    for i, peer in enumerate(config.peers):
        path = f"peers[{i}]"
        if not peer.allowed_ips:
            yield Finding(
                WARNING,
                f"{path}.allowed_ips",
                "is empty: nothing is sent to this peer, nothing accepted from it",
            )
        for j, (address, prefix) in enumerate(peer.allowed_ips):
            if ipaddress.ip_address(address) in own and prefix == (128 if ":" in address else 32):
                yield Finding(
                    WARNING,
                    f"{path}.allowed_ips[{j}]",
                    f"{address}/{prefix} is this device's own address",
                    "That line is for the server. Here belongs what lies behind the server.",
                )
        if not peer.endpoint:
            if not config.listen_port:
                yield Finding(
                    WARNING,
                    f"{path}.endpoint",
                    "is missing, and so is interface.listen_port: neither side finds the other",
                    'Give the server\'s "endpoint": "host:51820".',
                )
            continue
        yield from _endpoint(config, peer, path)
        if not peer.persistent_keepalive:
            yield Finding(
                WARNING,
                f"{path}.persistent_keepalive",
                "is off: behind NAT, as in most networks, the server cannot reach the board after "
                "a minute or two of silence",
                'Add "persistent_keepalive": 25, unless the board always speaks first.',
            )


def _endpoint(config, peer, path) -> Iterator[Finding]:
    host, _ = peer.endpoint
    path += ".endpoint"
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        if host == "localhost":
            yield Finding(
                WARNING, path, "localhost is the board itself", "Give the server's name."
            )
        if f".{host}".endswith((".example.org", ".example.com", ".example.net", ".example")):
            yield Finding(WARNING, path, f"{host} is an example's name", "Give your server's own.")
        return
    if address.is_loopback or address.is_unspecified:
        yield Finding(WARNING, path, f"{host} is no address of a server", "Give the server's own.")
    elif any(address in own.network for own in _own(config)):
        yield Finding(
            WARNING,
            path,
            f"{host} is an address inside the tunnel",
            "Give the one at which the server is reached from outside.",
        )


def _reachable(config, source) -> Iterator[Finding]:
    """Whether main.py's ping goes through the tunnel."""
    host = config.ping["host"]
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return
    if address in [own.ip for own in _own(config)]:
        yield Finding(
            WARNING,
            "ping.host",
            f"{host} is the device itself: a /{address.max_prefixlen} does not tell the gateway",
            'Name it: "ping": {"host": "<the gateway\'s address in the tunnel>"}.',
        )
    elif routes.peer_of(config, host) is None:
        yield Finding(
            WARNING,
            "ping.host",
            f"{host} is in no peer's allowed_ips: main.py would ping outside the tunnel",
            "Add the gateway's address to allowed_ips, or ping another host.",
        )


def _dns(config, source) -> Iterator[Finding]:
    for i, server in enumerate(config.dns):
        if i >= 3:
            yield Finding(WARNING, f"interface.dns[{i}]", "is not asked: a board has three")
        elif routes.peer_of(config, server) is None:
            private = ipaddress.ip_address(server).is_private
            yield Finding(
                WARNING,
                f"interface.dns[{i}]",
                f"{server} is in no peer's allowed_ips: it is asked outside the tunnel"
                + (", where a private address mostly leads nowhere" if private else ""),
                f'Add "{server}/{128 if ":" in server else 32}" to allowed_ips.',
            )


def _mtu(config, source) -> Iterator[Finding]:
    if config.mtu is None:
        return
    by_ipv4 = all(
        peer.endpoint and ":" not in peer.endpoint[0] and peer.endpoint[0][-1].isdigit()
        for peer in config.peers
    )
    largest = _LARGEST_MTU[4 if by_ipv4 else 6]
    if config.mtu > largest:
        yield Finding(
            WARNING,
            "interface.mtu",
            f"{config.mtu} is too big: the tunnel adds {1500 - largest} bytes, Wi-Fi carries 1500",
            "Leave it out, and the board takes what fits.",
        )


def _families(config, source) -> Iterator[Finding]:
    """Networks of a family in which the device has no address, or which a full tunnel forgets."""
    own = {address.version for address in _own(config)}
    networks = [network for network, _ in routes.allowed(config)]
    for version in (4, 6):
        if version not in own and any(network.version == version for network in networks):
            yield Finding(
                WARNING,
                "interface.address",
                f"has no IPv{version} address, and allowed_ips have IPv{version} networks",
                f"Without one nothing can be sent to them: ask the server for an IPv{version} "
                "address, or take them out.",
            )
    full = {network.version for network in networks if not network.prefixlen}
    if full == {4}:
        yield Finding(
            NOTE,
            "peers",
            "all IPv4 goes through the tunnel, IPv6 does not",
            'Add "::/0" if it is to.',
        )


def _overlaps(config, source) -> Iterator[Finding]:
    networks = routes.allowed(config)
    for i, (inner, peer) in enumerate(networks):
        for outer, other in networks[i + 1 :]:
            if inner.version != outer.version or not outer.prefixlen or not inner.subnet_of(outer):
                continue
            if peer == other:
                yield Finding(
                    NOTE,
                    f"peers[{peer}].allowed_ips",
                    f"{inner} is in {outer} already: it changes nothing",
                )
            else:
                yield Finding(
                    WARNING,
                    f"peers[{peer}].allowed_ips",
                    f"{inner} overlaps {outer} of peers[{other}]: peers[{peer}] gets {inner}, "
                    f"peers[{other}] the rest",
                )
    for network, peer in networks:
        if any(network == home for home in _HOME):
            yield Finding(
                WARNING,
                f"peers[{peer}].allowed_ips",
                f"{network} is also the network of many home routers: where the board's Wi-Fi "
                "is one, what is beside the board cannot be reached",
                "Take a rarer network for the tunnel if you can.",
            )


def _board(config, source) -> Iterator[Finding]:
    for kind, hooks in config.hooks.items():
        for hook in hooks:
            module = hook.rpartition(".")[0].replace(".", "/")
            yield Finding(NOTE, f"interface.{kind}", f"{hook} needs {module}.py on the board")
    if config.wifi is None and config.lan is None:
        yield Finding(
            WARNING,
            "wifi",
            "is missing, and so is lan: boot.py joins no network, main.py sets no clock",
            'Add "wifi": {"ssid": "...", "password": "..."}, unless your own program does both.',
        )
    if config.wifi and config.wifi["ssid"] == "Your network":
        yield Finding(WARNING, "wifi.ssid", "is the sample's", "Give your Wi-Fi's own.")
