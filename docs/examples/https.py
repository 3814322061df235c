# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
"""An HTTPS request through the tunnel, with the server's certificate checked.

Beside wg.json lies ca.der, the certificate of the authority that signed the server's. In asyncio,
so that the program goes on meanwhile; `requests.get("https://...")` works too, but checks
nothing.
"""

import asyncio
import time

import tls
import wireguard

HOST = "192.168.4.254"  # inside the tunnel
NAME = "gateway.internal"  # in the server's certificate
PORT = 8443


async def get(path):
    """The status line and the body of an answer that says its length."""
    context = tls.SSLContext(tls.PROTOCOL_TLS_CLIENT)
    context.verify_mode = tls.CERT_REQUIRED
    with open("ca.der", "rb") as file:
        context.load_verify_locations(file.read())
    reader, writer = await asyncio.open_connection(HOST, PORT, ssl=context, server_hostname=NAME)
    try:
        writer.write("GET {} HTTP/1.0\r\nHost: {}\r\n\r\n".format(path, NAME).encode())
        await writer.drain()
        status, length = await reader.readline(), 0
        while header := (await reader.readline()).strip().lower():
            if header.startswith(b"content-length:"):
                length = int(header[15:])
        return status.strip().decode(), await reader.readexactly(length)
    finally:
        writer.close()
        await writer.wait_closed()


async def main():
    async with wireguard.Tunnel("wg.json") as tunnel:
        await tunnel.connected()
        if time.gmtime()[0] < 2024:  # certificates have dates
            import ntptime

            ntptime.settime()
        status, body = await get("/")
        print(status)
        print(body.decode())


asyncio.run(main())
