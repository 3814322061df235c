# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors

"""For scripts that tests run on the device: uplink, tunnel, and talk with the test."""

import binascii
import gc
import hashlib
import json
import os
import socket
import time

import _host
import network
import wireguard

PATIENCE = float(os.getenv("PATIENCE", "1"))  # see support/patience.py


def uplink(seconds=10, ipv6=False):
    """Bring the Wi-Fi up and return it. ipv6: wait for a global address too."""
    wlan = network.WLAN(network.STA_IF)
    wlan.active(True)
    wlan.connect("slirp", "")
    until(wlan.isconnected, seconds, "uplink")
    if ipv6:
        until(lambda: any(a[:3] == "FEC" for a in wlan.ipconfig("addr6")), 10, "IPv6 address")
    return wlan


def tunnel(config="wg.json", seconds=10, ipv6=False):
    """Uplink and tunnel, with a session."""
    uplink(ipv6=ipv6)
    t = wireguard.Tunnel(config)
    t.up()
    if not t.wait(seconds):
        t.show()
        raise OSError(f"no session within {seconds} s")
    return t


def drops(t):
    """How many packets and messages the tunnel has refused, by reason."""
    return t.status("drops")


class _Recorder:
    def __init__(self, crypto):
        self._crypto = crypto
        self.recorded = []

    def __getattr__(self, name):
        return getattr(self._crypto, name)

    def x25519_base(self, public, private):
        self.recorded.append(binascii.b2a_base64(private)[:-1].decode())
        self._crypto.x25519_base(public, private)


def record_keys():
    """A list that fills with every private key this script's handshakes make, in base64.

    Tests give them to tshark. The library itself has no way to let a key out.
    """
    from wireguard import noise

    noise._c = _Recorder(noise._c)
    return noise._c.recorded


def ping(host, count=1, seconds=2):
    """How many of count echo requests were answered."""
    from ping import ping

    return ping(host, count, interval=0.2, timeout=seconds * PATIENCE, quiet=True).received


def report(**values):
    """Hand values over to the test: they are in its run.result."""
    print("RESULT " + json.dumps(values))


def told(name):
    try:
        os.stat(name)
        return True
    except OSError:
        return False


def wait_for(name, seconds=30):
    """Wait until the test has said run.tell(name, text), and return the text."""
    until(lambda: told(name), seconds, name)
    with open(name) as f:
        return f.read()


def until(condition, seconds, what="condition"):
    start = time.ticks_ms()
    while not condition():
        if time.ticks_diff(time.ticks_ms(), start) > seconds * PATIENCE * 1000:
            raise OSError(f"no {what} within {seconds} s")
        time.sleep_ms(10)


def pattern(size, chunk=16384):
    """The bytes of wgpy.host.services.pattern, in chunks: SHA-256 of 0, 1, 2, ..."""
    number = 0
    while size:
        block = bytearray()
        while len(block) < min(size, chunk):
            block += hashlib.sha256(number.to_bytes(8, "big")).digest()
            number += 1
        part = memoryview(block)[: min(size, chunk)]
        size -= len(part)
        yield part


def udp(port=0, seconds=5):
    """A UDP socket, bound to a port if one is given."""
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    s.settimeout(seconds * PATIENCE)
    if port:
        s.bind(("0.0.0.0", port))
    return s


def connect(host, port, seconds=45):
    s = socket.socket()
    s.settimeout(seconds * PATIENCE)
    s.connect((host, port))
    return s


def send_all(s, data):
    data = memoryview(data)
    while data:
        data = data[s.send(data) :]


def hex(digest):
    return "".join(f"{b:02x}" for b in digest)


def memory():
    """What is in use now: bytes of MicroPython's heap, and what lwIP has, by name."""
    gc.collect()
    gc.collect()
    lwip = {name: used for name, (used, _, _) in _host.memp().items() if used}
    lwip["mem"] = _host.mem()[0]
    lwip["netifs"] = len(_host.netifs())
    return {"heap": gc.mem_alloc(), "lwip": lwip}
