# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
"""A sensor that sleeps: wake, send one reading, sleep again.

Copy it to the board as main.py. It prints where the time of a wake-up goes. The session is put
aside for the sleep and goes on after it, for the three minutes that its keys live; then there is a
handshake, which is one round trip. No persistent_keepalive in wg.json: a sleeping board keeps
nothing alive.
"""

import socket
import time

import machine
import wireguard

COLLECTOR = ("192.168.4.254", 7)  # UDP, inside the tunnel; it answers, so that we know
SLEEP_MS = 60_000
PATIENCE_S = 10

woken = time.ticks_ms()


def elapsed():
    return time.ticks_diff(time.ticks_ms(), woken)


def send(reading):
    """True once the collector has confirmed it. A session may go on before Wi-Fi is there."""
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.settimeout(1)
    try:
        while elapsed() < PATIENCE_S * 1000:
            try:
                sock.sendto(reading, COLLECTOR)
                if sock.recv(64) == reading:
                    return True
            except OSError:  # no way to it yet, or no answer
                time.sleep_ms(20)
        return False
    finally:
        sock.close()


tunnel = wireguard.Tunnel("wg.json").up()
up = elapsed()
session = tunnel.wait(PATIENCE_S)
handshake = elapsed()
sent = session and send(b"21.5 degrees")
done = elapsed()
tunnel.suspend()

print(
    "{}: tunnel up after {} ms, session after {} ms, sent after {} ms".format(
        "sent" if sent else "not sent", up, handshake, done
    )
)
machine.deepsleep(SLEEP_MS)
