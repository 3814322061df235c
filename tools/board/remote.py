# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors

"""A board at the end of a serial line, spoken to by mpremote's own transport.

Connecting interrupts the running program and leaves what it has made: no soft reset, so a tunnel
that is up stays up.
"""

import contextlib
import io
import os

from mpremote.transport import TransportError, TransportExecError
from mpremote.transport_serial import SerialTransport
from serial import SerialException

from . import ports
from .ports import BoardError

_READ_SECONDS = 5  # for one byte that must come, also from a board in the middle of a handshake
_PROMPT_SECONDS = 10
_BOOT_SECONDS = 60  # somebody's boot.py may wait for Wi-Fi and NTP


class ProgramError(BoardError):
    """A traceback came back from the board; `traceback` is its text."""

    def __init__(self, traceback: str, advice: str = ""):
        lines = traceback.strip().splitlines()
        super().__init__(f"the board says: {lines[-1] if lines else 'nothing'}", advice)
        self.traceback = traceback


class Remote:
    """A connection. A context manager: leaves the board at its prompt."""

    def __init__(self, port: str | None = None):
        """Interrupt what runs on the board. Raises BoardError."""
        self.port = ports.find(port)
        self._transport = self._open()
        try:
            self._enter(soft_reset=False)
        except BaseException:
            self._transport.close()
            raise

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.close()

    def _open(self):
        try:
            return SerialTransport(self.port, timeout=_READ_SECONDS)
        except (TransportError, SerialException, OSError):
            raise ports.cannot_open(self.port) from None

    def _enter(self, soft_reset):
        # mpremote prints what it has read before it complains.
        with contextlib.redirect_stdout(io.StringIO()), self._talking():
            try:
                seconds = _BOOT_SECONDS if soft_reset else _PROMPT_SECONDS
                self._transport.enter_raw_repl(soft_reset, timeout_overall=seconds)
            except TransportError:
                raise BoardError(
                    f"no MicroPython answers on {self.port}",
                    "Is it flashed (wgpy flash)? If it is, press the board's reset button and "
                    "try again.",
                ) from None

    @contextlib.contextmanager
    def _talking(self):
        try:
            yield
        except (SerialException, OSError) as e:
            raise BoardError(
                f"lost the connection to {self.port}: {e}", "Is the cable still in? Try again."
            ) from None

    def run(self, code: str, on_output=None, timeout=30) -> str:
        """Execute code; returns what it prints, or hands each piece to on_output(bytes).

        timeout: seconds without output; None waits for ever. Raises ProgramError for a traceback.
        """
        consumer = (lambda data: on_output(data.replace(b"\x04", b""))) if on_output else None
        with self._talking():
            try:
                output, errors = self._transport.exec_raw(code, timeout, consumer)
            except TransportError as e:
                raise BoardError(
                    f"the board on {self.port} does not answer: {e}",
                    "Press its reset button and try again.",
                ) from None
        if errors:
            raise ProgramError(errors.decode(errors="replace"))
        return "" if on_output else output.decode(errors="replace")

    def lines(self, code: str, on_line, timeout=30):
        """Execute code and hand over each line that it prints while it runs."""
        pending = bytearray()

        def collect(data):
            pending.extend(data)
            while b"\n" in pending:
                line, _, rest = bytes(pending).partition(b"\n")
                pending[:] = rest
                on_line(line.rstrip(b"\r").decode(errors="replace"))

        self.run(code, collect, timeout)
        if pending:
            on_line(pending.decode(errors="replace"))

    def interrupt(self):
        """Type Ctrl-C, after a run() that did not end, and be ready for the next."""
        self._enter(soft_reset=False)

    def write(self, path: str, data: bytes, on_progress=None):
        """Write a file, in place. Raises BoardError."""
        with self._talking():
            try:
                self._transport.fs_writefile(path, data, 1024, on_progress)
            except TransportExecError as e:
                raise ProgramError(e.error_output, f"Could not write {path}.") from None
            except TransportError as e:
                raise BoardError(f"could not write {path}: {e}", "Try again.") from None
            except OSError as e:
                if isinstance(e, SerialException):
                    raise
                raise BoardError(f"could not write {path}: {os.strerror(e.errno)}") from None

    def reset(self):
        """Start the board over, as its reset button does."""
        with self._talking(), contextlib.suppress(TransportError):
            self._transport.exec_raw_no_follow("import time, machine; machine.reset()")
        self._transport.in_raw_repl = False

    def soft_reset(self):
        """Start boot.py and main.py anew, as Ctrl-D at the prompt does."""
        with self._talking():
            self._transport.exit_raw_repl()
            self._transport.serial.write(b"\x04")

    def close(self):
        with contextlib.suppress(OSError, SerialException):
            if self._transport.in_raw_repl:
                self._transport.exit_raw_repl()
        with contextlib.suppress(OSError, SerialException):
            self._transport.close()
