# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors

"""schema: what editors complete wg.json by."""

import click

from ..configuration import schema as work


@click.command()
@click.option("--markdown", is_flag=True, help="The reference, docs/wg-json.md, instead.")
def schema(markdown):
    """Print the JSON Schema of wg.json.

    \b
    Example:  wgpy schema > wg.schema.json
    and in wg.json:  "$schema": "wg.schema.json"
    """
    click.echo(work.markdown() if markdown else work.PATH.read_text(encoding="utf-8"), nl=False)
