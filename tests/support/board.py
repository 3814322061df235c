# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors

"""The device on the host as a board: a flash directory and a serial port."""

import os
import pty
import select
import signal
import subprocess
import sys
import threading
import time
import tty
from pathlib import Path

from .device import BINARY
from .patience import PATIENCE


class Board:
    """A board with its flash in `directory` and its console on a pseudo-terminal.

    What the console prints can be read here, or, by its path in `port`, by another program as a
    serial port: two pseudo-terminals back to back. prefix: a command to run it under;
    environment: variables besides this process's own.
    """

    def __init__(self, directory: Path, *options, prefix=(), environment=None):
        self.flash = directory
        self._inner, terminal = pty.openpty()
        self._outer, port = pty.openpty()
        tty.setraw(port)
        self.port = os.ttyname(port)
        self._port = port
        self.process = subprocess.Popen(
            [*prefix, BINARY, "--flash", directory, *options],
            env=os.environ | (environment or {}),
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
        deadline = time.monotonic() + timeout * PATIENCE
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
        done = subprocess.run(command, capture_output=True, text=True, timeout=60 * PATIENCE)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def close(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        for fd in (self._inner, self._outer, self._port):
            os.close(fd)
