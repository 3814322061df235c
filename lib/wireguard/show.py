# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
"""The status of a tunnel as `wg show` prints it."""

_UNITS = (
    (365 * 24 * 3600, "year"),
    (24 * 3600, "day"),
    (3600, "hour"),
    (60, "minute"),
    (1, "second"),
)


def text(status):
    """What `wg show` would print about the dict of `Tunnel.status()`."""
    lines = [
        "interface: " + status["name"],
        "  public key: " + status["public_key"],
        "  private key: (hidden)",
    ]
    if status["listen_port"]:
        lines.append("  listening port: {}".format(status["listen_port"]))
    for peer in status["peers"]:
        lines.append("")
        lines.extend(_peer(peer))
    if status["errors"]:
        lines.append("\nerrors: {}; the tunnel's last_error says which".format(status["errors"]))
    return "\n".join(lines)


def _peer(peer):
    yield "peer: " + peer["public_key"]
    if peer["preshared_key"]:
        yield "  preshared key: (hidden)"
    if peer["endpoint"]:
        yield "  endpoint: " + endpoint(peer["endpoint"])
    yield "  allowed ips: " + (", ".join(peer["allowed_ips"]) or "(none)")
    if peer["handshake_age"] is not None:
        yield "  latest handshake: " + ago(peer["handshake_age"])
    if peer["rx_bytes"] or peer["tx_bytes"]:
        yield "  transfer: {} received, {} sent".format(
            size(peer["rx_bytes"]), size(peer["tx_bytes"])
        )
    if peer["persistent_keepalive"]:
        yield "  persistent keepalive: every " + duration(peer["persistent_keepalive"])
    if peer["trying"]:
        yield "  trying: " + peer["trying"]


def endpoint(address):
    """Text of (host, port)."""
    host, port = address
    return "[{}]:{}".format(host, port) if ":" in host else "{}:{}".format(host, port)


def ago(seconds):
    return duration(seconds) + " ago" if seconds else "Now"


def duration(seconds):
    """ "1 minute, 5 seconds"."""
    parts = []
    for length, unit in _UNITS:
        count, seconds = divmod(seconds, length)
        if count:
            parts.append("{} {}{}".format(count, unit, "" if count == 1 else "s"))
    return ", ".join(parts)


def size(count):
    """ "1.24 KiB". In whole numbers: single-precision floats would lose digits."""
    if count < 1024:
        return "{} B".format(count)
    scale, unit = 1024, "KiB"
    for larger in ("MiB", "GiB", "TiB"):
        if count < scale * 1024:
            break
        scale, unit = scale * 1024, larger
    hundredths = (count * 100 + scale // 2) // scale
    return "{}.{:02d} {}".format(hundredths // 100, hundredths % 100, unit)
