# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
"""The data plane's Netif by itself: what it accepts, what it keeps, what it leaves."""

import time

import _host
import _wireguard as wg
from expect import equal, raises
from two_netifs import A, B, ignore, install, pair, public, until


def fresh(open=True):
    netif = wg.Netif(public(7), ignore)
    if open:
        netif.open([("10.9.0.1", 24), ("fd09::1", 64)], 1420)
    return netif


def test_wrong_arguments_of_the_constructor_raise():
    raises(ValueError, wg.Netif, b"short", ignore)
    raises(ValueError, wg.Netif, bytes(33), ignore)
    raises(TypeError, wg.Netif, None, ignore)
    raises(TypeError, wg.Netif, bytes(32))


def test_a_failing_open_raises_and_changes_nothing():
    netif = fresh(open=False)
    before = _host.netifs(), _host.memp()
    slot = netif.peer_add()
    netif.allowed_ips(slot, [("10.0.0.0", 8)])
    for addresses in (
        [("10.9.0.1", 24), ("10.9.0.2", 24)],
        [("fd09::%d" % i, 64) for i in range(1, 5)],
        [("10.9.0.1", 24)] * 5,
    ):
        raises(OSError, netif.open, addresses, 1420)
        equal((_host.netifs(), netif.active(), netif.port()), (before[0], False, 0))
    for address in (("10.9.0.1", 33), ("fd09::1", 129), ("10.9.0.1", -1), ("example.org", 24)):
        raises(ValueError, netif.open, [address], 1420)
    raises(ValueError, netif.open, [("10.9.0.1",)], 1420)
    for mtu, port in ((67, 0), (65535, 0), (-1, 0), (1420, -1), (1420, 65536)):
        raises(OSError, netif.open, [("10.9.0.1", 24)], mtu, port)
    equal(netif.allowed_ips(slot), [("10.0.0.0", 8)])
    equal(netif.stats(slot)[:4], (0, 0, 0, 0))
    netif.open([("10.9.0.1", 24)], 1420)
    raises(OSError, netif.open, [("10.9.0.1", 24)], 1420)
    assert netif.active()
    netif.close()
    equal(_host.netifs(), before[0])


def test_a_taken_port_is_refused_and_free_again_after_close():
    one, two = fresh(), fresh(open=False)
    raises(OSError, two.open, [("10.9.1.1", 24)], 1420, one.port())
    port = one.port()
    one.close()
    two.open([("10.9.1.1", 24)], 1420, port)
    equal(two.port(), port)
    two.close()


def test_close_is_idempotent_and_ends_every_method():
    for opened in (False, True):
        netif = fresh(opened)
        slot = netif.peer_add()
        netif.close()
        netif.close()
        equal((netif.active(), netif.port(), netif.event()), (False, 0, None))
        for method, arguments in (
            (netif.open, ([], 1420)),
            (netif.peer_add, ()),
            (netif.peer_remove, (slot,)),
            (netif.endpoint, (slot,)),
            (netif.endpoint, (slot, ("127.0.0.1", 9))),
            (netif.keepalive, (slot, 1)),
            (netif.allowed_ips, (slot, [("10.0.0.0", 8)])),
            (netif.allowed_ips, (slot,)),
            (netif.send, (slot, bytes(64))),
            (netif.keypair, (slot, 1, 2, bytes(32), bytes(32), True)),
            (netif.keys_clear, (slot,)),
            (netif.staged_drop, (slot,)),
            (netif.wake, (1,)),
            (netif.stats, (slot,)),
            (netif.session, (slot,)),
            (netif.counters, ()),
        ):
            raises(OSError, method, *arguments)


def test_up_to_32_peers_and_slots_are_used_again():
    netif = fresh()
    equal([netif.peer_add() for _ in range(32)], list(range(32)))
    raises(OSError, netif.peer_add)
    for slot in (31, 0, 17):
        netif.allowed_ips(slot, [("10.%d.0.0" % slot, 16)])
        netif.endpoint(slot, ("192.0.2.1", 9))
        netif.keypair(slot, slot, 2, bytes(32), bytes(32), True)
        netif.peer_remove(slot)
        raises(ValueError, netif.stats, slot)
        raises(ValueError, netif.peer_remove, slot)
        equal(netif.peer_add(), slot)
        equal((netif.allowed_ips(slot), netif.endpoint(slot)), ([], None))
        equal((netif.session(slot), netif.stats(slot)), (None, (0, 0, 0, 0, None, None)))
    for slot in (-1, 32, 1 << 20):
        raises(ValueError, netif.endpoint, slot)
    netif.close()


