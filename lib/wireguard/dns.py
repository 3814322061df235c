# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
"""The DNS server of wg.json: set when there is a session, put back when there is not."""


class Servers:
    """MicroPython's `network.ipconfig` knows one server, so the first one given is used."""

    def __init__(self, servers):
        self._server = servers[0] if servers else None
        self._before = None

    def apply(self):
        if self._server is None or self._before is not None:
            return
        try:
            import network

            before = network.ipconfig("dns")
            network.ipconfig(dns=self._server)
        except (ImportError, AttributeError, ValueError, TypeError, OSError):
            return  # a port without this setting
        self._before = before

    def restore(self):
        if self._before is None:
            return
        import network

        before, self._before = self._before, None
        network.ipconfig(dns=before)
