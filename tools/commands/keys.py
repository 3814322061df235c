# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors

"""genkey, pubkey, genpsk: as `wg` has them."""

import os
import stat
import sys

import click

from .. import keys
from ..console import err, fail


@click.command()
def genkey():
    """Print a new private key.

    \b
    Example:  (umask 077; wgpy genkey | tee private.key | wgpy pubkey)
    """
    _print_secret(keys.genkey())


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
    _print_secret(keys.genpsk())


def _print_secret(key):
    """With wg's warning if it goes into a file that everybody can read."""
    try:
        mode = os.fstat(sys.stdout.fileno()).st_mode
    except OSError:  # not a file at all
        mode = 0
    if stat.S_ISREG(mode) and mode & stat.S_IRWXO and os.name == "posix":
        err.print("[yellow]warning:[/] others can read this file; make it under: umask 077")
    click.echo(key)
