# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
"""What only the curve can tell of a configuration."""

from .config import ConfigError
from .noise import Identity


def check(config):
    """ConfigError if a peer's public key is our own, or none that a peer can have."""
    identity = Identity(config.private_key)
    try:
        for i, peer in enumerate(config.peers):
            if peer.public_key == identity.public_key:
                raise ConfigError(
                    "peers[{}].public_key: is this interface's own; "
                    "give the other side's public key".format(i)
                )
            if not identity.is_peer(peer.public_key):
                raise ConfigError(
                    "peers[{}].public_key: is a low-order point, nobody's key".format(i)
                )
    finally:
        identity.wipe()
