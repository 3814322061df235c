# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors

"""The loader in the ROM of an ESP32 or ESP32-C3, as far as flashing without a stub needs it.

It speaks Espressif's serial protocol on a pseudo-terminal: SLIP frames, commands with checksums,
four status bytes. Registers are memory that reads as zero, but for those that tell the chip. Its
flash can only be cleared by erasing (in sectors of 4096 bytes) and only takes what was announced.
"""

import hashlib
import os
import pty
import struct
import threading
import tty
import zlib

_SYNC, _READ_REG, _WRITE_REG, _CHANGE_BAUD = 0x08, 0x0A, 0x09, 0x0F
_FLASH_BEGIN, _FLASH_DATA, _FLASH_END = 0x02, 0x03, 0x04
_DEFL_BEGIN, _DEFL_DATA, _DEFL_END = 0x10, 0x11, 0x12
_MD5, _ATTACH, _PARAMETERS, _SECURITY = 0x13, 0x0D, 0x0B, 0x14
_SYNC_VALUE = 0x20120707  # not zero: that would be esptool's own flasher
_SECTOR = 4096
_ERROR_COMMAND, _ERROR_CHECKSUM, _ERROR_DATA = 0x05, 0x07, 0x09

CHIPS = {
    # image's chip number, magic value at 0x40001000, W0 register of the flash's SPI controller
    "ESP32": (0, 0x00F01D83, 0x3FF42080),
    "ESP32-C3": (5, 0x1B31506F, 0x60002058),
}


class RomLoader:
    """`port` is where it answers; `flash` what it holds; `erased` the sectors it has erased."""

    def __init__(self, chip="ESP32-C3", size=4 << 20, corrupt=False):
        self.number, magic, w0 = CHIPS[chip]
        self.flash, self.erased, self.commands = bytearray(b"\xa5" * size), set(), []
        self.corrupt = corrupt  # the flash stores one bit wrongly
        self._answers_security = chip != "ESP32"
        self._registers = {
            0x40001000: magic,
            w0: (size.bit_length() - 1) << 16 | 0x4020,  # RDID: capacity, type, maker
        }
        self._writing = None  # (address, bytes expected, decompressor)
        self._fd, port = pty.openpty()
        tty.setraw(port)
        self.port = os.ttyname(port)
        self._port = port
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def close(self):
        os.close(self._port)
        self._thread.join(5)
        os.close(self._fd)

    def _run(self):
        pending = b""
        try:
            while data := os.read(self._fd, 65536):
                pending += data
                *frames, pending = pending.split(b"\xc0")
                for frame in frames:
                    if frame:
                        frame = frame.replace(b"\xdb\xdc", b"\xc0").replace(b"\xdb\xdd", b"\xdb")
                        self._packet(frame)
        except OSError:
            return

    def _packet(self, frame):
        if len(frame) < 8 or frame[0] != 0:
            return
        operation, length, checksum = struct.unpack_from("<BHI", frame, 1)
        data = frame[8:]
        if length != len(data):
            return
        self.commands.append(operation)
        value, body, error = self._do(operation, data, checksum)
        for _ in range(8 if operation == _SYNC else 1):
            status = struct.pack("<BBBB", error != 0, error, 0, 0)
            answer = struct.pack("<BBHI", 1, operation, len(body) + 4, value) + body + status
            answer = answer.replace(b"\xdb", b"\xdb\xdd").replace(b"\xc0", b"\xdb\xdc")
            os.write(self._fd, b"\xc0" + answer + b"\xc0")

    def _do(self, operation, data, checksum):
        """(value, body, error number) of the answer."""
        words = struct.unpack(f"<{len(data) // 4}I", data[: len(data) // 4 * 4])
        if operation == _SYNC:
            return _SYNC_VALUE, b"", 0
        if operation == _READ_REG:
            return self._registers.get(words[0], 0), b"", 0
        if operation == _WRITE_REG:
            return 0, b"", 0
        if operation == _SECURITY and self._answers_security:
            return 0, struct.pack("<IB7sII", 0, 0, bytes(7), self.number, 0), 0
        if operation in (_FLASH_BEGIN, _DEFL_BEGIN):
            return 0, b"", self._begin(operation == _DEFL_BEGIN, words)
        if operation in (_FLASH_DATA, _DEFL_DATA):
            return 0, b"", self._data(data, checksum)
        if operation == _MD5:
            digest = hashlib.md5(self.flash[words[0] : words[0] + words[1]]).hexdigest()
            return 0, digest.encode(), 0
        known = (_CHANGE_BAUD, _ATTACH, _PARAMETERS, _FLASH_END, _DEFL_END)
        return 0, b"", 0 if operation in known else _ERROR_COMMAND

    def _begin(self, deflated, words):
        size, _, _, address = words[:4]
        first, last = address // _SECTOR, -(-(address + size) // _SECTOR)
        if address % _SECTOR or address + size > len(self.flash):
            return _ERROR_DATA
        self.flash[first * _SECTOR : last * _SECTOR] = b"\xff" * ((last - first) * _SECTOR)
        self.erased.update(range(first, last))
        self._writing = [address, address + size, zlib.decompressobj() if deflated else None]
        return 0

    def _data(self, data, checksum):
        length = struct.unpack_from("<I", data)[0]
        block = data[16 : 16 + length]
        total = 0xEF
        for byte in block:
            total ^= byte
        if total != checksum or len(block) != length:
            return _ERROR_CHECKSUM
        if self._writing is None:
            return _ERROR_DATA
        address, end, stream = self._writing
        block = stream.decompress(block) if stream else block
        block = block[: end - address]
        if self.corrupt and block:
            block = bytes([block[0] ^ 1]) + block[1:]
        self.flash[address : address + len(block)] = block
        self._writing[0] += len(block)
        return 0
