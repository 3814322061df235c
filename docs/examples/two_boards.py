# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
"""Two boards that talk to each other: a button here, a lamp there. No server between them.

Both run this as main.py, each with a wg.json that names the other as its peer, by listen_port and
endpoint; one endpoint is enough, the other board learns it. The partner is the first AllowedIPs
entry of the first peer.
"""

import asyncio
import socket

import wireguard

PORT = 4242


def pressed():
    """The button, e.g. `not machine.Pin(0, machine.Pin.IN, machine.Pin.PULL_UP).value()`."""
    return True


def light(on):
    """The lamp, e.g. `machine.Pin(2, machine.Pin.OUT, value=on)`."""
    print("lamp:", "on" if on else "off")


async def listen(sock):
    stream = asyncio.StreamReader(sock)
    while True:
        light(await stream.read(1) == b"1")


async def main():
    await tunnel.connected()
    partner = tunnel.status("peers")[0]["allowed_ips"][0].split("/")[0]
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.bind((tunnel.ipconfig("addr4")[0], PORT))
    sock.setblocking(False)
    asyncio.create_task(listen(sock))
    while True:
        sock.sendto(b"1" if pressed() else b"0", (partner, PORT))
        await asyncio.sleep_ms(200)


tunnel = wireguard.Tunnel("wg.json").up()
asyncio.run(main())
