# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
"""Tunnel over netifs that are not real: life, status, changes at run time, the handler."""

import asyncio
import time

import fake_netif
import micropython
from expect import equal, raises
from faults import OTHER
from wireguard import ConfigError, Tunnel, keys
from wireguard import interface as module
from wireguard.config import load

module._c = fake_netif

_A, _B, _C = keys.generate(), keys.generate(), keys.generate()
_PORT = 5000


def _config(mine, other, **peer):
    section = {"public_key": keys.encode(keys.public(other)), "allowed_ips": "10.0.0.0/24"}
    section.update(peer)
    return {
        "interface": {"private_key": keys.encode(mine), "address": ["10.0.0.2/24", "fd04::2/64"]},
        "peers": [section],
    }


def _client(**peer):
    return Tunnel(_config(_A, _B, endpoint="127.0.0.1:%d" % _PORT, **peer))


def _server():
    config = _config(_B, _A)
    config["interface"]["listen_port"] = _PORT
    return Tunnel(config, "wg1")


def _settle():
    time.sleep_ms(30)


def test_session_between_two():
    with _server() as server, _client() as client:
        assert client.wait(5) and server.wait(5)
        assert client.isconnected() and server.isconnected()
        peer = client.status("peers")[0]
        assert peer["connected"] and peer["handshake_age"] == 0
        equal(peer["endpoint"], ("127.0.0.1", _PORT))
        equal((peer["rx_bytes"], peer["tx_bytes"]), (1024, 2048))
        equal(client.status("drops")["replay"], 7)
        equal((client.errors, server.errors), (0, 0))
    assert not client.active() and not client.isconnected()
    equal(fake_netif.netifs, {})


def test_up_and_down_any_number_of_times():
    tunnel = _client()
    assert not tunnel.active()
    tunnel.down()
    for _ in range(3):
        assert tunnel.up() is tunnel
        tunnel.up()
        assert tunnel.active()
        tunnel.down()
        tunnel.down()
        assert not tunnel.active()
    equal(fake_netif.Netif.log.count("open"), 3)
    equal(fake_netif.Netif.log.count("close"), 3)


def test_network_interface_conventions():
    tunnel = _client()
    assert tunnel.active(True) is True
    assert tunnel.active()
    equal(tunnel.ipconfig("addr4"), ("10.0.0.2", "255.255.255.0"))
    equal([entry[0] for entry in tunnel.ipconfig("addr6")], ["fd04::2"])
    equal(tunnel.ipconfig("has_dhcp4"), False)
    equal(tunnel.config("mtu"), 1420)
    equal(tunnel.config("name"), "wg0")
    equal(tunnel.config("public_key"), keys.encode(keys.public(_A)))
    raises(ValueError, tunnel.config, "ssid")
    raises(ValueError, tunnel.ipconfig, "addr5")
    raises(ValueError, tunnel.status, "rssi")
    tunnel.disconnect()
    assert not tunnel.active()
    tunnel.connect()
    assert tunnel.active()
    assert tunnel.active(False) is False
    assert not tunnel.active()


def test_an_interrupt_while_it_closes_leaves_it_to_be_closed_again():
    tunnel = _client().up()
    netif = tunnel._interface.netif
    real = netif.close

    def interrupted():
        netif.close = real
        raise KeyboardInterrupt

    netif.close = interrupted
    raises(KeyboardInterrupt, tunnel.down)
    assert netif.active() and tunnel.active()
    tunnel.down()
    assert not netif.active() and not tunnel.active()


def test_wait_ends_in_time_without_an_answer():
    with _client() as tunnel:
        began = time.ticks_ms()
        assert tunnel.wait(0.3) is False
        took = time.ticks_diff(time.ticks_ms(), began)
        assert 290 <= took < 1500, took
    assert tunnel.wait(5) is False  # down


def test_down_wipes():
    tunnel = _client().up()
    device = tunnel._interface.device
    shared = device.peers[0].static_shared
    private = device._identity.private_key
    tunnel.down()
    equal((shared, private), (bytes(32), bytes(32)))


def test_a_port_that_is_taken_leaves_it_down():
    config = _config(_A, _B)
    config["interface"]["listen_port"] = 1
    tunnel = Tunnel(config)
    raises(OSError, tunnel.up)
    assert not tunnel.active()


def test_our_own_public_key_as_peer():
    tunnel = Tunnel(_config(_A, _A))
    error = raises(ConfigError, tunnel.up)
    assert str(error).startswith("peers[0].public_key: is this interface's own; give the other")
    assert not tunnel.active()
    equal(fake_netif.netifs, {})


