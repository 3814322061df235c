# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors

"""A WireGuard gateway on loopback: boringtun, as PyPI's mitmproxy_rs carries it.

It needs no root and no interface: boringtun speaks WireGuard, a small TCP/IP stack behind it
answers ICMP echo and hands the TCP and UDP streams to Python.
"""

from .. import keys
from . import services

ADDRESS = "192.168.4.254"
DEVICE_ADDRESS = "192.168.4.48/24"
NETWORK = "192.168.4.0/24"
PORT = 58120
HOST_SEEN_BY_DEVICE = "10.0.2.2"  # libslirp's name for the host's loopback


class Gateway:
    """One gateway and the keys of the one device it knows. An async context manager."""

    def __init__(
        self,
        port: int = PORT,
        host: str = "127.0.0.1",
        offered=services,
        device_key: str | None = None,
    ):
        """host is the address to listen on; port 0 takes any free one.

        offered: a module with serve_tcp and serve_udp; device_key: of a device there is already.
        """
        self.host, self.port = host, port
        self._offered = offered
        self._private_key, self._device_key = keys.genkey(), device_key or keys.genkey()
        self.public_key = keys.pubkey(self._private_key)
        self.device_public_key = keys.pubkey(self._device_key)
        self._server = None

    def config(self, endpoint_host: str = HOST_SEEN_BY_DEVICE) -> dict:
        """The matching wg.json of the device, as a dict."""
        return {
            "interface": {"private_key": self._device_key, "address": [DEVICE_ADDRESS]},
            "peers": [
                {
                    "public_key": self.public_key,
                    "endpoint": f"{endpoint_host}:{self.port}",
                    "allowed_ips": [NETWORK],
                    "persistent_keepalive": 25,
                }
            ],
            "wifi": {"ssid": "slirp", "password": "not needed here"},
            "ping": {"host": ADDRESS, "count": 5},
        }

    async def __aenter__(self):
        await self.start()
        return self

    async def __aexit__(self, *exc):
        await self.stop()

    async def start(self):
        """Raises OSError when the port is taken."""
        try:
            import mitmproxy_rs  # not needed for boards, and not there for every computer
        except ImportError as e:
            raise OSError(f"{e}; install it with: tools/setup python") from None
        try:
            self._server = await mitmproxy_rs.wireguard.start_wireguard_server(
                self.host,
                self.port,
                self._private_key,
                [self.device_public_key],
                self._tcp,
                self._udp,
            )
        except RuntimeError as e:  # how Rust's errors arrive: the reason, then a stack trace
            raise OSError(str(e).partition("\n")[0]) from None
        self.port = self._server.getsockname()[1]

    async def stop(self):
        if self._server is None:
            return
        self._server.close()
        await self._server.wait_closed()
        self._server = None

    async def _tcp(self, stream):
        port = stream.get_extra_info("sockname")[1]
        await self._offered.serve_tcp(port, stream, stream)

    async def _udp(self, stream):
        port = stream.get_extra_info("sockname")[1]
        await self._offered.serve_udp(port, stream, stream)
