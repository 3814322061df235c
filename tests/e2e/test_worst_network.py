# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors

"""Everything wrong with the network at once, 30 % loss included: 256 KiB each way arrive whole.

Eight TCP connections share it, because each of them spends most of its time waiting for a
retransmission: lwIP's retransmits a second and a half after a loss at first. The network loses,
repeats, reorders, delays and corrupts, and the NAT rebinds every second.
"""

import time

import pytest
from support.namespace import udp_socket
from support.relay import DOWN, UP
from wgpy import keys

CONNECTIONS, EACH = 8, 32_768  # 256 KiB
WORST = dict(drop=0.3, duplicate=0.1, reorder=0.2, corrupt=0.02, delay=0.01)

CLIENT = (
    f"""
CONNECTIONS, EACH = {CONNECTIONS}, {EACH}
"""
    + """
import asyncio
from testing import *
t = tunnel(seconds=90)

async def whole(reader, size, digest):
    while size:
        data = await reader.read(min(size, 4096))
        assert data, "closed early"
        digest.update(data)
        size -= len(data)

async def one(number):
    reader, writer = await asyncio.open_connection("192.168.4.254", 9)
    writer.write(b"%d\\n" % EACH)
    for chunk in pattern(EACH, 4096):
        writer.write(bytes(chunk))
        await writer.drain()
    receipt = (await reader.readline()).decode()
    writer.close()
    print("sent", number)
    reader, writer = await asyncio.open_connection("192.168.4.254", 19)
    writer.write(b"%d\\n" % EACH)
    await writer.drain()
    digest = hashlib.sha256()
    await whole(reader, EACH, digest)
    writer.close()
    print("received", number)
    return receipt == "%d %s\\n" % (EACH, hex(digest.digest())) and receipt

async def main():
    return await asyncio.gather(*[one(n) for n in range(CONNECTIONS)])

began = time.ticks_ms()
receipts = asyncio.run(main())
report(receipts=receipts, seconds=time.ticks_diff(time.ticks_ms(), began) / 1000)
t.down()
"""
)

LISTEN = 58122
SERVER = """
import asyncio
from testing import *
uplink()
t = wireguard.Tunnel("wg.json").up()

async def discard(reader, writer):
    size = left = int(await reader.readline())
    digest = hashlib.sha256()
    while left:
        data = await reader.read(min(left, 4096))
        digest.update(data)
        left -= len(data)
    writer.write(b"%d %s\\n" % (size, hex(digest.digest())))
    await writer.drain()
    await reader.read(1)  # until the other side has it
    writer.close()

async def chargen(reader, writer):
    size = int(await reader.readline())
    for chunk in pattern(size, 4096):
        writer.write(bytes(chunk))
        await writer.drain()
    await reader.read(1)
    writer.close()

async def main():
    await asyncio.start_server(discard, "0.0.0.0", 9)
    await asyncio.start_server(chargen, "0.0.0.0", 19)
    report(ready=True)
    while not told("end"):
        await asyncio.sleep_ms(50)

asyncio.run(main())
t.down()
"""


def transfer(device, config, road, **options):
    """Run the client through the road, whose far side is rebound all the time."""
    run = device.start(CLIENT, config, **options)
    rebound = 0
    while run.process.poll() is None:
        time.sleep(1)
        if road.count(UP, 4):
            road.rebind()
            rebound += 1
    assert run.wait(5) == 0, run.output
    receipts = run.result["receipts"]
    assert len(receipts) == CONNECTIONS and len(set(receipts)) == 1 and receipts[0], run.result
    full = CONNECTIONS * EACH / 1420
    assert road.count(UP, 4) > full and road.count(DOWN, 4) > full and rebound > 2


@pytest.mark.timeout(400)
@pytest.mark.slow
def test_transfer_on_the_worst_network(device, gateway, relay):
    road = relay(gateway, seed=7, **WORST)
    config = gateway.config()
    config["peers"][0]["endpoint"] = f"10.0.2.2:{road.port}"
    transfer(device, config, road, namespace=gateway.namespace)


@pytest.mark.timeout(400)
@pytest.mark.slow
def test_transfer_between_two_devices_on_the_worst_network(device, relay):
    with udp_socket("127.0.0.1", 0) as s:
        port = s.getsockname()[1]
    road = relay(port, seed=7, **WORST)
    ours, theirs, psk = keys.genkey(), keys.genkey(), keys.genpsk()
    server = {
        "interface": {
            "private_key": theirs,
            "address": ["192.168.4.254/24"],
            "listen_port": LISTEN,
        },
        "peers": [
            {
                "public_key": keys.pubkey(ours),
                "preshared_key": psk,
                "allowed_ips": ["192.168.4.48/32"],
            }
        ],
    }
    client = {
        "interface": {"private_key": ours, "address": ["192.168.4.48/24"]},
        "peers": [
            {
                "public_key": keys.pubkey(theirs),
                "preshared_key": psk,
                "endpoint": f"10.0.2.2:{road.port}",
                "allowed_ips": ["192.168.4.0/24"],
            }
        ],
    }
    responder = device.start(SERVER, server, forwards=[f"udp:{port}:{LISTEN}"])
    responder.wait_for("ready")
    transfer(device, client, road)
    responder.tell("end")
    assert responder.wait(60) == 0, responder.output
