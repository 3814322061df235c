# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors

"""Programs on the device talk through the tunnel to real gateways."""

import hashlib

from wgpy.host import services

SIZE = 5_000_000
DIGEST = hashlib.sha256(services.pattern(SIZE)).hexdigest()

DOWNLOAD = """
from testing import *
t = tunnel()
s = connect("192.168.4.254", 19)
send_all(s, b"%d\\n")
total, digest = 0, hashlib.sha256()
while data := s.recv(16384):
    total += len(data)
    digest.update(data)
s.close()
report(total=total, digest=hex(digest.digest()))
t.down()
"""

UPLOAD = """
from testing import *
t = tunnel()
s = connect("192.168.4.254", 9)
send_all(s, b"%d\\n")
for chunk in pattern(%d):
    send_all(s, chunk)
report(answer=s.readline().decode())
s.close()
t.down()
"""


def run(device, gateway, script, **options):
    return device.run(script, gateway.config(), namespace=gateway.namespace, **options)


def test_download(device, gateway):
    result = run(device, gateway, DOWNLOAD % SIZE, timeout=120).result
    assert result == {"total": SIZE, "digest": DIGEST}


def test_upload(device, gateway):
    result = run(device, gateway, UPLOAD % (SIZE, SIZE), timeout=120).result
    assert result["answer"] == f"{SIZE} {DIGEST}\n"


def test_echo_both_ways_at_once(device, gateway):
    script = """
import select
from testing import *
t = tunnel()
s = connect("192.168.4.254", 7)
s.setblocking(False)
poll = select.poll()
poll.register(s, select.POLLIN | select.POLLOUT)
source = pattern(500_000, 4096)
sent, got, out, back = hashlib.sha256(), hashlib.sha256(), b"", 0
more = True
while back < 500_000:
    for _, event in poll.poll(10_000):
        if event & select.POLLIN:
            data = s.recv(8192)
            assert data, "closed early"
            got.update(data)
            back += len(data)
        if event & select.POLLOUT and more:
            if not out:
                out = next(source, b"")
                sent.update(out)
                if not out:
                    more = False
                    poll.modify(s, select.POLLIN)
                    continue
            out = out[s.send(out):]
report(same=sent.digest() == got.digest())
t.down()
"""
    assert run(device, gateway, script).result == {"same": True}


def test_udp_echo(device, gateway):
    script = """
from testing import *
t = tunnel()
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.settimeout(5)
wrong = []
for size in list(range(0, 64)) + [576, 1280, 1391, 1392]:
    data = bytes((size + i) & 255 for i in range(size))
    if size == 0:
        continue
    s.sendto(data, ("192.168.4.254", 7))
    answer, source = s.recvfrom(2000)
    if answer != data or source != ("192.168.4.254", 7):
        wrong.append(size)
report(wrong=wrong)
t.down()
"""
    assert run(device, gateway, script).result == {"wrong": []}


def test_http(device, gateway):
    script = """
from testing import *
t = tunnel()
s = connect("192.168.4.254", 80)
s.send(b"GET / HTTP/1.1\\r\\nHost: gateway\\r\\n\\r\\n")
answer = b""
while data := s.recv(1000):
    answer += data
report(answer=answer.decode())
t.down()
"""
    answer = run(device, gateway, script).result["answer"]
    assert answer.startswith("HTTP/1.1 200 OK\r\n")
    assert answer.split("\r\n\r\n", 1)[1] == services.PAGE.decode()


def test_asyncio_streams(device, gateway):
    script = """
import asyncio
from testing import *
t = tunnel()

async def client(number):
    reader, writer = await asyncio.open_connection("192.168.4.254", 7)
    for turn in range(10):
        line = b"client %d turn %d" % (number, turn) + bytes([65 + number]) * 500 + b"\\n"
        writer.write(line)
        await writer.drain()
        if await reader.readline() != line:
            return False
    writer.close()
    await writer.wait_closed()
    return True

async def ticker():
    n = 0
    try:
        while True:
            await asyncio.sleep_ms(5)
            n += 1
    except asyncio.CancelledError:
        return n

async def main():
    ticks = asyncio.create_task(ticker())
    good = await asyncio.gather(*[client(n) for n in range(5)])
    ticks.cancel()
    await asyncio.sleep_ms(0)
    return good

report(good=asyncio.run(main()))
t.down()
"""
    assert run(device, gateway, script).result == {"good": [True] * 5}


def test_long_datagrams_are_fragmented_inside_the_tunnel(device, wireguard_go):
    script = """
from testing import *
t = tunnel()
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.settimeout(5)
wrong = []
for size in (1393, 1400, 2000, 2800, 4000):
    data = bytes((size + i) & 255 for i in range(size))
    s.sendto(data, ("192.168.4.254", 9))  # the answer is short: the ESP32 does not reassemble
    if s.recv(200).decode() != "%d %s\\n" % (size, hex(hashlib.sha256(data).digest())):
        wrong.append(size)
report(wrong=wrong)
t.down()
"""
    assert run(device, wireguard_go, script).result == {"wrong": []}


SERVER = """
from testing import *
t = tunnel()
server = socket.socket()
server.bind(("192.168.4.48", 5001))
server.listen(1)
report(ready=True)
s, client = server.accept()
s.settimeout(20)
total, digest = 0, hashlib.sha256()
while total < %d:
    data = s.recv(16384)
    assert data, "closed early"
    total += len(data)
    digest.update(data)
s.send(digest.digest())
for chunk in pattern(%d):
    send_all(s, chunk)
s.close()
report(client=client[0])
t.down()
"""


def test_the_peer_connects_to_a_server_on_the_device(device, wireguard_go):
    run = device.start(
        SERVER % (SIZE, SIZE), wireguard_go.config(), namespace=wireguard_go.namespace
    )
    run.wait_for("RESULT")

    def client():
        import socket

        with socket.create_connection(("192.168.4.48", 5001), timeout=20) as s:
            s.sendall(services.pattern(SIZE))
            back = b""
            while data := s.recv(65536):
                back += data
        return back

    back = wireguard_go.namespace.call(client)
    assert back[:32].hex() == DIGEST
    assert back[32:] == services.pattern(SIZE)
    assert run.wait(20) == 0, run.output
    assert run.result["client"] == "192.168.4.254"
