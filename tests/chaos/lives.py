# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
"""A tunnel's life on the device that is disturbed at any point, in both roles and families."""

import socket

from support import packets
from support.peer import HandMadePeer
from wgpy import keys

# live() is what is disturbed: up, a session, traffic in and out, peers that come and go, down.
# recover() is what must be possible afterwards; it answers in how many milliseconds.
LIVES = """
from testing import *
import _host, gc
uplink(ipv6=True)
HOST, HOST6 = "192.168.4.254", "fd04::254"
OTHER, PSK = "@OTHER", "@PSK"

def echoed(family, host, size):
    s = socket.socket(family, socket.SOCK_DGRAM)
    try:
        s.settimeout(0.5)
        s.connect((host, 4001))
        s.send(b"x" * size)
        return len(s.recv(2000)) == size
    finally:
        s.close()

def traffic():
    return echoed(socket.AF_INET, HOST, 1300) and echoed(socket.AF_INET6, HOST6, 1300)

def works():
    try:
        return traffic()
    except OSError:
        return False

def live(t):
    global ending
    ending = False
    t.up()
    t.wait(1)
    traffic()
    t.set_peer(OTHER, allowed_ips=["192.168.77.0/24", "fd77::/64"], preshared_key=PSK)
    t.set_peer(OTHER, persistent_keepalive=25, endpoint="10.0.2.2:9")
    t.set_peer(OTHER, remove=True)
    ending = True
    t.down()

def recover(t, n):
    if ending:  # what had no memory, or was interrupted, is done again
        t.down()
    if not t.active():
        t.up()
    start = time.ticks_ms()
    assert t.wait(20), n
    until(works, 20, "traffic after number %d" % n)
    ms = time.ticks_diff(time.ticks_ms(), start)
    t.configure("wg.json")
    assert len(t.status("peers")) == 1 and works(), n
    indices = len(t._interface.device._by_index)
    assert indices <= 3, (n, indices)
    t.down()
    time.sleep_ms(25)  # a responder takes one initiation each 20 ms
    return ms
""".replace("@OTHER", keys.pubkey(keys.genkey())).replace("@PSK", keys.genpsk())


def ipv6_socket(host, port):
    s = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
    s.bind(("::1", port))
    return s


class Echo(HandMadePeer):
    """Sends datagrams back, and whatever the device begins it answers as a responder."""

    def config(self, **peer):
        config = super().config(allowed_ips=["192.168.4.0/24", "fd04::/64"], **peer)
        config["interface"]["address"].append("fd04::48/64")
        return config

    def _transport(self, data, source):
        count = len(self.inner)
        super()._transport(data, source)
        for packet in self.inner[count:]:
            if packet.protocol == packets.UDP:
                self._send_back(packet, source)

    def _send_back(self, packet, source):
        ours, theirs = reversed(packet.ports())
        text = packets.udp((packet.target, ours), (packet.source, theirs), packet.payload[8:])
        self.send(text, source)


class Caller(Echo):
    """Over IPv6. Who is asked for a session asks for one himself: the device is the responder."""

    def __init__(self):
        super().__init__(make_socket=ipv6_socket)

    def config(self, **peer):
        return super().config(endpoint=f"[fec0::2]:{self.port}", **peer)

    def consider(self, data, source):
        self.noise.check_mac1(data, 1, 148)
        self.raw(self.noise.create_initiation(), source)
        return False

    def _receive(self, data, source):
        count = len(self.sessions)
        super()._receive(data, source)
        if len(self.sessions) > count:
            self.send(b"", source)


ROLES = {"initiator": Echo, "responder": Caller}
