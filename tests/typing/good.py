# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors

"""A program that uses all that is public, as it is meant to be used. Read by mypy, never run."""

import asyncio

import _wireguard
import wireguard
from ping import aping, ping
from wireguard import Config, ConfigError, Tunnel, config, keys

tunnel: Tunnel = wireguard.Tunnel("wg.json")
with tunnel, Tunnel({"interface": {}}, name="wg1") as other:
    print(tunnel.up().isconnected(), other.active())
    tunnel.active(False)
    received: int = tunnel.status("peers")[0]["rx_bytes"]
    endpoint: tuple[str, int] | None = tunnel.status()["peers"][0]["endpoint"]
    address: str = tunnel.ipconfig("addr4")[0]
    name: str = tunnel.config("name")
    mtu: int | None = tunnel.config("mtu")
    errors: int = tunnel.errors
    tunnel.set_peer("key", endpoint="host:1", allowed_ips=["::/0"], persistent_keepalive="off")
    tunnel.set_peer("key", remove=True)
    tunnel.configure("wg.json")
    tunnel.show()
    answered: int = ping("192.0.2.1", count=3).received

try:
    read: Config = config.load("wg.json")
except ConfigError as error:
    print(error)
text: str = keys.encode(keys.public(keys.generate()))
sound: bool = wireguard.doctor(report=lambda step, verdict, text, advice: print(step))


async def main() -> None:
    async with tunnel:
        await tunnel.connected()
        async for what, public_key in tunnel.events():
            print(what.upper(), public_key.upper())
        statistics = await aping("192.0.2.1")
        print(statistics.loss())


asyncio.run(main())

key = bytearray(32)
_wireguard.x25519_base(key, keys.generate())
netif = _wireguard.Netif(key, lambda netif: netif.event())
netif.open([("10.0.0.2", 24)], 1420)
slot: int = netif.peer_add()
netif.endpoint(slot, ("192.0.2.1", 51820))
