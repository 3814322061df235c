# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
"""WebREPL through the tunnel: the prompt and the files of a board behind NAT, from anywhere.

Copy it to the board as main.py, then from the gateway's side, with MicroPython's own client:
`webrepl_cli.py -p secret main.py 192.168.4.48:/main.py`. WebREPL itself encrypts nothing and has a
short password, so it listens on the tunnel's address only. A persistent_keepalive of 25 in wg.json
keeps the board reachable.
"""

import socket

import _webrepl
import webrepl
import wireguard

PASSWORD = "secret"  # 4 to 9 characters
PORT = 8266


def listen(address):
    """As webrepl.start(), which would listen on every interface."""
    _webrepl.password(PASSWORD)
    sock = socket.socket()
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sock.bind((address, PORT))
    sock.listen(1)
    sock.setsockopt(socket.SOL_SOCKET, 20, webrepl.accept_conn)
    print("WebREPL: ws://{}:{}".format(address, PORT))
    return sock


tunnel = wireguard.Tunnel("wg.json").up()
listener = listen(tunnel.ipconfig("addr4")[0])
