# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors

"""pcapng files: several interfaces in one capture, and the secrets that decrypt it."""

import struct

ETHERNET, RAW_IP = 1, 101

_SECTION, _INTERFACE, _PACKET, _SECRETS = 0x0A0D0D0A, 1, 6, 10
_WIREGUARD_KEY_LOG = 0x57474B4C
_END, _NAME = 0, 2  # options


class Writer:
    """Writes a section with these interfaces, [(name, link type)], to a binary file."""

    def __init__(self, file, interfaces):
        self._file = file
        self._block(_SECTION, struct.pack("<LHHq", 0x1A2B3C4D, 1, 0, -1))
        for name, link_type in interfaces:
            data = name.encode()
            option = struct.pack("<HH", _NAME, len(data)) + _padded(data)
            end = struct.pack("<HH", _END, 0)
            self._block(_INTERFACE, struct.pack("<HHL", link_type, 0, 0) + option + end)
        file.flush()

    def packet(self, interface: int, seconds: float, data: bytes, whole: int):
        """data is what was kept of `whole` bytes."""
        micro = int(seconds * 1_000_000)
        head = struct.pack("<LLLLL", interface, micro >> 32, micro & 0xFFFFFFFF, len(data), whole)
        self._block(_PACKET, head + _padded(data))
        self._file.flush()

    def wireguard_keys(self, lines: str):
        """Lines of a WireGuard key log, for the packets that follow."""
        data = lines.encode()
        head = struct.pack("<LL", _WIREGUARD_KEY_LOG, len(data))
        self._block(_SECRETS, head + _padded(data))

    def _block(self, kind, body):
        length = struct.pack("<L", len(body) + 12)
        self._file.write(struct.pack("<L", kind) + length + body + length)


def _padded(data: bytes) -> bytes:
    return data + bytes(-len(data) % 4)
