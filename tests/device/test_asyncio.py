# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors

"""asyncio and its streams on these sockets."""

import socket
from concurrent.futures import ThreadPoolExecutor

from .conftest import free_port


def test_many_clients_at_once(run, echo_port):
    lines = run(f"""
        async def client(number):
            reader, writer = await asyncio.open_connection(HOST, {echo_port})
            for turn in range(20):
                data = bytes([number]) * 700
                writer.write(data)
                await writer.drain()
                assert await reader.readexactly(700) == data
            writer.close()
            await writer.wait_closed()
            return number

        async def main():
            print(await asyncio.gather(*(client(i) for i in range(8))))

        asyncio.run(main())
        print(_host.memp()["NETCONN"][0])
    """)
    assert lines == ["[0, 1, 2, 3, 4, 5, 6, 7]", "0"]


def test_server_with_many_clients_at_once(start):
    port = free_port()
    script = start(
        """
        served = 0

        async def serve(reader, writer):
            global served
            while line := await reader.readline():
                writer.write(line.upper())
                await writer.drain()
            writer.close()
            await writer.wait_closed()
            served += 1

        async def main():
            server = await asyncio.start_server(serve, "0.0.0.0", 8080, backlog=8)
            print("listening")
            while served < 12:
                await asyncio.sleep_ms(20)
            server.close()

        asyncio.run(main())
        """,
        WG_HOST_FORWARD=f"tcp:{port}:8080",
    )
    assert script.line() == "listening"

    def client(number):
        with socket.create_connection(("127.0.0.1", port), 10) as s, s.makefile("rwb") as file:
            for turn in range(10):
                file.write(f"client {number} turn {turn}\n".encode())
                file.flush()
                assert file.readline() == f"CLIENT {number} TURN {turn}\n".encode()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(client, range(12)))
    script.end()


def test_server_and_client_on_the_devices_own_loopback(run):
    lines = run("""
        async def serve(reader, writer):
            writer.write((await reader.readline()).upper())
            await writer.drain()
            writer.close()
            await writer.wait_closed()

        async def main():
            await asyncio.start_server(serve, "127.0.0.1", 80)
            for address in ("127.0.0.1", "10.0.2.15"):
                try:
                    reader, writer = await asyncio.open_connection(address, 80)
                    writer.write(b"hello\\n")
                    await writer.drain()
                    print(await reader.readline())
                except OSError as error:
                    print("refused")

        asyncio.run(main())
    """)
    assert lines == ["b'HELLO\\n'", "refused"]


def test_sleeping_tasks_do_not_hold_up_a_transfer(run, echo_port):
    lines = run(f"""
        ticks = 0

        async def ticker():
            global ticks
            while True:
                await asyncio.sleep_ms(10)
                ticks += 1

        async def main():
            task = asyncio.create_task(ticker())
            reader, writer = await asyncio.open_connection(HOST, {echo_port})
            for i in range(50):
                writer.write(b"x" * 1000)
                await writer.drain()
                await reader.readexactly(1000)
            await asyncio.sleep(1)
            task.cancel()

        asyncio.run(main())
        print(ticks > 60)
    """)
    assert lines == ["True"]


def test_wait_for_gives_up(run, serve):
    import threading

    held = threading.Event()
    port = serve(lambda connection: held.wait(20))
    lines = run(f"""
        async def main():
            reader, writer = await asyncio.open_connection(HOST, {port})
            began = time.ticks_ms()
            try:
                await asyncio.wait_for(reader.read(1), 0.4)
            except asyncio.TimeoutError:
                print(400 <= ms(began) < 700)

        asyncio.run(main())
    """)
    held.set()
    assert lines == ["True"]
