# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
"""What only the curve can tell of a configuration."""

import _wireguard as _c

from .fields import fault
from .noise import Identity


def check(config):
    """ConfigError if a peer's public key is our own, or none that a peer can have."""
    identity = Identity(config.private_key)
    try:
        for i, peer in enumerate(config.peers):
            try:
                _c.wipe(identity.shared_with(peer.public_key))
            except ValueError as error:
                raise fault("peers[{}].public_key".format(i), error) from None
    finally:
        identity.wipe()
