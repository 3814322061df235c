# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors

"""The device without a tunnel: scripts, boards on a pseudo-terminal, programs on the host."""

import os
import pty
import select
import signal
import socket
import subprocess
import sys
import textwrap
import threading
import time
import tty
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


class Board:
    """A board with its flash in `directory` and its console on a pseudo-terminal.

    What the console prints can be read here, or, by its path in `port`, by another program as a
    serial port: two pseudo-terminals back to back.
    """

    def __init__(self, directory: Path, *options):
        self.flash = directory
        self._inner, terminal = pty.openpty()
        self._outer, port = pty.openpty()
        tty.setraw(port)
        self.port = os.ttyname(port)
        self._port = port
        self.process = subprocess.Popen(
            [BINARY, "--flash", directory, *options],
            stdin=terminal,
            stdout=terminal,
            stderr=terminal,
            start_new_session=True,
        )
        os.close(terminal)
        self.seen = b""
        for ends in ((self._inner, self._outer), (self._outer, self._inner)):
            threading.Thread(target=self._copy, args=ends, daemon=True).start()

    @staticmethod
    def _copy(source, destination):
        try:
            while data := os.read(source, 4096):
                os.write(destination, data)
        except OSError:
            return

    def type(self, text: str):
        os.write(self._port, text.encode())

    def expect(self, text: str, timeout=20) -> str:
        """Read the console up to and with text; returns what came before it."""
        deadline = time.monotonic() + timeout
        while text.encode() not in self.seen:
            left = deadline - time.monotonic()
            assert left > 0, f"no {text!r} on the console, but {self.seen!r}"
            if select.select([self._port], [], [], left)[0]:
                self.seen += os.read(self._port, 4096)
        before, _, self.seen = self.seen.partition(text.encode())
        return before.decode()

    def evaluate(self, expression: str) -> str:
        """Type an expression at the prompt and return what the REPL prints."""
        self.type(expression + "\r")
        self.expect(expression)
        return self.expect(">>> ").strip()

    def mpremote(self, *arguments) -> str:
        """Run mpremote on this board and return what it prints."""
        command = [sys.executable, "-m", "mpremote", "connect", self.port, *map(str, arguments)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def close(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        for fd in (self._inner, self._outer, self._port):
            os.close(fd)


@pytest.fixture
def board(tmp_path):
    """board(*options, **files) -> Board; files: boot="...", main="...", lib_name="..."."""
    boards = []

    def make(*options, **files):
        flash = tmp_path / f"flash{len(boards)}"
        (flash / "lib").mkdir(parents=True)
        for name, text in files.items():
            path = flash / (name.replace("lib_", "lib/") + ".py")
            path.write_text(textwrap.dedent(text))
        boards.append(Board(flash, *options))
        return boards[-1]

    yield make
    for b in boards:
        b.close()
