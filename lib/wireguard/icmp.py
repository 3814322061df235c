# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
"""What the network says about packets that it did not deliver (RFC 792): for the diagnosis."""

import socket

from micropython import const

_RAW = getattr(socket, "SOCK_RAW", 3)
_ICMP = const(1)
_UNREACHABLE = const(3)
_PORT = const(3)
_REASONS = {
    0: "network unreachable",
    1: "host unreachable",
    4: "packet too big",
    9: "network prohibited",
    10: "host prohibited",
    13: "prohibited by a filter",
}


class Complaints:
    """Listens for ICMP's "destination unreachable". `close` it."""

    def __init__(self):
        self._socket = socket.socket(socket.AF_INET, _RAW, _ICMP)
        self._socket.setblocking(False)

    def close(self):
        self._socket.close()

    def about(self, host, port=None):
        """(who says it, what) of the first packet to host (and UDP port) that came back, or None.

        What has arrived since the last call is looked at. what: "port unreachable", ...
        """
        found = None
        while True:
            try:
                packet = self._socket.recv(128)
            except OSError:
                return found
            found = found or parse(packet, host, port)


def parse(packet, host, port=None):
    """(sender, reason) if the IP packet complains about one to host (and UDP port), else None."""
    header = (packet[0] & 0x0F) * 4 if packet else 0
    if len(packet) < header + 36 or packet[header] != _UNREACHABLE:
        return None
    inner = packet[header + 8 :]
    if _text(inner[16:20]) != host:
        return None
    at = (inner[0] & 0x0F) * 4
    if port is not None and (inner[9] != 17 or inner[at + 2] << 8 | inner[at + 3] != port):
        return None
    code = packet[header + 1]
    if code == _PORT:
        return _text(packet[12:16]), "port unreachable"
    return _text(packet[12:16]), _REASONS.get(code, "unreachable, code {}".format(code))


def _text(address):
    return ".".join([str(b) for b in address])
