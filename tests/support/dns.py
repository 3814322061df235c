# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors

"""A name server on loopback that knows a few names."""

import ipaddress
import struct
import threading

from .namespace import udp_socket


class NameServer:
    """Answers A and AAAA questions from `names`, which may change; NXDOMAIN else.

    names: {name: address or list of addresses, None for a name about which nothing is answered}.
    """

    def __init__(self, names=None, make_socket=udp_socket):
        self.names = dict(names or {})
        self.asked = []
        self._socket = make_socket("127.0.0.1", 0)
        self._socket.settimeout(0.1)
        self.port = self._socket.getsockname()[1]
        self._closing = False
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        self._closing = True
        self._thread.join(5)
        self._socket.close()

    def _run(self):
        while not self._closing:
            try:
                query, source = self._socket.recvfrom(2000)
            except TimeoutError:
                continue
            if answer := self._answer(query):
                self._socket.sendto(answer, source)

    def _answer(self, query: bytes) -> bytes:
        labels, at = [], 12
        while length := query[at]:
            labels.append(query[at + 1 : at + 1 + length].decode())
            at += 1 + length
        question = query[12 : at + 5]
        name, kind = ".".join(labels), struct.unpack_from(">H", query, at + 1)[0]
        self.asked.append((name, kind))
        if name not in self.names:
            return query[:2] + struct.pack(">HHHHH", 0x8183, 1, 0, 0, 0) + question
        addresses = self.names[name]
        if addresses is None:
            return b""
        records = []
        for address in [addresses] if isinstance(addresses, str) else addresses:
            data = ipaddress.ip_address(address).packed
            if kind == (1 if len(data) == 4 else 28):
                records.append(struct.pack(">HHHLH", 0xC00C, kind, 1, 1, len(data)) + data)
        header = query[:2] + struct.pack(">HHHHH", 0x8180, 1, len(records), 0, 0)
        return header + question + b"".join(records)
