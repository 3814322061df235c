# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors

"""The command line, wgpy: which command is where."""

import importlib
import keyword

import click

from . import __doc__ as about

# By section of the help: command -> its module in wgpy.commands. The function has the command's
# name (`import_` for `import`). A module is loaded when its command is asked for.
COMMANDS = {
    "Keys": {"genkey": "keys", "pubkey": "keys", "genpsk": "keys"},
    "Configuration": {
        "import": "conf",
        "export": "conf",
        "pair": "pair",
        "check": "check",
        "schema": "schema",
    },
    "A board": {
        "flash": "flash",
        "deploy": "deploy",
        "doctor": "doctor",
        "monitor": "monitor",
        "capture": "capture",
    },
    "The device on this computer": {
        "gateway": "host",
        "run": "host",
        "ping": "host",
        "bench": "bench",
    },
}


class Commands(click.Group):
    """The commands of the table, in its order."""

    def list_commands(self, ctx):
        return [name for section in COMMANDS.values() for name in section]

    def get_command(self, ctx, name):
        for section in COMMANDS.values():
            if name in section:
                module = importlib.import_module(f".commands.{section[name]}", __package__)
                return getattr(module, name + "_" * keyword.iskeyword(name))
        return None

    def format_commands(self, ctx, formatter):
        width = max(map(len, self.list_commands(ctx)))
        for title, section in COMMANDS.items():
            with formatter.section(title):
                limit = formatter.width - width - 6
                formatter.write_dl(
                    [
                        (n.ljust(width), self.get_command(ctx, n).get_short_help_str(limit))
                        for n in section
                    ]
                )


@click.group(cls=Commands, help=about, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="wgpy")
def main():
    pass
