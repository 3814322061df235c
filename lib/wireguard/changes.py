# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
"""What `wg set` makes of a configuration. The old one stays as it was, but for `wipe_replaced`."""

import _wireguard as _c

from .config import Config, PeerConfig, load_peer


def with_peer(config, public_key, changes):
    """A Config in which one peer has changed or is new; keys and values as in wg.json.

    What is not mentioned stays. An allowed network that another peer has moves here.
    """
    values = dict(changes, public_key=public_key)
    if values.get("allowed_ips") is None:
        values["allowed_ips"] = []
    changed = load_peer(values, config)
    peers = []
    for peer in config.peers:
        if peer.public_key == changed.public_key:
            _keep(changed, peer, changes)
        else:
            peers.append(_without_networks(peer, changed.allowed_ips))
    return _copy(config, Config(), peers=peers + [changed])


def without_peer(config, public_key):
    """A Config that lacks one peer."""
    gone = load_peer({"allowed_ips": [], "public_key": public_key}, config).public_key
    return _copy(config, Config(), peers=[p for p in config.peers if p.public_key != gone])


def same_interface(a, b):
    """True if two configurations differ in their peers at most."""
    for key in ("private_key", "addresses", "listen_port", "mtu", "dns"):
        if getattr(a, key) != getattr(b, key):
            return False
    return True


def wipe_replaced(old, new):
    """Wipe the secret keys of `old` that `new` does not hold."""
    kept = [id(key) for key in _secrets(new)]
    for key in _secrets(old):
        if id(key) not in kept:
            _c.wipe(key)


def _secrets(config):
    keys = [config.private_key] + [peer.preshared_key for peer in config.peers]
    return [key for key in keys if key is not None]


def _keep(changed, peer, changes):
    for key in ("preshared_key", "endpoint", "allowed_ips", "persistent_keepalive"):
        if key not in changes:
            setattr(changed, key, getattr(peer, key))


def _without_networks(peer, networks):
    kept = [network for network in peer.allowed_ips if network not in networks]
    return _copy(peer, PeerConfig(), allowed_ips=kept)


def _copy(source, target, **changes):
    for values in (source.__dict__, changes):
        for key, value in values.items():
            setattr(target, key, value)
    return target
