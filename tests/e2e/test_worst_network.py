# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors

"""Everything wrong with the network at once: 256 KiB arrive whole, both ways, through 30 % loss.

The network loses, repeats, reorders, delays and corrupts each way, and the NAT rebinds now and
then. A TCP connection that loses a third of its segments each way waits twice as long after each
loss in a row, soon for a minute. So do as programs do there: pieces, several at once, and a piece
that takes too long is asked for again over a new connection.
"""

import time

import pytest
from support.gateways import two_devices
from support.namespace import free_port
from support.relay import DOWN, UP

# Pieces fit lwIP's window of 5760 bytes.
PIECE, PIECES = 4_096, 64
WORST = {"drop": 0.3, "duplicate": 0.1, "reorder": 0.2, "corrupt": 0.02, "delay": 0.01}
SECONDS = 300
REBIND_SECONDS = 10  # what comes back in a mapping that is gone is lost, until something goes out

CLIENT = """
import asyncio
from testing import *
PIECE, PIECES, WORKERS = %d, %d, %d
t = tunnel(seconds=90)
todo, whole, again = list(range(PIECES)), set(), 0

def part(number):
    block = b""
    while len(block) < PIECE:
        block += hashlib.sha256(b"%%d %%d" %% (number, len(block))).digest()
    return block

async def send(writer, data):
    writer.write(data)
    await writer.drain()

async def echo(number):
    data = part(number)
    reader, writer = await asyncio.open_connection("192.168.4.254", 7)
    sender = asyncio.create_task(send(writer, data))
    try:
        return await reader.readexactly(PIECE) == data
    finally:
        sender.cancel()
        writer.close()
        await writer.wait_closed()

async def worker():
    global again
    while todo:
        number = todo.pop(0)
        try:
            assert await asyncio.wait_for(echo(number), 20), "not what was sent"
            whole.add(number)
            print("whole", number)
        except (asyncio.TimeoutError, OSError, EOFError):
            again += 1
            todo.append(number)

async def main():
    await asyncio.gather(*[worker() for _ in range(WORKERS)])

asyncio.run(main())
report(whole=len(whole), again=again)
t.down()
"""

LISTEN = 58122
SERVER = """
import asyncio
from testing import *
uplink()
t = wireguard.Tunnel("wg.json").up()

async def echo(reader, writer):
    try:
        while data := await asyncio.wait_for(reader.read(2048), 12):
            writer.write(data)
            await writer.drain()
    except (asyncio.TimeoutError, OSError):
        pass
    writer.close()
    await writer.wait_closed()

async def main():
    await asyncio.start_server(echo, "0.0.0.0", 7, 8)
    report(ready=True)
    while not told("end"):
        await asyncio.sleep_ms(50)

asyncio.run(main())
t.down()
"""


def transfer(device, config, road, workers, **options):
    """Run the client through the road, whose far side is rebound all the time."""
    run = device.start(CLIENT % (PIECE, PIECES, workers), config, **options)
    rebound, due, deadline = 0, 3, time.monotonic() + SECONDS
    while run.process.poll() is None:
        assert time.monotonic() < deadline, f"still running after {SECONDS} s:\n{run.output}"
        time.sleep(0.2)
        due -= 0.2
        if due < 0 and road.count(UP, 4):
            due = REBIND_SECONDS
            road.rebind()
            rebound += 1
    assert run.wait(5) == 0, run.output
    assert run.result["whole"] == PIECES
    full = PIECE * PIECES / 1420
    assert road.count(UP, 4) > full and road.count(DOWN, 4) > full and rebound > 0


@pytest.mark.timeout(400)
@pytest.mark.slow
def test_transfer_on_the_worst_network(device, gateway, relay):
    road = relay(gateway, seed=7, **WORST)
    config = gateway.config()
    config["peers"][0]["endpoint"] = f"10.0.2.2:{road.port}"
    transfer(device, config, road, 8, namespace=gateway.namespace)


@pytest.mark.timeout(400)
@pytest.mark.slow
def test_transfer_between_two_devices_on_the_worst_network(device, relay):
    port = free_port()
    road = relay(port, seed=7, **WORST)
    server, client = two_devices(road.port, LISTEN)
    responder = device.start(SERVER, server, forwards=[f"udp:{port}:{LISTEN}"])
    responder.wait_for("ready")
    transfer(device, client, road, 6)
    responder.tell("end")
    assert responder.wait(60) == 0, responder.output
