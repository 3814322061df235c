# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
"""What a tunnel says of itself: the data of `wg show dump`. Secrets are not in it."""

from . import ip, keys, show, tai64n


def status(config, interface):
    """The dict of `Tunnel.status` but for what the tunnel itself adds.

    interface  None while it is down
    """
    public_key = interface.public_key if interface else keys.public(config.private_key)
    result = {
        "public_key": keys.encode(public_key),
        "listen_port": config.listen_port,
        "active": interface is not None,
        "drops": {},
        "peers": [],
    }
    slots = {}
    if interface:
        result["listen_port"] = interface.netif.port()
        result["drops"].update(interface.netif.counters())
        result["drops"].update(interface.device.drops)
        slots = {peer.public_key: slot for slot, peer in interface.device.peers.items()}
    for peer in config.peers:
        entry = _configured(peer)
        if peer.public_key in slots:
            _add_live(entry, interface, slots[peer.public_key])
        result["peers"].append(entry)
    return result


def ipconfig(config, param):
    """The answer of `Tunnel.ipconfig`."""
    if param == "addr4":
        for address, prefix in config.addresses:
            if ":" not in address:
                return address, ip.format(ip.mask(b"\xff\xff\xff\xff", prefix))
        return "0.0.0.0", "0.0.0.0"
    if param == "addr6":
        forever = 0xFFFFFFFF
        return [(a, 0x30, forever, forever) for a, _ in config.addresses if ":" in a]
    if param == "gw4":
        return "0.0.0.0"
    if param in ("has_dhcp4", "has_autoconf6"):
        return False
    raise ValueError("unknown param")


def _configured(peer):
    return {
        "public_key": keys.encode(peer.public_key),
        "preshared_key": peer.preshared_key is not None,
        "endpoint": peer.endpoint,
        "allowed_ips": ["{}/{}".format(*network) for network in peer.allowed_ips],
        "latest_handshake": 0,
        "handshake_age": None,
        "rx_bytes": 0,
        "tx_bytes": 0,
        "persistent_keepalive": peer.persistent_keepalive,
        "connected": False,
        "trying": "",
    }


def _add_live(entry, interface, slot):
    peer = interface.device.peers[slot]
    stats = interface.netif.stats(slot)
    entry["endpoint"] = _lower(interface.netif.endpoint(slot))
    entry["rx_bytes"], entry["tx_bytes"] = stats[0], stats[1]
    entry["connected"] = interface.has_session(slot)
    entry["trying"] = _trying(interface.endpoints.get(slot), entry["endpoint"], peer)
    if peer.last_handshake is not None:
        age = (interface.clock.now() - peer.last_handshake) // 1000
        entry["handshake_age"] = age
        entry["latest_handshake"] = tai64n.wall_clock() // 1_000_000_000 - age


def _lower(endpoint):
    """lwIP writes IPv6 addresses in capitals, RFC 5952 and `wg` do not."""
    return endpoint and (endpoint[0].lower(), endpoint[1])


def _trying(endpoint, address, peer):
    """What is being attempted, for a person; "" if nothing is."""
    if address is None:
        return "to resolve {}".format(endpoint.host) if endpoint else ""
    if peer.timers.retry_at is None or peer.attempts < 2:
        return ""
    if peer.has_unsent():
        return "to find a way to {}".format(show.endpoint(address))
    return "no answer from {} to {} handshakes".format(show.endpoint(address), peer.attempts)
