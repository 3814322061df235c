# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors

"""genkey, pubkey, genpsk: as `wg` has them."""

import sys

import click

from .. import keys
from ..console import fail


@click.command()
def genkey():
    """Print a new private key.

    \b
    Example:  (umask 077; wgpy genkey | tee private.key | wgpy pubkey)
    """
    click.echo(keys.genkey())


@click.command()
def pubkey():
    """Read a private key from standard input, print its public key.

    \b
    Example:  wgpy pubkey < private.key
    """
    try:
        click.echo(keys.pubkey(sys.stdin.read().strip()))
    except keys.KeyFormatError as e:
        fail(str(e), "A key is 44 characters of base64, as genkey prints it.")


@click.command()
def genpsk():
    """Print a new preshared key, the same for both peers.

    \b
    Example:  (umask 077; wgpy genpsk > shared.psk)
    """
    click.echo(keys.genpsk())
