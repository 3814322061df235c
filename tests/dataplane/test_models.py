# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
"""Replay window, AllowedIPs, keypairs and cookies against naive models on random inputs.

DIFFERENTIAL_CASES: how many of each; 1000000 have been run once (docs/robustness.md).
"""

import ctypes
import os
import random
from ipaddress import ip_address, ip_network

import pytest
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from native import NO_PEER, REJECT_AFTER_MESSAGES, WINDOW, Cookies, Keypair, Prefix, Replay
from support import noise_model as model

CASES = int(os.environ.get("DIFFERENTIAL_CASES", "30000"))
pytestmark = pytest.mark.timeout(120 + CASES // 1000)


def steps(chance, start, count):
    """Counters as a bad network delivers them: onwards, late, again, far ahead, far behind."""
    at = start
    for _ in range(count):
        kind = chance.random()
        if kind < 0.6:
            at += 1
        elif kind < 0.7:
            at += chance.randrange(3 * WINDOW)
        late = 0 if kind < 0.5 else chance.randrange(WINDOW + 70)
        yield min(max(0, at - late), 2**64 - 1)


def test_replay_window(dataplane):
    """A set remembers everything; what is a window behind the newest is too old."""
    chance, done = random.Random(8), 0
    while done < CASES:
        start = chance.choice((0, 1, 2**32, 2**60, REJECT_AFTER_MESSAGES - WINDOW))
        window, seen, newest = Replay(), set(), -1
        for counter in steps(chance, start, 2000):
            too_old = newest - counter >= WINDOW
            fresh = not too_old and counter not in seen and counter < REJECT_AFTER_MESSAGES
            assert dataplane.wg_replay_too_old(window, counter) == too_old, (start, counter)
            assert dataplane.wg_replay_accept(window, counter) == fresh, (start, counter)
            if fresh:
                seen.add(counter)
                newest = max(newest, counter)
            done += 1


def random_network(chance):
    bits = chance.choice((32, 128))
    # Few distinct beginnings, so that many lie in others.
    number = chance.getrandbits(3) << (bits - 3) | chance.getrandbits(bits) >> chance.choice(
        (3, bits - 6)
    )
    length = chance.randrange(bits + 1)
    mask = (1 << bits) - (1 << (bits - length))
    return ip_network(((number & mask).to_bytes(bits // 8, "big"), length))


def test_allowed_ips(dataplane):
    chance, done = random.Random(9), 0
    while done < CASES:
        table = {random_network(chance): chance.randrange(32) for _ in range(chance.randrange(30))}
        prefixes = (Prefix * len(table))()
        for prefix, (network, slot) in zip(prefixes, table.items(), strict=True):
            packed = network.network_address.packed
            prefix.addr[: len(packed)] = packed
            prefix.len, prefix.slot, prefix.v6 = network.prefixlen, slot, network.version == 6
        built = dataplane.wg_allowedips_build(prefixes, len(table))
        assert built
        for address in probes(chance, list(table)):
            holding = [n for n in table if n.version == address.version and address in n]
            best = max(holding, key=lambda n: n.prefixlen, default=None)
            lookup = getattr(dataplane, f"wg_allowedips_lookup{address.version}")
            route = lookup(built, address.packed)
            expected = NO_PEER if best is None else table[best]
            assert route.slot == expected, (table, address)
            assert best is None or route.len == best.prefixlen
            done += 1
        dataplane.wg_allowedips_free(built)


def probes(chance, networks):
    """Ends of the networks and their neighbours, and anything."""
    for _ in range(100):
        bits = chance.choice((32, 128))
        number = chance.getrandbits(bits)
        if networks and chance.random() < 0.8:
            network = chance.choice(networks)
            bits = network.max_prefixlen
            edge = chance.choice((network.network_address, network.broadcast_address))
            number = min(max(0, int(edge) + chance.randrange(-1, 2)), 2**bits - 1)
        yield ip_address(number.to_bytes(bits // 8, "big"))


def test_keypairs(dataplane):
    """Headers, counters to their very end, and seals as `cryptography` makes them."""
    chance, pool = random.Random(10), os.urandom(1 << 15)
    header, sealed = ctypes.create_string_buffer(16), ctypes.create_string_buffer(1600)
    keypair, left = Keypair(), 0
    for _ in range(CASES):
        if left == 0:
            left = chance.randrange(1, 20)
            keys = [pool[at : at + 32] for at in (chance.randrange(32000) for _ in range(2))]
            remote, initiator = chance.getrandbits(32), chance.random() < 0.5
            dataplane.wg_keypair_init(keypair, 1, remote, *keys, initiator, 0)
            start = chance.choice((0, 2**32 - 5, 2**60 - 5, REJECT_AFTER_MESSAGES - 5))
            keypair.send_counter = expected = start
            cipher = ChaCha20Poly1305(keys[0])
        left -= 1
        may = expected < REJECT_AFTER_MESSAGES
        assert dataplane.wg_keypair_can_send(keypair, 0) == may, expected
        stale = dataplane.wg_keypair_stale_for_sending(keypair, 0)
        assert stale == (expected > 2**60), expected
        if not may:
            left = 0
            continue
        counter = dataplane.wg_keypair_next_header(keypair, header)
        assert counter == expected
        numbers = remote.to_bytes(4, "little") + counter.to_bytes(8, "little")
        assert header.raw == b"\4\0\0\0" + numbers
        packet = pool[: chance.choice((0, 16, 64, 65, 600, 1420))]
        key = bytes(keypair.send_key)
        dataplane.wg_seal(sealed, packet, len(packet), None, 0, counter, key)
        assert sealed.raw[: len(packet) + 16] == cipher.encrypt(
            bytes(4) + numbers[4:], packet, None
        )
        expected += 1


def test_cookies(dataplane):
    """The model opens every reply and finds a MAC of where it asked from; with it a message passes
    from there, and with any bit of it changed, or from elsewhere, none does."""
    chance, reply = random.Random(11), ctypes.create_string_buffer(64)
    for number in range(CASES // 10):
        if number % 50 == 0:
            cookies = Cookies()
            asks = model.NoisePeer(chance.randbytes(32), chance.randbytes(32))
            dataplane.wg_cookies_init(cookies, asks.remote_public_key)
            dataplane.wg_cookies_seed(cookies, chance.randbytes(32))
        source, now = chance.randbytes(18), chance.getrandbits(32)
        asks.cookie = None
        asks.local_index = chance.getrandbits(32)
        body = b"\1\0\0\0" + asks.local_index.to_bytes(4, "little")
        message = asks.add_macs(body + chance.randbytes(chance.choice((52, 108))))
        assert dataplane.wg_cookie_reply(cookies, reply, message, len(message), source, now)
        cookie = asks.consume_cookie_reply(reply.raw)
        assert cookie == model.MAC(bytes(cookies.secret), source)
        proven = asks.add_macs(message[:-32])
        other = bytearray(proven)
        other[chance.randrange(len(other))] ^= 1 << chance.randrange(8)
        elsewhere = bytearray(source)
        elsewhere[chance.randrange(18)] ^= 1 << chance.randrange(8)
        for text, where, good in (
            (proven, source, True),
            (bytes(other), source, False),
            (proven, bytes(elsewhere), False),
        ):
            assert dataplane.wg_mac2_is_valid(cookies, text, len(text), where, now) == good
