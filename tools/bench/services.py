# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors

"""What `make bench` talks to, inside a tunnel and without one: as little work as there can be.

=====  ====  ==============================================================================
port   kind  what it does
=====  ====  ==============================================================================
7      UDP   echo
5001   TCP   sends until the other side has enough
5001   UDP   "<size> <count>" is answered with that many datagrams of that size
5002   TCP   reads until the other side has sent enough
5002   UDP   counts, and acknowledges every 16th; "?" is answered with "<number> <microseconds from
             the first to the last>"
=====  ====  ==============================================================================
"""

import asyncio
import contextlib
import socket
import time

SOURCE, SINK, ECHO = 5001, 5002, 7
ACKNOWLEDGED = 16
_CHUNK = bytes(65536)


async def _source(reader, writer):
    while True:
        writer.write(_CHUNK)
        await writer.drain()


async def _sink(reader, writer):
    while await reader.read(262144):
        pass


_TCP = {SOURCE: _source, SINK: _sink}


async def serve_tcp(port: int, reader, writer):
    """Serve one connection."""
    with contextlib.suppress(OSError, asyncio.CancelledError):  # asyncio complains of the latter
        try:
            if handler := _TCP.get(port):
                await handler(reader, writer)
        finally:
            writer.close()


def answers(port: int):
    """A function from a datagram to those that answer it, for one flow."""
    count = first = last = 0

    def source(data):
        size, number = data.split()
        return [bytes(int(size))] * int(number)

    def sink(data):
        nonlocal count, first, last
        if data == b"?":
            return [b"%d %d" % (count, (last - first) // 1000)]
        last = time.monotonic_ns()
        first = first or last
        count += 1
        return [] if count % ACKNOWLEDGED else [b"."]

    return {SOURCE: source, SINK: sink, ECHO: lambda data: [data]}[port]


async def serve_udp(port: int, reader, writer):
    """Serve one flow of datagrams, where the gateway tells flows apart."""
    answer = answers(port)
    with contextlib.suppress(OSError):
        while data := await reader.read(65536):
            for datagram in answer(data):
                writer.write(datagram)
            await writer.drain()


class _Datagrams(asyncio.DatagramProtocol):
    """A UDP port of an ordinary host."""

    def __init__(self, port):
        self._port, self._flows = port, {}

    def connection_made(self, transport):
        self._transport = transport
        s = transport.get_extra_info("socket")
        s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)

    def datagram_received(self, data, addr):
        if addr not in self._flows:
            self._flows[addr] = answers(self._port)
        for datagram in self._flows[addr](data):
            self._transport.sendto(datagram, addr)


async def listen(address: str) -> list:
    """Offer all of it on an ordinary host's address. Returns what to close() to stop."""
    loop = asyncio.get_running_loop()
    servers = []
    for port in _TCP:
        handler = lambda r, w, port=port: serve_tcp(port, r, w)  # noqa: E731
        servers.append(await asyncio.start_server(handler, address, port))
    for port in (SOURCE, SINK, ECHO):
        transport, _ = await loop.create_datagram_endpoint(
            lambda port=port: _Datagrams(port), local_addr=(address, port)
        )
        servers.append(transport)
    return servers
