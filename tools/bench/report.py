# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors

"""What `make bench` has measured: figures by name, a table, a plot."""

import statistics
from pathlib import Path

import pygal
from pygal.style import CleanStyle

from .throughput import CONNECTIONS, PEERS

WAYS = ("tunnel", "plain", "wireguard-go")
KINDS = {
    "tcp_down": "TCP, to the device",
    "tcp_up": "TCP, from the device",
    "udp_down": "UDP, 1392 B, to the device",
    "udp_up": "UDP, 1392 B, from the device",
    "udp_down_64": "UDP, 64 B, to the device",
    "udp_up_64": "UDP, 64 B, from the device",
}
WIRE = "uplink"  # the thread that is the wire, and the host's network stack


def figures(results: dict) -> dict[str, float]:
    """{name: figure} of all medians: WAY.CASE.mbit_s, .packets_s, .cpu_s_per_gb, .ms, .loss."""
    found = {}
    for way, of_way in results.items():
        for case, rounds in of_way.items():
            name = f"{way}.{case}"
            if "ms" in rounds[0]:
                found[f"{name}.ms"] = _median(rounds, lambda r: r["ms"])
                continue
            found[f"{name}.mbit_s"] = _median(rounds, lambda r: r["bytes"] * 8e-6 / r["seconds"])
            found[f"{name}.cpu_s_per_gb"] = _median(rounds, _cpu_per_gb)
            if "packets" in rounds[0]:
                found[f"{name}.packets_s"] = _median(rounds, lambda r: r["packets"] / r["seconds"])
                found[f"{name}.cpu_us_per_packet"] = _median(
                    rounds, lambda r: _cpu(r) * 1e6 / max(1, _packets(r))
                )
            if "sent" in rounds[0]:
                found[f"{name}.loss"] = _median(
                    rounds, lambda r: 1 - r["packets"] / max(1, r["sent"])
                )
    return {name: float(f"{value:.4g}") for name, value in found.items()}


def _median(rounds, value):
    return statistics.median(value(r) for r in rounds)


def _cpu(result):
    """CPU seconds of everything but the wire."""
    return sum(spent for thread, spent in result["cpu"].items() if thread != WIRE)


def _packets(result):
    """That have cost something: also those that got lost on their way."""
    return result.get("sent", result["packets"])


def _cpu_per_gb(result):
    size = result["bytes"]
    if "sent" in result and result["packets"]:
        size *= result["sent"] / result["packets"]
    return _cpu(result) * 1e9 / max(1, size)


def markdown(found: dict[str, float]) -> str:
    """The figures as tables, to be pasted into docs/performance.md."""
    lines = [
        "| | tunnel | plain | wireguard-go | tunnel / plain | tunnel / wireguard-go |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    for case, title in KINDS.items():
        unit = "packets_s" if case.endswith("_64") else "mbit_s"
        shown = "packets/s" if case.endswith("_64") else "Mbit/s"
        lines.append(_row(found, f"{title}, {shown}", case, unit))
    for case, title in KINDS.items():
        if case.endswith("_64"):
            lines.append(_row(found, f"CPU µs per packet: {title}", case, "cpu_us_per_packet"))
        else:
            lines.append(_row(found, f"CPU s per GB: {title}", case, "cpu_s_per_gb"))
    lines.append(_row(found, "question to answer (UDP, 64 B), ms", "latency", "ms"))
    lines += ["", _growth(found), "", _peers(found)]
    return "\n".join(lines) + "\n"


def _row(found, title, case, unit):
    values = [found.get(f"{way}.{case}.{unit}") for way in WAYS]
    cells = ["–" if v is None else f"{v:.3g}" if v < 100 else f"{v:.0f}" for v in values]
    for other in values[1:]:
        cells.append("–" if not (values[0] and other) else f"{values[0] / other:.2f}")
    return "| " + " | ".join([title, *cells]) + " |"


def _growth(found):
    rows = ["| connections | " + " | ".join(map(str, CONNECTIONS)) + " |"]
    rows.append("|---|" + "---:|" * len(CONNECTIONS))
    for way, kind in (("tunnel", "tcp_down"), ("plain", "tcp_down"), ("tunnel", "tcp_up")):
        rows.append(
            f"| {way}, {KINDS[kind]}, Mbit/s | "
            + " | ".join(
                _cell(found, f"{way}.{kind}{'' if n == 1 else f'_{n}'}.mbit_s")
                for n in CONNECTIONS
            )
            + " |"
        )
    return "\n".join(rows)


def _peers(found):
    rows = ["| peers, in turn | " + " | ".join(map(str, PEERS)) + " |"]
    rows.append("|---|" + "---:|" * len(PEERS))
    for unit, title in (("packets_s", "echoes of 64 B a second"), ("cpu_us_per_packet", "CPU µs")):
        cells = [_cell(found, f"tunnel.echo_{n}_peers.{unit}") for n in PEERS]
        rows.append(f"| {title} | " + " | ".join(cells) + " |")
    return "\n".join(rows)


def _cell(found, name):
    value = found.get(name)
    return "–" if value is None else f"{value:.3g}" if value < 100 else f"{value:.0f}"


def plot(found: dict[str, float], path: Path):
    """An SVG: throughput over the number of connections."""
    chart = pygal.Line(
        style=CleanStyle,
        title="Throughput in the tunnel and without it",
        x_title="TCP connections at once",
        y_title="Mbit/s of payload",
        legend_at_bottom=True,
        js=[],
    )
    chart.x_labels = [str(n) for n in CONNECTIONS]
    for way in ("tunnel", "plain"):
        for kind, title in (("tcp_down", "to the device"), ("tcp_up", "from the device")):
            names = [f"{way}.{kind}{'' if n == 1 else f'_{n}'}.mbit_s" for n in CONNECTIONS]
            chart.add(f"{way}, {title}", [found.get(name) for name in names])
    path.write_bytes(chart.render())
