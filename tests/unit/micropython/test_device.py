# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
"""Two of our own Devices on a virtual link, over virtual time."""

from expect import equal
from virtual import CheapCurve, Node, World, pair
from wireguard import keys, noise, peer

MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000


def test_handshake_and_data_both_ways():
    world = World()
    a, b = pair(world)
    a.write(0, b"ping")
    world.run(1000)
    equal(b.links[0].received, [b"ping"])
    b.write(0, b"pong")
    world.run(1000)
    equal(a.links[0].received, [b"pong"])
    equal([what for what, _ in a.heard], ["handshake"])
    equal([what for what, _ in b.heard], ["endpoint", "handshake"])


def test_staged_packets_arrive_in_order():
    world = World(delay=0)
    a, b = pair(world)
    for i in range(5):
        a.write(0, b"%d" % i)
    world.run(1000)
    equal(b.links[0].received, [b"0", b"1", b"2", b"3", b"4"])


def test_wrong_preshared_key_gives_no_session():
    world = World()
    a, b = pair(world)
    b.device.peers[0].set_preshared_key(bytes(32))
    a.write(0, b"secret")
    world.run(20_000)
    assert not a.session(0) and not b.session(0)
    equal(b.links[0].received, [])
    assert a.device.drops["response_invalid"] >= 3


def test_unknown_initiator_is_ignored():
    world = World()
    a, b = pair(world)
    b.device.remove_peer(0)
    b.links.clear()
    world.recording = (noise.RESPONSE,)
    a.write(0, b"hello")
    world.run(3000)
    equal(world.sent(noise.RESPONSE), 0)
    equal(b.device.drops, {"initiation_invalid": 1})


def test_simultaneous_initiations_give_one_working_session_at_once():
    world = World()
    a, b = pair(world)
    b.links[0].endpoint = a.address
    a.write(0, b"from a")
    b.write(0, b"from b")
    world.run(2000)
    equal(a.links[0].received, [b"from b"])
    equal(b.links[0].received, [b"from a"])


def test_an_unanswered_initiation_is_told_whether_timer_or_traffic_repeats_it():
    world = World()
    a, b = pair(world)
    world.cut, world.recording = True, (noise.INITIATION,)
    told = []
    a.device._observer = lambda what, peer: told.append((what, peer.attempts))
    for _ in range(800):
        a.write(0, b"x")
        world.run(50)
    initiations = [t for t, _, _, kind in world.log if kind == noise.INITIATION]
    gaps = [later - sooner for sooner, later in zip(initiations, initiations[1:])]
    assert min(gaps) <= 5050, "traffic was never first"
    equal(told, [("retry", n + 1) for n in range(len(gaps))])


def test_what_could_not_be_sent_is_sent_as_soon_as_there_is_a_network():
    world = World(delay=1)
    a, b = pair(world)
    made = []
    new = noise.Initiation
    noise.Initiation = lambda *arguments: made.append(new(*arguments)) or made[-1]
    try:
        a.is_online = False
        a.write(0, b"x")
        world.run(20_000)
        equal((len(made), b.heard), (1, []))
        a.is_online = True
        world.run(1_100)
    finally:
        noise.Initiation = new
    equal((len(made), b.links[0].received), (1, [b"x"]))


def test_retries_every_five_seconds_with_jitter_and_gives_up_after_90():
    world = World()
    a, b = pair(world)
    world.cut, world.recording = True, (noise.INITIATION,)
    a.write(0, b"x")
    world.run(10 * MINUTE)
    times = [t for t, _, _, kind in world.log if kind == noise.INITIATION]
    gaps = [later - sooner for sooner, later in zip(times, times[1:])]
    assert all([5000 <= gap <= 5333 for gap in gaps]), gaps
    assert len(set(gaps)) > 5, "no jitter"
    assert 17 <= len(times) <= 19, len(times)
    assert times[-1] - times[0] < 90_000
    equal(a.heard[-1], ("lost", 0))
    equal(a.links[0].staged, [])


def test_new_traffic_starts_again_after_giving_up():
    world = World()
    a, b = pair(world)
    world.cut = True
    a.write(0, b"lost")
    world.run(5 * MINUTE)
    world.cut = False
    assert a.device.peers[0].attempts >= 17
    a.write(0, b"heard")
    world.run(1000)
    equal(b.links[0].received, [b"heard"])
    equal(a.device.peers[0].attempts, 0)


def test_traffic_while_trying_puts_the_end_off():
    world = World()
    a, b = pair(world)
    world.cut, world.recording = True, (noise.INITIATION,)
    for second in range(0, 300):
        world.at(world.now + second * 1000, lambda: a.write(0, b"x"))
    world.run(300_000)
    assert ("lost", 0) not in a.heard
    assert 55 <= world.sent(noise.INITIATION) <= 60


