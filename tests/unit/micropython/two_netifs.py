# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
"""Two tunnels of one device, joined over the loopback interface, with keys as from a handshake."""

import time

import _wireguard as wg
import network

A, B = "10.9.0.1", "10.9.0.2"
network.WLAN(network.STA_IF)  # starts lwIP


def ignore(netif):
    while netif.event():
        pass


def public(i):
    return bytes([i]) * 32


def pair(handler_a=ignore, handler_b=ignore):
    """(a, slot, b, slot): a at A and b at B, each the other's peer, no keys yet."""
    a, b = wg.Netif(public(1), handler_a), wg.Netif(public(2), handler_b)
    a.open([(A, 32)], 1420)
    b.open([(B, 32)], 1420)
    at_a, at_b = a.peer_add(), b.peer_add()
    a.allowed_ips(at_a, [(B, 32)])
    b.allowed_ips(at_b, [(A, 32)])
    a.endpoint(at_a, ("127.0.0.1", b.port()))
    b.endpoint(at_b, ("127.0.0.1", a.port()))
    return a, at_a, b, at_b


def install(a, at_a, b, at_b, index=100):
    """A session, a its initiator. The responder first, as in a handshake."""
    one, two = bytes([index]) * 32, bytes([index + 1]) * 32
    b.keypair(at_b, index + 1, index, two, one, False)
    a.keypair(at_a, index, index + 1, one, two, True)


def until(condition, what, ms=3000):
    end = time.ticks_add(time.ticks_ms(), ms)
    while not condition():
        assert time.ticks_diff(end, time.ticks_ms()) > 0, what
        time.sleep_ms(5)