def test_allowed_ips_move_and_wrong_ones_change_nothing():
    netif = fresh()
    one, two = netif.peer_add(), netif.peer_add()
    netif.allowed_ips(one, [("10.0.0.5", 8), ("fd00::1", 8), ("10.0.0.0", 8)])
    equal(sorted(netif.allowed_ips(one)), [("10.0.0.0", 8), ("FD00::", 8)])
    for wrong in (
        [("10.1.0.0", 16), ("10.0.0.0", 33)],
        [("10.1.0.0", 16), ("nonsense", 8)],
        [("10.1.0.0", 16), 5],
    ):
        raises(Exception, netif.allowed_ips, two, wrong)
        equal((netif.allowed_ips(two), len(netif.allowed_ips(one))), ([], 2))
    netif.allowed_ips(two, [("10.255.0.1", 8)])
    equal(netif.allowed_ips(one), [("FD00::", 8)])
    equal(netif.allowed_ips(two), [("10.0.0.0", 8)])
    netif.peer_remove(two)
    equal(netif.allowed_ips(one), [("FD00::", 8)])
    netif.close()


def test_wrong_endpoints_keys_and_messages_raise_and_change_nothing():
    netif = fresh()
    slot = netif.peer_add()
    netif.endpoint(slot, ("192.0.2.1", 51820))
    for wrong in (("192.0.2.1", 0), ("192.0.2.1", 65536), ("example.org", 9), ("192.0.2.1",)):
        raises(ValueError, netif.endpoint, slot, wrong)
    equal(netif.endpoint(slot), ("192.0.2.1", 51820))
    raises(ValueError, netif.keypair, slot, 1, 2, bytes(31), bytes(32), True)
    raises(ValueError, netif.keypair, 5, 1, 2, bytes(32), bytes(32), True)
    equal(netif.session(slot), None)
    raises(ValueError, netif.send, slot, b"")
    raises(ValueError, netif.send, slot, b"\x01" * 7)
    raises(ValueError, netif.send, slot, bytes(149))
    raises(ValueError, netif.send, 5, bytes(64))
    raises(ValueError, netif.send, None, bytes(64))
    for seconds in (-1, 65536):
        raises(ValueError, netif.keepalive, slot, seconds)
    netif.endpoint(slot, None)
    equal((netif.endpoint(slot), netif.send(slot, bytes(64))), (None, False))
    equal(netif.counters()["no_endpoint"], 1)
    netif.close()


def test_an_endpoint_with_a_zone():
    netif = fresh()
    slot = netif.peer_add()
    netif.endpoint(slot, ("fe80::1%lo0", 51820))
    equal(netif.endpoint(slot)[1], 51820)
    netif.close()


def test_keys_and_timers_before_open():
    ticks = []

    def handler(netif):
        event = netif.event()
        while event:
            ticks.append(event)
            event = netif.event()

    netif = wg.Netif(public(7), handler)
    slot = netif.peer_add()
    netif.endpoint(slot, ("127.0.0.1", 9))
    netif.keypair(slot, 1, 2, bytes(32), bytes(32), True)
    equal(netif.send(slot, bytes(64)), False)
    netif.wake(20)
    netif.open([("10.9.0.1", 24)], 1420)
    until(lambda: (wg.EVENT_TICK,) in ticks, "what was asked for before open()")
    netif.close()


def test_a_tick_comes_once_and_can_be_called_off():
    ticks = []

    def handler(netif):
        while netif.event():
            ticks.append(time.ticks_ms())

    netif = wg.Netif(public(7), handler)
    netif.open([("10.9.0.1", 24)], 1420)
    netif.wake(10)
    netif.wake(60)
    time.sleep_ms(40)
    equal(ticks, [])
    until(lambda: ticks, "the tick")
    netif.wake(10)
    netif.wake(None)
    time.sleep_ms(40)
    equal(len(ticks), 1)
    netif.close()


def test_events_of_a_removed_peer_are_gone():
    netif = fresh()
    netif.close()
    seen = []
    a, at_a, b, at_b = pair(seen.append)
    a.keepalive(at_a, 1)  # no keys: asks for a handshake
    until(lambda: seen, "the event")
    a.peer_remove(at_a)
    equal(a.event(), None)
    a.close()
    b.close()


def test_pools_are_as_before_after_many_lives():
    def used():
        return {name: pool[0] for name, pool in _host.memp().items()}

    def live():
        a, at_a, b, at_b = pair()
        a.wake(5)
        install(a, at_a, b, at_b)
        a.keepalive(at_a, 10)
        until(lambda: b.stats(at_b)[2], "the keepalive")
        b.close()
        a.close()

    live()
    before = used()
    for _ in range(50):
        live()
    equal(used(), before)
    equal(("wg" in _host.netifs()), False)


def test_addresses_of_both_ends_stay_apart():
    a, at_a, b, at_b = pair()
    equal(a.allowed_ips(at_a), [(B, 32)])
    equal(b.allowed_ips(at_b), [(A, 32)])
    a.close()
    equal(b.active(), True)
    b.close()
