# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
"""Bring the tunnel of wg.json up, ping the gateway through it, show the status.

The tunnel stays up behind the REPL, as `tunnel`. An exception, and with it a non-zero exit status
on the host, means that the gateway did not answer. A faulty wg.json is said in a line.
"""

import wireguard
from ping import ping

_CONFIG = "wg.json"
_SESSION_SECONDS = 20


def start():
    """The tunnel of wg.json, up; None if a fault of wg.json has been printed."""
    try:
        return wireguard.Tunnel(_CONFIG).up()
    except wireguard.ConfigError as error:
        print("Tunnel: not configured: {}".format(error))


def try_out(host, count):
    """Wait for a session, ping, show the status."""
    statistics = None
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


tunnel = start()
if tunnel:
    try_out(**tunnel.config("ping"))
