# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
"""A web page that only those in the tunnel can see: the board's state, nothing on the Wi-Fi.

Copy it to the board as main.py and open http://192.168.4.48/ from the gateway's side. The server
listens on the tunnel's own address, and what arrives for that from outside the tunnel is dropped.
"""

import asyncio
import gc
import time

import wireguard

PAGE = """HTTP/1.0 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n<!DOCTYPE html>
<title>Board</title>
<p>up for {} s, {} bytes of heap free, {} bytes received through the tunnel
"""


async def answer(reader, writer):
    try:
        while (await reader.readline()).strip():
            pass  # the request: every page is this one
        received = sum([peer["rx_bytes"] for peer in tunnel.status("peers")])
        writer.write(PAGE.format(time.ticks_ms() // 1000, gc.mem_free(), received).encode())
        await writer.drain()
    finally:
        writer.close()
        await writer.wait_closed()


async def main():
    address, _ = tunnel.ipconfig("addr4")
    await asyncio.start_server(answer, address, 80)
    print("http://{}/".format(address))
    async for what, peer in tunnel.events():
        print(what, peer)


tunnel = wireguard.Tunnel("wg.json").up()
asyncio.run(main())
