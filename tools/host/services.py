# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors

r"""Small servers that speak to the device inside the tunnel.

A handler takes a reader and a writer. mitmproxy_rs's streams are both at once, asyncio's streams
are a pair, so the same handlers serve behind every gateway. Ports are those of RFC 862 to 864
where one exists:

=====  ====  ==============================================================================
port   kind  what it does
=====  ====  ==============================================================================
7      TCP   echo
7      UDP   echo, a datagram at a time
9      TCP   discard: reads "<bytes>\n" and that many bytes, answers "<bytes> <sha256>\n"
9      UDP   discard, a datagram at a time, answered like that
19     TCP   chargen: reads "<bytes>\n", answers that many bytes of `pattern`
80     TCP   one small HTTP page
=====  ====  ==============================================================================
"""

import asyncio
import contextlib
import hashlib
from functools import cache, partial

CHUNK = 16384
PAGE = b"""<!doctype html>
<title>Inside the tunnel</title>
<h1>Hello from inside the tunnel</h1>
<p>Whoever reads this has come by WireGuard.
"""


@cache
def pattern(size: int) -> bytes:
    """size bytes that never repeat: SHA-256 of 0, 1, 2, ... as 8 big-endian bytes each."""
    blocks = (hashlib.sha256(i.to_bytes(8, "big")).digest() for i in range((size + 31) // 32))
    return b"".join(blocks)[:size]


async def echo(reader, writer):
    while data := await reader.read(65536):
        writer.write(data)
        await writer.drain()


async def discard(reader, writer):
    size, _, data = (await read_until(reader, b"\n", CHUNK)).partition(b"\n")
    total, digest = len(data), hashlib.sha256(data)
    while total < int(size) and (data := await reader.read(CHUNK)):
        total += len(data)
        digest.update(data)
    writer.write(_receipt(total, digest))
    await writer.drain()


def _receipt(total: int, digest) -> bytes:
    return f"{total} {digest.hexdigest()}\n".encode()


async def chargen(reader, writer):
    request = await read_until(reader, b"\n", 32)
    data = pattern(int(request))
    for start in range(0, len(data), CHUNK):
        writer.write(data[start : start + CHUNK])
        await writer.drain()


async def http(reader, writer):
    request = await read_until(reader, b"\r\n\r\n", 8192)
    method, path, _ = (request.split(b"\r\n")[0] + b"  ").split(b" ", 2)
    found = method == b"GET" and path == b"/"
    body = PAGE if found else b"not here\n"
    writer.write(
        b"HTTP/1.1 " + (b"200 OK" if found else b"404 Not Found") + b"\r\n"
        b"Content-Type: text/html\r\n"
        b"Content-Length: " + str(len(body)).encode() + b"\r\n"
        b"Connection: close\r\n\r\n" + body
    )
    await writer.drain()


async def read_until(reader, end: bytes, limit: int) -> bytes:
    """What arrives up to and including end. Raises ValueError past limit or at an early end."""
    data = b""
    while end not in data:
        more = await reader.read(limit)
        data += more
        if not more or len(data) > limit:
            raise ValueError("no complete request")
    return data


TCP = {7: echo, 9: discard, 19: chargen, 80: http}
UDP = {7: bytes, 9: lambda data: _receipt(len(data), hashlib.sha256(data))}


@contextlib.contextmanager
def _serving(writer):
    """Close the stream at the end. What a device breaks off or asks wrongly is its own affair."""
    with contextlib.suppress(OSError, ValueError):
        try:
            yield
        finally:
            writer.close()


async def serve_tcp(port: int, reader, writer):
    """Serve one connection to a port."""
    with _serving(writer):
        if handler := TCP.get(port):
            await handler(reader, writer)


async def serve_udp(port: int, reader, writer):
    """Serve one flow of datagrams to a port, where the gateway tells flows apart."""
    with _serving(writer):
        while (data := await reader.read(65536)) and (answer := UDP.get(port)):
            writer.write(answer(data))
            await writer.drain()


class _Datagrams(asyncio.DatagramProtocol):
    """A UDP port of an ordinary host: the same answers, without streams."""

    def __init__(self, answer):
        self._answer = answer

    def connection_made(self, transport):
        self._transport = transport

    def datagram_received(self, data, addr):
        self._transport.sendto(self._answer(data), addr)


async def listen(address: str) -> list:
    """Offer the services on an ordinary host's address. Returns what to close() to stop."""
    loop = asyncio.get_running_loop()
    servers = []
    for port in TCP:
        servers.append(await asyncio.start_server(partial(serve_tcp, port), address, port))
    for port, answer in UDP.items():
        protocol = partial(_Datagrams, answer)
        transport, _ = await loop.create_datagram_endpoint(protocol, local_addr=(address, port))
        servers.append(transport)
    return servers
