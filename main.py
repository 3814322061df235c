# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
"""Bring the tunnel of wg.json up, ping the gateway through it, show the status.

The tunnel stays up behind the REPL, as `tunnel`. An exception, and with it a non-zero exit status
on the host, means that the gateway did not answer. A faulty wg.json is said in a line.
"""

import time

import wireguard
from ping import ping

_CONFIG = "wg.json"
_JOIN_SECONDS = 20
_SESSION_SECONDS = 20
_CLOCK_TRIES = 3


def start():
    """The tunnel of wg.json, up; None if a fault of wg.json has been printed."""
    try:
        return wireguard.Tunnel(_CONFIG).up()
    except wireguard.ConfigError as error:
        print("Tunnel: not configured: {}".format(error))


def is_online():
    """Wait for the network that boot.py has begun to join. True if there is an address.

    Only main.py waits, and for its report: the tunnel sees for itself when there is a network.
    """
    from wireguard import uplink

    kind, section = uplink.section(_CONFIG)
    if kind is None:
        return False
    interface = uplink.interface(kind)
    name = "Wi-Fi '{}'".format(section["ssid"]) if kind == "wifi" else "Ethernet"
    began = time.ticks_ms()
    while not interface.isconnected():
        if time.ticks_diff(time.ticks_ms(), began) > _JOIN_SECONDS * 1000:
            print("{}: no connection after {} s".format(name, _JOIN_SECONDS))
            return False
        time.sleep_ms(50)
    print("{}: {}".format(name, interface.ipconfig("addr4")[0]))
    return True


def set_clock():
    """Ask NTP for the time if nobody has told it yet. The tunnel works without; TLS does not."""
    if time.gmtime()[0] >= 2024:
        return
    try:
        import ntptime
    except ImportError:
        print("Clock: not set; 'mpremote mip install ntptime' lets main.py set it")
        return
    for _ in range(_CLOCK_TRIES):
        try:
            ntptime.settime()
        except OSError:
            continue
        print("Clock: {:04d}-{:02d}-{:02d} {:02d}:{:02d} UTC".format(*time.gmtime()))
        return
    print("Clock: not set, NTP does not answer")


def try_out(host, count):
    """Wait for a session, ping, show the status."""
    statistics = None
    try:
        online = is_online()
        print("Tunnel: up, waiting for a session ...")
        if tunnel.wait(_SESSION_SECONDS):
            print("Tunnel: session established\n")
        else:
            print("Tunnel: no session after {} s\n".format(_SESSION_SECONDS))
        if online:
            set_clock()
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
