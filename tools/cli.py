# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors

"""The command line, wgpy: which command is where."""

import difflib
import errno
import importlib
import keyword

import click

from . import __doc__ as about
from .console import fail

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

_SENTENCE = 200  # the first one of a command's help is its line in the list
_STATUS = "Exit status: 0 done, 1 not, 2 wrong usage."  # of commands that do not say their own


class Commands(click.Group):
    """The commands of the table, in its order."""

    def list_commands(self, ctx):
        return [name for section in COMMANDS.values() for name in section]

    def get_command(self, ctx, name):
        for section in COMMANDS.values():
            if name in section:
                module = importlib.import_module(f".commands.{section[name]}", __package__)
                command = getattr(module, name + "_" * keyword.iskeyword(name))
                if "xit status" not in command.help:
                    command.epilog = _STATUS
                return command
        return None

    def invoke(self, ctx):
        """Files and devices fail anywhere: the reason in a line, and no traceback."""
        try:
            return super().invoke(ctx)
        except OSError as e:
            if e.errno == errno.EPIPE:  # whoever read has enough: click knows
                raise
            fail(f"{e.filename}: {e.strerror}" if e.filename else e.strerror or str(e))

    def resolve_command(self, ctx, args):
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            close = difflib.get_close_matches(args[0], self.list_commands(ctx), 1)
            if close:
                error.message += f" Did you mean {close[0]}?"
            raise

    def format_commands(self, ctx, formatter):
        width = max(map(len, self.list_commands(ctx)))
        for title, section in COMMANDS.items():
            commands = [(name, self.get_command(ctx, name)) for name in section]
            with formatter.section(title):
                formatter.write_dl(
                    [(n.ljust(width), c.get_short_help_str(_SENTENCE)) for n, c in commands]
                )


@click.group(cls=Commands, help=about, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="wgpy")
def main():
    pass
