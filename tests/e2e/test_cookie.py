# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors

"""Cookies under load, asked for and given (sections 5.3 and 5.4.7)."""

import os

from support import pcap
from support.noise_model import COOKIE_REPLY, NoisePeer, make_cookie
from support.peer import HandMadePeer

ASK = """
from testing import *
t = tunnel(seconds=15)
udp(4000, 1).sendto(b"hello", ("192.168.4.254", 4001))
wait_for("end")
t.down()
"""


class BusyPeer(HandMadePeer):
    """Answers an initiation only if it proves its source address."""

    secret = os.urandom(32)
    demanded = 0

    def consider(self, data, source):
        cookie = make_cookie(self.secret, *source)
        self.noise.check_mac1(data, 1, 148)
        if self.noise.has_mac2(data, cookie):
            return True
        self.demanded += 1
        self.raw(self.noise.create_cookie_reply(data, cookie), source)
        return False


def test_a_busy_peer_gets_its_cookie_back(device):
    with BusyPeer() as peer:
        run = device.start(ASK, peer.config())
        peer.wait_inner(lambda p: p.payload[8:] == b"hello", 15)
        assert peer.demanded == 1 and peer.initiations == 2
        run.tell("end")
        assert run.wait() == 0, run.output


def test_boringtun_gets_its_cookie_back(device, boringtun):
    """It demands cookies from the eleventh handshake on, under mitmproxy_rs."""
    script = """
from testing import *
uplink()
waited = []
for n in range(12):
    t = wireguard.Tunnel("wg.json")
    start = time.ticks_ms()
    t.up()
    assert t.wait(10)
    waited.append(time.ticks_diff(time.ticks_ms(), start))
    t.down()
    time.sleep_ms(25)
report(waited=waited)
"""
    run = device.run(script, boringtun.config())
    assert max(run.result["waited"]) > 5000
    cookies = [d for s, t, d in pcap.udp_datagrams(run.uplink) if d[0] == COOKIE_REPLY]
    assert cookies and all(len(d) == 64 for d in cookies)


def test_a_busy_device_asks_for_cookies(device, peer):
    run = device.start(ASK, peer.config())
    peer.wait_inner(lambda p: p.payload[8:] == b"hello")
    stranger = NoisePeer(os.urandom(32), peer.noise.remote_public_key)
    initiation = stranger.create_initiation()
    before = len(peer.datagrams)

    def replies():
        return [d for d in peer.datagrams[before:] if d[0] == COOKIE_REPLY]

    for _ in range(100):
        for _ in range(4):  # in step with what the device's mailbox holds
            peer.raw(initiation)
        try:
            peer.wait(replies, timeout=0.05)
            break
        except TimeoutError:
            pass
    assert replies(), "no cookie was demanded of a flood"
    stranger.consume_cookie_reply(replies()[0])  # authentic: ProtocolError if it is not
    run.tell("end")
    assert run.wait() == 0, run.output
