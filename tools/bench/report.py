# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors

"""What `make bench` has measured: figures by name, a table, a plot."""

import statistics
from pathlib import Path

import pygal
from pygal.style import CleanStyle

from .throughput import CONNECTIONS, PEERS

WAYS = {
    "tunnel": "tunnel to boringtun",
    "tunnel-go": "tunnel to wireguard-go",
    "plain": "no tunnel",
    "wireguard-go": "wireguard-go to boringtun",
}
GROWING = ("tunnel", "tunnel-go", "plain")  # with the number of connections
BASES = {
    "tunnel": "plain.ping",
    "tunnel-go": "plain.ping",
    "wireguard-go": "wireguard-go.ping_plain",
}
RATIOS = (("tunnel-go", "plain"), ("tunnel", "wireguard-go"))
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
    """{name: figure} of all medians.

    WAY.CASE.mbit_s, .packets_s, .cpu_s_per_gb, .cpu_us_per_packet, .loss, .ms; .cores and
    .gateway: how many cores this side, its wire included, and the other kept busy; .dropped_s:
    what found lwIP's mailboxes full, a second.
    """
    found = {}
    for way, of_way in results.items():
        for case, rounds in of_way.items():
            name = f"{way}.{case}"
            if "ms" in rounds[0]:
                found[f"{name}.ms"] = _median(rounds, lambda r: r["ms"])
                continue
            found[f"{name}.mbit_s"] = _median(rounds, lambda r: r["bytes"] * 8e-6 / r["seconds"])
            found[f"{name}.cpu_s_per_gb"] = _median(rounds, _cpu_per_gb)
            found[f"{name}.dropped_s"] = _median(rounds, lambda r: r["dropped"] / r["seconds"])
            found[f"{name}.cores"] = _median(rounds, lambda r: _busy_with(r, "cpu"))
            found[f"{name}.gateway"] = _median(rounds, lambda r: _busy_with(r, "gateway"))
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


def _busy_with(result, side):
    return sum(result[side].values()) / result["seconds"]


def _packets(result):
    """That have cost something: also those that got lost on their way."""
    return result.get("sent", result["packets"])


def _cpu_per_gb(result):
    size = result["bytes"]
    if "sent" in result and result["packets"]:
        size *= result["sent"] / result["packets"]
    return _cpu(result) * 1e9 / max(1, size)


def markdown(found: dict[str, float]) -> str:
    """The figures as tables."""
    lines = [*_head("", RATIOS)]
    for case, title in KINDS.items():
        unit, shown = _unit(case)
        lines.append(_row(found, f"{title}, {shown}", case, unit))
    lines.append(_row(found, "question to answer (UDP, 64 B), ms", "latency", "ms"))
    lines.append(_row(found, "ping (ICMP echo, 56 B), ms", "ping", "ms"))
    lines += ["", *_head("CPU of the device, or of wireguard-go and its client", RATIOS)]
    for case, title in KINDS.items():
        if case.endswith("_64"):
            lines.append(_row(found, f"{title}, µs a packet", case, "cpu_us_per_packet"))
        else:
            lines.append(_row(found, f"{title}, s per GB", case, "cpu_s_per_gb"))
    lines += ["", *_head("cores kept busy, here + at the other end", ())]
    for case, title in KINDS.items():
        cells = [_busy(found, f"{way}.{case}") for way in WAYS]
        lines.append(f"| {title} | {' | '.join(cells)} |")
    lines += ["", _added(found), "", _growth(found), "", _peers(found)]
    return "\n".join(lines) + "\n"


def _unit(case):
    return ("packets_s", "packets/s") if case.endswith("_64") else ("mbit_s", "Mbit/s")


def _head(corner, ratios):
    titles = [corner, *WAYS.values(), *(f"{WAYS[a]} / {WAYS[b]}" for a, b in ratios)]
    return f"| {' | '.join(titles)} |", "|---|" + "---:|" * (len(titles) - 1)


def _busy(found, name):
    return f"{_number(found.get(f'{name}.cores'))} + {_number(found.get(f'{name}.gateway'))}"


def _added(found):
    """What a tunnel adds to a ping, beside the same two ends without it."""
    rows = ["| added to a ping by the tunnel, ms | |", "|---|---:|"]
    for way, without in BASES.items():
        values = found.get(f"{way}.ping.ms"), found.get(f"{without}.ms")
        cell = "–" if None in values else _number(values[0] - values[1])
        rows.append(f"| {WAYS[way]} | {cell} |")
    return "\n".join(rows)


def _row(found, title, case, unit):
    values = {way: found.get(f"{way}.{case}.{unit}") for way in WAYS}
    cells = [_number(value) for value in values.values()]
    for one, other in RATIOS:
        known = values[one] and values[other]
        cells.append(f"{values[one] / values[other]:.2f}" if known else "–")
    return "| " + " | ".join([title, *cells]) + " |"


def _number(value):
    if value is None:
        return "–"
    return f"{value:.3g}" if value < 100 else f"{value:.0f}"


def _growth(found):
    rows = ["| connections | " + " | ".join(map(str, CONNECTIONS)) + " |"]
    rows.append("|---|" + "---:|" * len(CONNECTIONS))
    for kind in ("tcp_down", "tcp_up"):
        for way in GROWING:
            names = _names(way, kind)
            cells = [_number(found.get(name)) for name in names]
            rows.append(f"| {WAYS[way]}, {KINDS[kind]}, Mbit/s | {' | '.join(cells)} |")
    names = _names("tunnel-go", "tcp_down", "dropped_s")
    cells = [_number(found.get(name)) for name in names]
    full = f"{WAYS['tunnel-go']}, {KINDS['tcp_down']}, packets/s that found a mailbox full"
    rows.append(f"| {full} | {' | '.join(cells)} |")
    return "\n".join(rows)


def _names(way, kind, unit="mbit_s"):
    """Of a figure over the number of connections."""
    return [f"{way}.{kind}{'' if n == 1 else f'_{n}'}.{unit}" for n in CONNECTIONS]


def _peers(found):
    rows = ["| peers, in turn | " + " | ".join(map(str, PEERS)) + " |"]
    rows.append("|---|" + "---:|" * len(PEERS))
    for unit, title in (("packets_s", "echoes of 64 B a second"), ("cpu_us_per_packet", "CPU µs")):
        cells = [_number(found.get(f"tunnel.echo_{n}_peers.{unit}")) for n in PEERS]
        rows.append(f"| {title} | " + " | ".join(cells) + " |")
    return "\n".join(rows)


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
    for way in GROWING:
        for kind, title in (("tcp_down", "to the device"), ("tcp_up", "from the device")):
            chart.add(f"{WAYS[way]}, {title}", [found.get(n) for n in _names(way, kind)])
    path.write_bytes(chart.render())
