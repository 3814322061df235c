# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
"""The data of `wg show dump`, gathered. Secrets are not in it."""

from . import keys, show, tai64n


def status(config, interface):
    """The dict of `Tunnel.status` but for what the tunnel itself adds.

    interface  None while it is down
    """
    result = {
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
    return "no answer from {} to {} handshakes".format(show.endpoint(address), peer.attempts)
