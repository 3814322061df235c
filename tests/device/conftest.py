# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors

"""The device without a tunnel: scripts, boards on a pseudo-terminal, programs on the host."""

import os
import socket
import subprocess
import textwrap
import threading
from pathlib import Path

import pytest
from support.device import BINARY

# Every script starts like this: the uplink is up and the usual modules are there.
PRELUDE = """
import asyncio, errno, json, network, os, select, socket, struct, sys, time
import _host
wlan = network.WLAN(network.WLAN.IF_STA)
wlan.active(True)
wlan.connect("any", "key")
while not wlan.isconnected():
    time.sleep_ms(5)
HOST = "10.0.2.2"
def ms(since):
    return time.ticks_diff(time.ticks_ms(), since)
"""


def free_port(kind=socket.SOCK_STREAM) -> int:
    with socket.socket(socket.AF_INET, kind) as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Script:
    """A script running on the device, from the file `path`."""

    def __init__(self, path: Path, source: str, environment: dict):
        path.write_text(PRELUDE + textwrap.dedent(source))
        self.process = subprocess.Popen(
            [BINARY, path.name],
            cwd=path.parent,
            env=os.environ | environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def line(self) -> str:
        """The next line of output."""
        return self.process.stdout.readline().rstrip("\n")

    def end(self, timeout=60) -> str:
        """The rest of the output, after an end with status 0."""
        output, _ = self.process.communicate(timeout=timeout)
        assert self.process.returncode == 0, output
        return output


@pytest.fixture
def start(tmp_path):
    """start(source, **environment) -> Script, without waiting."""
    assert BINARY.exists(), f"{BINARY} is not built: run make device"
    scripts = []

    def start(source, **environment):
        scripts.append(Script(tmp_path / f"script{len(scripts)}.py", source, environment))
        return scripts[-1]

    yield start
    for script in scripts:
        script.process.kill()
        script.process.communicate()


@pytest.fixture
def run(start):
    """run(source, **environment) -> the output's lines."""
    return lambda source, **environment: start(source, **environment).end().splitlines()


@pytest.fixture
def serve():
    """serve(handler) -> port: handler(connection) on a thread for each connection on loopback."""
    servers = []

    def serve(handler):
        server = socket.create_server(("127.0.0.1", 0), backlog=32)
        servers.append(server)

        def handle(connection):
            with connection:
                handler(connection)

        def accept():
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                threading.Thread(target=handle, args=(connection,), daemon=True).start()

        threading.Thread(target=accept, daemon=True).start()
        return server.getsockname()[1]

    yield serve
    for server in servers:
        server.close()


def echo(connection):
    while data := connection.recv(65536):
        connection.sendall(data)


@pytest.fixture
def echo_port(serve):
    return serve(echo)


@pytest.fixture
def udp_echo_port():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        s.bind(("127.0.0.1", 0))

        def answer():
            while True:
                try:
                    s.sendto(*s.recvfrom(65536))
                except OSError:
                    return

        threading.Thread(target=answer, daemon=True).start()
        yield s.getsockname()[1]
