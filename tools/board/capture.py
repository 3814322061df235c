# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors

"""Packets of a board, out of a bounded ring in its memory, over its serial line.

The board prints them as marked lines of base64 between whatever its program prints.
"""

import binascii
import re
import struct
import time
from collections.abc import Callable

from .pcapng import ETHERNET, RAW_IP, Writer
from .ports import BoardError
from .remote import Remote

INTERFACES = [("uplink", ETHERNET), ("tunnel", RAW_IP)]  # in the order of the ring's numbers
_HEADER = struct.Struct("<BxHHxxL")  # wg_capture_header_t
_LINE = re.compile(rb"\x1e(\w) ([^\n]*)\n")
_BASE64 = re.compile(rb"[A-Za-z0-9+/]+={0,2}")

# Importing network starts lwIP, which the ring hangs in. A chip lets other threads go on while it
# writes to its serial line, so what the program prints would come to stand within our lines: they
# take turns. (For half a second at most: a callback that prints may run while its thread has the
# turn.)
# P: packets, K: a line of the key log, L: how many were lost. The key log is made here and nowhere
# in the library: the functions that make ephemeral keys are wrapped while the capture runs.
_PROGRAM = """
def _capture(size, longest, seconds, with_keys, source):
    import binascii, builtins, network, sys, time, _thread, _wireguard
    turn = _thread.allocate_lock()
    def in_turn(f, *args, **kwargs):
        for _ in range(500):
            mine = turn.acquire(False)
            if mine:
                break
            time.sleep_ms(1)
        try:
            f(*args, **kwargs)
        finally:
            if mine:
                turn.release()
    def tell(kind, text):
        in_turn(sys.stdout.write, "\\x1e" + kind + " " + text + "\\n")
    def key(name, data):
        tell("K", name + " = " + binascii.b2a_base64(data).decode().strip())
    undo = []
    def log_keys():
        from wireguard import noise, tunnels
        for t in tunnels():
            key("LOCAL_STATIC_PRIVATE_KEY", t._config.private_key)
            for p in t._config.peers:
                key("REMOTE_STATIC_PUBLIC_KEY", p.public_key)
        begin, respond = noise.Initiation, noise.Reception.respond
        def note(remote, ephemeral):
            key("LOCAL_EPHEMERAL_PRIVATE_KEY", ephemeral)
            if any(remote.preshared_key):
                key("PRESHARED_KEY", remote.preshared_key)
        def begin_noted(identity, remote, index, stamp, ephemeral):
            note(remote, ephemeral)
            return begin(identity, remote, index, stamp, ephemeral)
        def respond_noted(self, remote, index, ephemeral):
            note(remote, ephemeral)
            return respond(self, remote, index, ephemeral)
        def unlog():
            noise.Initiation, noise.Reception.respond = begin, respond
        noise.Initiation, noise.Reception.respond = begin_noted, respond_noted
        undo.append(unlog)
        for t in tunnels():
            t._keep_trying()
    ring = _wireguard.Capture(size, longest)
    buffer = bytearray(longest + 64)
    def drain():
        while True:
            n = ring.read(buffer)
            if not n:
                return
            tell("P", binascii.b2a_base64(memoryview(buffer)[:n]).decode().strip())
    running = [True]
    def drain_on():
        while running[0]:
            drain()
            time.sleep_ms(20)
        running[0] = None
    plain = print
    began = time.ticks_ms()
    try:
        if with_keys:
            log_keys()
        if source is None:
            while not seconds or time.ticks_diff(time.ticks_ms(), began) < seconds * 1000:
                drain()
                time.sleep_ms(20)
        else:
            builtins.print = lambda *args, **kwargs: in_turn(plain, *args, **kwargs)
            _thread.start_new_thread(drain_on, ())
            try:
                exec(source, {"__name__": "__main__"})
            finally:
                running[0] = False
                while running[0] is not None:
                    time.sleep_ms(5)
    finally:
        builtins.print = plain
        ring.close()
        for u in undo:
            u()
        drain()
        tell("L", str(ring.lost()))
"""

PING = """
import wireguard
from ping import ping
ping(wireguard.config.load("wg.json").ping["host"], count={count})
"""


class Capture:
    """One capture from a board into a file.

    counts   packets by interface
    lost     how many found the ring full, known at the end
    broken   lines of packets that other output has got into
    """

    def __init__(self, board: Remote, file, on_output: Callable[[str], None]):
        self._board = board
        self._writer = Writer(file, INTERFACES)
        self._on_output = on_output
        self._pending = b""
        self._offset = None  # from the board's clock to ours, seconds
        self._key_lines = 0
        self.counts = {name: 0 for name, _ in INTERFACES}
        self.lost = 0
        self.broken = 0

    def run(self, *, seconds=None, source=None, keys=False, size=16384, longest=1514):
        """Capture for so long, or while the board runs the program `source`.

        A traceback of the program is a ProgramError. KeyboardInterrupt ends it.
        """
        there = self._board.run("import _wireguard; print(hasattr(_wireguard, 'Capture'))")
        if there.strip() != "True":
            raise BoardError("this firmware cannot capture", "Flash a newer one: wgpy flash")
        call = f"_capture({size}, {longest}, {seconds}, {keys}, {source!r})"
        try:
            self._board.run(_PROGRAM + call, self._collect, timeout=None)
        except KeyboardInterrupt:
            self._board.interrupt()
        finally:
            self._say(self._pending)

    def _collect(self, data: bytes):
        self._pending += data
        if b"\n" not in data:
            return
        at = 0
        for match in _LINE.finditer(self._pending):
            self._say(self._pending[at : match.start()])
            self._line(match[1], match[2].strip())
            at = match.end()
        rest = self._pending[at:]
        begun = rest.find(b"\x1e")  # a marked line that has not ended
        whole = rest.rfind(b"\n") + 1 if begun < 0 else begun
        self._say(rest[:whole])
        self._pending = rest[whole:]

    def _say(self, text: bytes):
        if text:
            self._on_output(text.decode(errors="replace").replace("\r", ""))

    def _line(self, kind: bytes, text: bytes):
        if kind == b"P":
            self._packets(text)
        elif kind == b"K":
            self._key_lines += 1
            self._writer.wireguard_keys(text.decode() + "\n")
        elif kind == b"L":
            self.lost = int(text)

    def _packets(self, text: bytes):
        if len(text) % 4 or not _BASE64.fullmatch(text):
            self.broken += 1
            return
        data = binascii.a2b_base64(text)
        at = 0
        while at + _HEADER.size <= len(data):
            where, length, whole, ms = _HEADER.unpack_from(data, at)
            at += _HEADER.size
            if where >= len(INTERFACES) or at + length > len(data):
                self.broken += 1
                return
            if self._offset is None:
                self._offset = time.time() - ms / 1000
            self._writer.packet(where, self._offset + ms / 1000, data[at : at + length], whole)
            self.counts[INTERFACES[where][0]] += 1
            at += length