def test_a_bad_new_configuration_changes_nothing():
    with _server(), _client() as client:
        assert client.wait(5)
        netif, before = client._interface.netif, client.status("peers")
        for bad in (
            {"interface": {}},
            _config(_A, _A),
            _config(_A, _B, allowed_ips=["10.0.0.0/33"]),
        ):
            raises(ConfigError, client.configure, bad)
        taken = _config(_A, _B, endpoint="127.0.0.1:%d" % _PORT)
        assert client._interface.netif is netif
        equal(client.status("peers"), before)
        assert client.isconnected()
        taken["interface"]["listen_port"] = 1
        _settle()  # the server takes one initiation in 20 ms
        raises(OSError, client.configure, taken)
        assert client.wait(5)  # restarted with what it had


def test_peers_change_without_the_others_noticing():
    with _server(), _client() as client:
        assert client.wait(5)
        client.set_peer(OTHER, endpoint="127.0.0.1:9", allowed_ips=["10.1.0.0/16"])
        equal(len(client.status("peers")), 2)
        assert client.isconnected()
        client.set_peer(OTHER, persistent_keepalive=25)
        peer = client.status("peers")[1]
        equal(peer["persistent_keepalive"], 25)
        equal(peer["allowed_ips"], ["10.1.0.0/16"])
        equal(peer["endpoint"], ("127.0.0.1", 9))
        equal(client._interface.netif.peers[1]["keepalive"], 25)
        client.set_peer(OTHER, allowed_ips=["10.0.0.0/24"])  # it moves from the first peer
        equal([p["allowed_ips"] for p in client.status("peers")], [[], ["10.0.0.0/24"]])
        client.set_peer(OTHER, remove=True)
        equal(len(client.status("peers")), 1)
        equal(len(client._interface.netif.peers), 1)
        assert client.isconnected()
        raises(ConfigError, client.set_peer, "nonsense")
        raises(ConfigError, client.set_peer, OTHER, endpoints="127.0.0.1:9")


def test_configure_keeps_the_session_of_a_peer_that_stays():
    with _server(), _client() as client:
        assert client.wait(5)
        netif = client._interface.netif
        client.configure(_config(_A, _B, endpoint="127.0.0.1:%d" % _PORT, preshared_key=OTHER))
        assert client._interface.netif is netif and client.isconnected()
        assert client.status("peers")[0]["preshared_key"]
        changed = _config(_A, _B)
        changed["interface"]["mtu"] = 1300
        client.configure(changed)
        assert client._interface.netif is not netif
        equal(client.config("mtu"), 1300)


def test_a_configuration_that_somebody_else_has_keeps_its_keys():
    lent = load(_config(_A, _B, preshared_key=OTHER))
    tunnel = _client()
    tunnel.configure(lent)
    tunnel.configure(_config(_B, _A))
    equal(keys.encode(lent.private_key), keys.encode(_A))
    equal(keys.encode(lent.peers[0].preshared_key), OTHER)


def test_a_configuration_that_somebody_else_has_and_that_fails_keeps_its_keys():
    lent = _config(_A, _B)
    lent["peers"].append(_config(_B, _A)["peers"][0])
    lent["peers"][1].update({"public_key": keys.encode(keys.public(_C)), "allowed_ips": []})
    lent["peers"][1]["preshared_key"] = OTHER
    lent = load(lent)

    def full():
        raise OSError(12)

    with _client() as client:
        client._interface.netif.peer_add = full
        raises(OSError, client.configure, lent)
        client.configure(_config(_A, _B))
    equal(keys.encode(lent.private_key), keys.encode(_A))
    equal(keys.encode(lent.peers[1].preshared_key), OTHER)


def test_configure_while_down():
    tunnel = _client()
    tunnel.configure(_config(_A, _B, persistent_keepalive=7))
    assert not tunnel.active()
    equal(tunnel.status("peers")[0]["persistent_keepalive"], 7)


def test_an_exception_in_the_handler_is_counted_and_the_tunnel_lives():
    with _server(), _client() as client:
        client._interface.netif.tell((fake_netif.EVENT_MESSAGE, b"\x01", ("127.0.0.1", 1)))
        client._interface.netif.tell((fake_netif.EVENT_MESSAGE, None, None))
        assert client.wait(5)
        assert client.errors >= 1 and client.last_error is not None
        equal(client.status("errors"), client.errors)


def test_an_interrupt_in_the_handler_loses_no_event():
    with _server(), _client() as client:
        device, netif = client._interface.device, client._interface.netif
        handled = []

        def once(slot, now):
            if not handled:
                handled.append("interrupted")
                raise KeyboardInterrupt
            handled.append(slot)

        device.want_handshake = once
        netif._events.append((fake_netif.EVENT_HANDSHAKE, 0))
        netif._events.append((fake_netif.EVENT_HANDSHAKE, 0))
        raises(KeyboardInterrupt, client._handler.call, netif)
        assert netif.wake_ms < 1000  # when the data plane has it called again
        client._handler.call(netif)
        _settle()
        equal(handled, ["interrupted", 0])