def test_rekeys_by_time_without_losing_a_packet():
    world = World()
    a, b = pair(world)
    count = 3600
    for second in range(count):
        world.at(world.now + second * 1000, lambda: a.write(0, b"x"))
    world.run((count + 10) * 1000)
    equal(len(b.links[0].received), count)
    assert 29 <= a.keys_installed <= 31, a.keys_installed  # every 120 s
    for node in (a, b):
        assert len(node.device._by_index) <= 3, "indices of old keypairs stay in use"


def test_keys_are_wiped_after_three_key_lives():
    world = World()
    a, b = pair(world)
    a.write(0, b"x")
    world.run(530_000)
    assert a.links[0].current and b.links[0].current
    world.run(20_000)
    for node in (a, b):
        link = node.links[0]
        equal((link.current, link.next, link.previous), (None, None, None))
        equal(node.device._by_index, {})
        equal(node.device.next_deadline(node.now()), None)


def test_failed_attempt_without_a_session_wipes_its_handshake():
    world = World()
    a, b = pair(world)
    world.cut = True
    a.write(0, b"x")
    world.run(2 * MINUTE)
    equal(a.device.peers[0].initiation, None)
    equal(a.device._by_index, {})


def test_replayed_initiation_is_refused():
    world = World()
    a, b = pair(world)
    captured = []
    deliver = world._deliver
    world._deliver = lambda s, t, m: (captured.append((m, s)), deliver(s, t, m))
    a.write(0, b"x")
    world.run(1000)
    initiation, source = captured[0]
    installed = b.keys_installed
    b.receive(initiation, ("203.0.113.9", 9))
    equal(b.device.drops, {"initiation_replayed": 1})
    equal(b.keys_installed, installed)
    equal(b.links[0].endpoint, a.address)


def test_changed_response_changes_nothing_and_the_real_one_counts():
    world = World(delay=1000)
    a, b = pair(world)
    a.write(0, b"x")
    response = []
    world.send = lambda s, t, m: response.append(m)
    world.run(2500)
    good = response[0]
    for i in (12, 43, 44, 59):  # ephemeral, sealed nothing; mac1 protects the rest
        bad = bytearray(good)
        bad[i] ^= 1
        a.device.message(bytes(bad), b.address, a.now())
    assert not a.session(0)
    a.device.message(good, b.address, a.now())
    assert a.session(0)
    equal(a.device.drops["response_invalid"], 4)
    a.device.message(good, b.address, a.now())
    equal(a.device.drops["response_unexpected"], 1)


def test_late_response_of_a_replaced_initiation_is_refused():
    world = World(delay=3000)  # a round trip of 6 to 12 s
    a, b = pair(world)
    a.write(0, b"x")
    world.run(30_000)
    assert a.device.drops["response_unexpected"] >= 1
    world.delay = 50
    world.run(20_000)
    equal(b.links[0].received, [b"x"])


def test_initiations_of_a_peer_closer_than_20_ms_are_refused():
    world = World(delay=0)
    a, b = pair(world)
    mine, theirs = noise.Identity(keys.generate()), b.identity.public_key
    b.links[1] = a.links[0]
    remote = peer.Peer(0, mine, theirs)
    b.device.add_peer(1, mine.public_key)

    def initiation(number):
        stamp = b"\x40" + bytes(10) + bytes([number])
        made = noise.Initiation(mine, remote, number, stamp, keys.generate())
        remote.stamper.stamp(made.message, 0)
        return bytes(made.message)

    now = b.now()
    source = ("192.0.2.9", 9)
    b.device.message(initiation(1), source, now)
    b.device.message(initiation(2), source, now + 19)
    equal(b.device.drops, {"initiation_flood": 1})
    b.device.message(initiation(3), source, now + 20)
    equal(b.device.drops, {"initiation_flood": 1})


def test_responder_moves_its_peer_to_where_it_calls_from():
    world = World()
    a, b = pair(world)
    a.write(0, b"x")
    world.run(1000)
    del world.nodes[a.address]
    a.address = ("198.51.100.1", 4000)
    world.nodes[a.address] = a
    world.run(3 * MINUTE)
    a.write(0, b"from elsewhere")
    world.run(1000)
    b.write(0, b"found you")
    world.run(1000)
    equal(a.links[0].received, [b"found you"])


def test_indices_are_unpredictable_and_unique():
    world = World()
    node = Node(world, "192.0.2.1", keys.generate())
    indices = [node.device._new_index() for _ in range(500)]
    equal(len(set(indices)), 500)
    node.device._random = lambda n, words=[7, 7, 8]: bytes([words.pop(0)]) + bytes(n - 1)
    equal(node.device._new_index(), 7)
    node.device._by_index[7] = None
    equal(node.device._new_index(), 8)


