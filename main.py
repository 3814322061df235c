# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
"""Bring the tunnel of wg.json up, ping the gateway through it, show the status.

The tunnel stays up behind the REPL, as `tunnel`. An exception, and with it a non-zero exit status
on the host, means that the gateway did not answer.
"""

import wireguard
from ping import ping

_CONFIG = "wg.json"
_SESSION_SECONDS = 20

config = wireguard.config.load(_CONFIG)
tunnel = wireguard.Tunnel(config)
host, count = config.ping["host"], config.ping["count"]
statistics = None

tunnel.up()
try:
    print("Tunnel: up, waiting for a session ...")
    if tunnel.wait(_SESSION_SECONDS):
        print("Tunnel: session established\n")
    else:
        print("Tunnel: no session after {} s\n".format(_SESSION_SECONDS))
    statistics = ping(host, count)
except KeyboardInterrupt:
    print("Tunnel: interrupted before the first ping")

print()
tunnel.show()
if not statistics or not statistics.received:
    raise RuntimeError("{} does not answer through the tunnel".format(host))
