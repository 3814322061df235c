# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors

"""Where a board would send what: the routes that AllowedIPs make, in words."""

import ipaddress


def allowed(config) -> list:
    """[(network, position of its peer)], the most specific first: as they are looked up."""
    found = []
    for i, peer in enumerate(config.peers):
        for address, prefix in peer.allowed_ips:
            found.append((ipaddress.ip_network(f"{address}/{prefix}"), i))
    return sorted(found, key=lambda item: (item[0].version, -item[0].prefixlen, item[0]))


def peer_of(config, address):
    """The position of the peer that gets packets for an address, or None."""
    address = ipaddress.ip_address(address)
    for network, i in allowed(config):
        if address in network:
            return i
    return None


def peer_name(config, i) -> str:
    """A peer for a person: its endpoint, or the beginning of its key."""
    peer = config.peers[i]
    if not peer.endpoint:
        return f"peers[{i}], which calls us"
    host, port = peer.endpoint
    return f"peers[{i}], {f'[{host}]' if ':' in host else host}:{port}"


def explain(config) -> list[tuple[str, str]]:
    """[(destination, where it goes)]."""
    rows = [
        (str(network), f"tunnel, to {peer_name(config, i)}")
        for network, i in allowed(config)
        if network.prefixlen
    ]
    below = "Ethernet" if config.lan is not None else "Wi-Fi"
    everything = {network.version: i for network, i in allowed(config) if not network.prefixlen}
    if everything:
        rows.append((f"{below}'s own network", f"{below}: it is more specific than /0"))
    for version in (4, 6):
        if version in everything:
            where = f"tunnel, to {peer_name(config, everything[version])}"
        elif everything:
            where = f"{below}, outside the tunnel"
        else:
            continue
        rows.append((f"all other IPv{version}", where))
    if not everything:
        rows.append(("everything else", f"{below}, outside the tunnel"))
    rows.append(("the tunnel's own UDP packets", f"{below}, always"))
    return rows
