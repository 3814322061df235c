# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors

"""Ask a board where its tunnel fails: what only the host can see, then the board's own doctor."""

import json
from collections.abc import Callable
from dataclasses import dataclass

from .ports import BoardError
from .remote import ProgramError, Remote

OK, WARNING, FAILED = "ok", "warning", "failed"

_MARK = "FINDING "
_SILENT_SECONDS = 120  # the longest step without a word: a dead DNS server, asked four times

_LOOK = """
def _look():
    import json, os, sys
    def there(name):
        try:
            __import__(name)
            return ""
        except ImportError as e:
            return str(e)
    machine = getattr(sys.implementation, "_machine", sys.platform)
    version = ".".join([str(n) for n in sys.implementation.version[:3]])
    print(json.dumps([machine, version, there("_wireguard"), there("wireguard"), there("ping")]))
_look()
"""
_EXAMINE = f"""
def _examine():
    import json, wireguard
    wireguard.doctor("wg.json", lambda *finding: print({_MARK!r} + json.dumps(finding)))
_examine()
"""


@dataclass(frozen=True)
class Finding:
    step: str
    verdict: str  # OK, WARNING, FAILED
    text: str
    advice: str = ""


def examine(port: str | None, found: Callable[[Finding], None]) -> bool:
    """Call found() for each step as it is done. True if nothing failed."""
    try:
        board = Remote(port)
    except BoardError as e:
        found(Finding("board", FAILED, str(e), e.advice))
        return False
    with board:
        return _software(board, found) and _ask(board, found)


def _software(board, found):
    """The board's firmware and library."""
    machine, version, module, package, ping = json.loads(board.run(_LOOK))
    found(Finding("board", OK, f"{machine}, MicroPython {version}, on {board.port}"))
    if module:
        advice = "Flash one that has: wgpy flash"
        found(Finding("firmware", FAILED, "it has no WireGuard", advice))
        return False
    if package or ping:
        advice = "Bring it there: wgpy deploy"
        found(Finding("library", FAILED, f"it is not there: {package or ping}", advice))
        return False
    return True


def _ask(board, found):
    """The board's own doctor. What is printed besides, by hooks for one, is left out."""
    sound = True

    def line(text):
        nonlocal sound
        if text.startswith(_MARK):
            finding = Finding(*json.loads(text[len(_MARK) :]))
            sound = sound and finding.verdict != FAILED
            found(finding)

    try:
        board.lines(_EXAMINE, line, _SILENT_SECONDS)
    except ProgramError as e:
        advice = "Library and firmware may be of different times: wgpy flash, then wgpy deploy"
        found(Finding("doctor", FAILED, str(e), advice))
        return False
    return sound