def test_many_events_leave_the_program_its_turn():
    with _client() as client:
        seen = []
        client._interface.device.want_handshake = lambda slot, now: seen.append(slot)
        netif = client._interface.netif
        for _ in range(100):
            netif._events.append((fake_netif.EVENT_HANDSHAKE, 0))
        turns = set()
        micropython.schedule(client._handler.call, netif)
        while len(seen) < 100:
            turns.add(len(seen))
        assert len(turns) > 5, turns


def test_the_clock_is_read_every_hour_at_least():
    tunnel = Tunnel(_config(_A, _B)).up()
    equal(tunnel._interface.netif.wake_ms, 3_600_000)
    tunnel.down()


def _ticks(netif, until):
    for _ in range(150):
        if until():
            return
        netif.tell((fake_netif.EVENT_TICK,))
        time.sleep_ms(100)
    raise AssertionError("not within 15 s")


def test_without_a_network_it_says_so_and_keeps_its_port():
    fake_netif.Netif.is_online = False
    with _server(), _client() as client:
        netif, log = client._interface.netif, fake_netif.Netif.log
        log.clear()
        _ticks(netif, lambda: log.count("send") >= 4)
        assert "rebind" not in log
        equal(client.status("peers")[0]["trying"], "to find a way to 127.0.0.1:5000")
        fake_netif.Netif.is_online = True
        _ticks(netif, client.isconnected)
        equal(client.status("peers")[0]["trying"], "")


def _answer(netif, address):
    """Answer the questions that were asked last: with one IPv4 address, or with no name."""
    for _, question in netif.questions[-2:]:
        if address is None:
            netif.answers.append(question[:2] + b"\x81\x83" + question[4:])
        elif question[-3] == 1:
            record = b"\xc0\x0c\0\x01\0\x01\0\0\0\x09\0\x04" + bytes(address)
            head = question[:2] + b"\x81\x80\0\x01\0\x01\0\0\0\0"
            netif.answers.append(head + question[12:] + record)
        else:
            netif.answers.append(question[:2] + b"\x81\x80" + question[4:])
    netif.tell((fake_netif.EVENT_ANSWER,))


def test_endpoint_by_name():
    with _server(), Tunnel(_config(_A, _B, endpoint="vpn.example.org:5000")) as client:
        netif = client._interface.netif
        _settle()
        equal([server for server, _ in netif.questions], [0, 0])
        assert b"\x03vpn\x07example\x03org\0" in netif.questions[0][1]
        assert netif.wake_ms <= 1000, "the next server has its turn when this one does not answer"
        equal(client.status("peers")[0]["trying"], "to resolve vpn.example.org")
        _answer(netif, None)
        _settle()
        equal(netif.questions[2:], [(None, None)])
        assert not client.isconnected()
        for _ in range(80):
            netif.tell((fake_netif.EVENT_TICK,))
            if len(netif.questions) > 3:
                break
            time.sleep_ms(100)
        equal([server for server, _ in netif.questions[3:]], [0, 0])
        _answer(netif, (127, 0, 0, 1))
        assert client.wait(2), "the second look-up, 5 s later, answers"
        equal(netif.questions[-1], (None, None))


def test_asyncio():
    async def main():
        server = _server()
        async with _client() as client:
            events = []

            async def read():
                async for event in client.events():
                    events.append(event)

            reader = asyncio.create_task(read())
            await asyncio.sleep_ms(20)
            assert not client.isconnected()
            server.up()
            client._interface.device.peers[
                0
            ].timers.last_sent = None  # do not wait 5 s for the retry
            client._interface.netif.tell((fake_netif.EVENT_HANDSHAKE, 0))
            await asyncio.wait_for(client.connected(), 5)
            client._interface.netif.tell((fake_netif.EVENT_ENDPOINT, 0))
            await asyncio.sleep_ms(20)
        await asyncio.wait_for(reader, 1)
        name = keys.encode(keys.public(_B))
        equal(events, [("handshake", name), ("endpoint", name)])
        server.down()
        try:
            await client.connected()
        except OSError:
            return
        raise AssertionError("connected() of a tunnel that is down must end")

    asyncio.run(main())


def test_repr_and_status_hold_no_secret():
    tunnel = _client(preshared_key=OTHER)
    for text in (repr(tunnel), str(tunnel.status()), repr(tunnel._config)):
        assert keys.encode(_A) not in text
        assert OTHER not in text


def test_heap_is_flat_over_up_and_down():
    import gc

    tunnel = _client()
    sizes = []
    for i in range(30):
        tunnel.up()
        tunnel.down()
        fake_netif.Netif.log.clear()
        gc.collect()
        sizes.append(gc.mem_alloc())
    assert abs(sizes[-1] - sizes[10]) < 1024, sizes
