# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
"""accept_conn() as the ESP32's firmware has it frozen, from micropython-lib, which no package
registry holds: a WebSocket (RFC 6455) whose other end becomes the REPL's terminal."""

import binascii
import hashlib
import os
import socket

import _webrepl
import websocket

_GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


def _shake_hands(connection):
    stream = connection.makefile("rwb", 0)
    key = b""
    while line := stream.readline().strip():
        if line.lower().startswith(b"sec-websocket-key:"):
            key = line[18:].strip()
    accept = binascii.b2a_base64(hashlib.sha1(key + _GUID).digest()).strip()
    stream.write(
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Accept: " + accept + b"\r\n\r\n"
    )


def accept_conn(listener):
    connection, _ = listener.accept()
    _shake_hands(connection)
    terminal = _webrepl._webrepl(websocket.websocket(connection, True))
    connection.setblocking(False)
    connection.setsockopt(socket.SOL_SOCKET, 20, os.dupterm_notify)
    os.dupterm(terminal)
