# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors

"""The status of a board's tunnels, asked again and again, and rates from one time to the next."""

import json
import time
from dataclasses import dataclass

from ..device_code import show
from .remote import Remote

_ASK = """
def _ask():
    import json, sys
    module = sys.modules.get("wireguard")
    found = module.tunnels() if hasattr(module, "tunnels") else []
    print(json.dumps([t.status() for t in found]))
_ask()
"""


@dataclass(frozen=True)
class Rate:
    """Bytes a second."""

    received: float
    sent: float


class Monitor:
    """look() as often as one likes."""

    def __init__(self, board: Remote):
        self._board = board
        self._before = {}  # (interface, peer): (when, received, sent)

    def look(self) -> list[tuple[dict, dict[str, Rate]]]:
        """[(status of a tunnel, {peer's public key: Rate since the last look})]."""
        tunnels = json.loads(self._board.run(_ASK))
        return [(status, self._rates(status)) for status in tunnels]

    def _rates(self, status):
        now, rates = time.monotonic(), {}
        for peer in status["peers"]:
            key = status["name"], peer["public_key"]
            received, sent = peer["rx_bytes"], peer["tx_bytes"]
            then, *before = self._before.get(key, (None, 0, 0))
            if then is not None and received >= before[0] and sent >= before[1]:
                span = max(now - then, 1e-3)
                rates[peer["public_key"]] = Rate(
                    (received - before[0]) / span, (sent - before[1]) / span
                )
            self._before[key] = now, received, sent
        return rates


def text(status: dict, rates: dict[str, Rate]) -> str:
    """As `wg show`, with rates, and what was dropped if something was."""
    lines, peer = [], None
    for line in show.text(status).splitlines():
        lines.append(line)
        if line.startswith("peer: "):
            peer = line[6:]
        elif line.startswith("  transfer: ") and peer in rates:
            rate = rates[peer]
            lines.append(
                f"  now: {show.size(int(rate.received))}/s received, "
                f"{show.size(int(rate.sent))}/s sent"
            )
    drops = [f"{reason} {count}" for reason, count in sorted(status["drops"].items()) if count]
    if drops:
        lines += ["", "dropped: " + ", ".join(drops)]
    return "\n".join(lines)
