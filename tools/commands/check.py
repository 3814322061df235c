# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors

"""check: would this wg.json do on a board what its author wants?"""

import sys
from pathlib import Path

import click
from rich.text import Text

from ..configuration import check as checker
from ..configuration import online as network
from ..configuration import pitfalls, repeats, routes, wgjson
from ..console import err, fail, out
from ..device_code import ConfigError
from ..files import read_text

_STYLES = {pitfalls.WARNING: ("!", "yellow"), pitfalls.NOTE: ("i", "cyan")}


@click.command()
@click.argument("wg", type=click.Path(dir_okay=False, path_type=Path), default="wg.json")
@click.option(
    "--online",
    is_flag=True,
    help="Also look the server up and greet it as the device. It never disturbs a board.",
)
@click.option("--strict", is_flag=True, help="Take warnings for errors.")
def check(wg, online, strict):
    """Check WG, a wg.json, before it goes to a board.

    It is read by the device's own code, so that what passes here passes there. Then come the
    routes that it makes, and what is valid and yet bites: overlapping networks, no keepalive
    behind NAT, mixed-up keys, too large an MTU and more.

    \b
    Examples:  wgpy check
               wgpy check office.json --online
               wgpy check --strict && wgpy deploy

    Exit status: 0 good, 1 not (or a warning with --strict, or no answer with --online), 2 wrong
    usage.
    """
    try:
        source = wgjson.load(wg)
        config = checker.load(source, wg)
    except ConfigError as e:
        fail(f"{wg}: {e}", "The device would say the same and start without the tunnel.")
    _introduce(wg, config)
    found = [*repeats.findings(read_text(wg)), *pitfalls.findings(config, source)]
    found += _files(wg, config, source)
    for finding in found:
        sign, style = _STYLES[finding.level]
        _print(sign, style, f"{finding.path}: {finding.text}", finding.advice)
    bad = strict and any(finding.level == pitfalls.WARNING for finding in found)
    if online:
        bad = not _online(config) or bad
    sys.exit(1 if bad else 0)


def _introduce(wg, config):
    out.print(Text("✓ ", "green") + Text(f"{wg} is valid"), soft_wrap=True)
    own = ", ".join(f"{address}/{prefix}" for address, prefix in config.addresses)
    rows = [("device", own), ("public key", checker.public_key(config) or "made on the board")]
    out.print(_table(rows))
    out.print("\nWhere packets go")
    out.print(_table(routes.explain(config)), soft_wrap=True)


def _table(rows) -> Text:
    width = max(len(name) for name, _ in rows)
    return Text("\n").join(Text(f"  {n.ljust(width)}  ", "cyan") + Text(v) for n, v in rows)


def _print(sign, style, text, advice=""):
    out.print(Text(f"\n{sign} ", f"bold {style}") + Text(text), soft_wrap=True)
    if advice:
        out.print(Text("  " + advice, "dim"), soft_wrap=True)


def _files(wg, config, source) -> list:
    """The files with secrets that others can read."""
    if sys.platform == "win32":
        return []
    secret = source["interface"].get("private_key") is not None or source.get("wifi")
    files = [file for file in (wg if secret else None, checker.key_file(config, wg)) if file]
    return [
        pitfalls.Finding(
            pitfalls.WARNING,
            str(file),
            "holds secrets and others can read it",
            f"chmod 600 {file}",
        )
        for file in files
        if file.stat().st_mode & 0o077
    ]


def _online(config) -> bool:
    """Ask around. True if every peer with an endpoint answers."""
    _clock()
    answers = [_peer(config, i) for i, peer in enumerate(config.peers) if peer.endpoint]
    if not answers:
        _print("i", "cyan", "no peer has an endpoint: there is nobody to ask")
    return all(answers)


def _clock():
    try:
        offset = network.clock_offset()
    except OSError:
        _print(
            "!",
            "yellow",
            "NTP does not answer here: from this network a board cannot set its clock either",
            "The tunnel works without. TLS certificates and logs want the time.",
        )
        return
    if abs(offset) > 60:
        _print("!", "yellow", f"this computer's clock is {abs(offset):.0f} seconds off", "Set it.")
    else:
        _print("✓", "green", "NTP answers: main.py can set the clock")


def _peer(config, i) -> bool:
    peer = config.peers[i]
    name = routes.peer_name(config, i)
    try:
        addresses = network.resolve(*peer.endpoint)
    except OSError as e:
        _print("✗", "red", f"{name}: no such name ({e.strerror})", "Is the endpoint's host right?")
        return False
    shown = ", ".join(address[0] for address in addresses)
    if config.private_key is None:
        _print("i", "cyan", f"{name}: {shown}; it cannot be greeted, the key is on the board")
        return True
    for address in addresses:
        with err.status(f"greeting {address[0]} ..."):
            answer = network.handshake(config, peer, address)
        if answer.what == "answered":
            text = (
                f"{name}: {address[0]} answered in {answer.milliseconds} ms and knows this device"
            )
            _print("✓", "green", text)
            return True
        if answer.what == "busy":
            _print(
                "✓", "green", f"{name}: {address[0]} answered that it is busy; keys unknown yet"
            )
            return True
    if answer.what == "unreachable":
        _print("✗", "red", f"{name}: {answer.reason} ({shown})", "Is this computer online?")
        return False
    _print(
        "✗",
        "red",
        f"{name}: no answer from {shown}",
        "A server is silent to whom it does not know: does it have this device's public key "
        f"({checker.public_key(config)}), the same preshared key, the public key and the port "
        "given here, and does a firewall let UDP through? It is also silent, and rightly, if the "
        "board has been connected to it before: then ask the board itself.",
    )
    return False