def test_thirty_two_peers_of_one_server():
    world = World()
    server = Node(world, "192.0.2.100", keys.generate())
    clients = []
    for slot in range(32):
        client = Node(world, "192.0.2.{}".format(slot), keys.generate())
        client.add(0, server.identity.public_key, server.address)
        server.add(slot, client.identity.public_key)
        clients.append(client)
    for client in clients:
        client.write(0, b"hello")
    world.run(5_000)
    for slot in range(32):
        equal(server.links[slot].received, [b"hello"])


def test_a_session_that_the_peer_began_ends_our_own_attempt():
    world = World()
    a, b = pair(world)
    b.links[0].endpoint = a.address
    world.cut = True
    a.write(0, b"x")
    world.run(1000)
    world.cut = False
    world.recording = (noise.INITIATION,)
    b.write(0, b"y")
    world.run(MINUTE)
    equal(a.device.peers[0].initiation, None)
    equal(world.sent(noise.INITIATION, source=a.address[0]), 0)
    equal(b.links[0].received, [b"x"])


def test_no_initiation_within_five_seconds_of_our_response():
    world = World(delay=1000)
    a, b = pair(world)
    a.write(0, b"x")
    world.run(2100)  # b has responded and waits for the first packet
    assert b.keys_installed and not b.session(0)
    world.recording = (noise.INITIATION,)
    b.device.want_handshake(0, b.now())
    world.cut = True
    world.run(2900)
    equal(world.log, [])
    world.run(2500)
    equal(world.sent(noise.INITIATION, source=b.address[0]), 1)


def test_transport_keys_are_wiped_once_the_data_plane_has_them():
    world = World()
    a, b = pair(world)
    held = []
    for node in (a, b):
        install = node.keypair

        def keypair(slot, local, remote, send_key, receive_key, initiator, install=install):
            held.extend((send_key, receive_key))
            assert bytes(32) not in (send_key, receive_key)
            install(slot, local, remote, send_key, receive_key, initiator)

        node.keypair = keypair
    a.write(0, b"x")
    world.run(1000)
    equal(b.links[0].received, [b"x"])
    equal(held, [bytes(32)] * 4)


def test_close_wipes_all_secrets():
    world = World()
    a, b = pair(world)
    world.cut = True
    a.write(0, b"x")
    world.run(1)
    known = a.device.peers[0]
    initiation = known.initiation
    a.device.close()
    for secret in (
        a.identity.private_key,
        known.static_shared,
        known.preshared_key,
        initiation._ephemeral,
        initiation._state.chain,
        initiation._state.key,
    ):
        equal(secret, bytes(32))


def _years(years, loss, seed):
    """Bursts of traffic from either side, hours or days apart, on a bad link that at times is
    no link at all. Answers (bursts, bursts of which something arrived)."""
    world = World(seed, loss=loss, duplicate=loss // 2)
    a, b = pair(world)
    world.run(1)
    bursts = arrived = 0
    end = world.now + int(years * 365 * DAY)
    while world.now < end:
        nodes = [a, b] if world.random.below(3) else [a]
        outage = world.random.below(10) == 0
        world.cut = outage
        for node in nodes:
            node.links[0].received.clear()
            for second in range(0, 30, 3):
                world.at(world.now + 1000 * second, lambda node=node: node.write(0, b"data"))
        world.run(5 * MINUTE)
        world.cut = False
        if not outage:
            bursts += 1
            if b.links[0].received:
                arrived += 1
        world.run(world.random.below(2 * DAY))
        for node in (a, b):
            assert len(node.device._by_index) <= 4, "indices leak"
            assert len(node.heard) < 1000
            node.heard.clear()
    return bursts, arrived


def _with_cheap_curve(function, *arguments):
    crypto = noise._c
    noise._c = peer._c = CheapCurve(crypto)
    try:
        return function(*arguments)
    finally:
        noise._c = peer._c = crypto


def test_five_years_on_a_good_link():
    bursts, arrived = _with_cheap_curve(_years, 5, 0, 3)
    assert bursts > 1000
    equal(arrived, bursts)


def test_three_years_on_a_link_that_loses_a_third():
    bursts, arrived = _with_cheap_curve(_years, 3, 33, 4)
    assert bursts > 500
    assert arrived == bursts, (arrived, bursts)


def test_days_with_persistent_keepalive_never_lack_a_session():
    def days():
        world = World(5, loss=5)
        a, b = pair(world, persistent=25_000)
        world.run(1000)
        gaps = 0
        for _ in range(10 * 24 * 4):
            world.run(15 * MINUTE)
            a.heard.clear()
            b.heard.clear()
            a.links[0].received.clear()
            gaps += not (a.session(0) and b.session(0))
        equal(gaps, 0)

    _with_cheap_curve(days)
