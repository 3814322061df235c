# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors

"""import, export: wg-quick's .conf to wg.json and back."""

import sys
from pathlib import Path

import click
from rich.text import Text

from ..configuration import conf, qr, wgjson
from ..console import err, fail, out
from ..files import write_private
from .options import output_option, wifi_option


@click.command("import")
@click.argument("file", type=click.Path(dir_okay=False, allow_dash=True, path_type=Path))
@output_option
@wifi_option
@click.option("--force", is_flag=True, help="Replace the tunnel in an existing output file.")
def import_(file, output, wifi, force):
    """Make wg.json from FILE, a .conf of wg-quick ("-": standard input).

    Every key is carried over or named with the reason why a board has no use for it. What an
    existing wg.json says of wifi, lan and ping stays.

    \b
    Examples:  wgpy import wg0.conf
               wgpy import office.conf -o office.json --wifi "My network"
               ssh server cat board.conf | wgpy import -

    Exit status: 0 written, 1 not, 2 wrong usage.
    """
    try:
        text = sys.stdin.read() if str(file) == "-" else file.read_text(encoding="utf-8")
        data, notes = conf.to_json(text)
    except OSError as e:
        fail(f"{file} cannot be read: {e.strerror}", "Name a .conf file, or - for standard input.")
    except UnicodeDecodeError:
        fail(f"{file} is not a text", "Name the .conf file itself, not an archive or a picture.")
    except conf.ConfError as e:
        fail(f"{file}: {e}", "Mend that line and import again; nothing was written.")
    wgjson.write(output, data, force, wifi)
    peers = len(data["peers"])
    out.print(f"{output}: {', '.join(data['interface']['address'])}, {_count(peers, 'peer')}")
    _say(notes, "not carried over")
    out.print(f"Next:  wgpy check {output}")


@click.command()
@click.argument("wg", type=click.Path(dir_okay=False, path_type=Path), default="wg.json")
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, allow_dash=True, path_type=Path),
    help='Where to write the .conf; "-" is standard output.',
)
@click.option("--qr", "show_qr", is_flag=True, help="Show it as a QR code, for a phone.")
@click.option("--force", is_flag=True, help="Replace an existing output file.")
def export(wg, output, show_qr, force):
    """Make a .conf of wg-quick from WG, a wg.json.

    It holds the private key: the file is readable by its owner only, and nothing is shown unless
    asked for with "-o -" or --qr. Two devices cannot share a key: move it, do not copy it.

    \b
    Examples:  wgpy export wg.json -o wg0.conf
               wgpy export wg.json --qr

    Exit status: 0 written or shown, 1 not, 2 wrong usage.
    """
    if not output and not show_qr:
        raise click.UsageError("say where to: -o FILE, -o - or --qr")
    text, notes = conf.from_json(wgjson.with_key(wgjson.read(wg), wg))
    code = qr.draw(text) if show_qr else None
    if output and str(output) != "-":
        if output.exists() and not force:
            fail(f"{output} exists", "Name another file with -o, or replace it with --force.")
        try:
            write_private(output, text)
        except OSError as e:
            fail(f"{output} cannot be written: {e.strerror}", "Name another file with -o.")
        err.print(f"{output}: for wg-quick, readable by you only")
    elif output:
        click.echo(text, nl=False)
    if code:
        qr.show(code)
    _say(notes, "not in the .conf")


def _say(notes, title):
    for note in notes:
        err.print(
            Text(f"  {title}: ", "yellow") + Text(f"{note.what}: {note.why}"), soft_wrap=True
        )


def _count(number, what):
    return f"{number} {what}{'' if number == 1 else 's'}"
