# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
"""Names of endpoints: in the background, all addresses in turn, looked up anew."""

import time

from expect import equal, raises
from wireguard import dns, ip, resolve
from wireguard.endpoint import Endpoint


def _finished(lookup):
    for _ in range(500):
        if lookup.done:
            return
        time.sleep_ms(10)
    raise AssertionError("the look-up does not end")


def _number(n):
    return b"\x12\x34"


class Servers:
    """Name servers: {number: {kind: addresses, None for a failure}}; silent about other kinds."""

    def __init__(self, **servers):
        self.servers = {int(name[1:]): answers for name, answers in servers.items()}
        self.asked = []
        self.lookup = resolve.Lookup("vpn.example.org", 7, self.ask, _number)
        self.waiting = []

    def ask(self, server, question):
        kind = question[-3]
        self.asked.append((server, kind))
        if server not in self.servers:
            return False
        answers = self.servers[server]
        if kind in answers:
            self.waiting.append(message(question, answers[kind]))
        return True

    def run(self, until=60_000):
        """Milliseconds until the look-up has ended."""
        now = 0
        while now <= until:
            self.lookup.tick(now)
            while self.waiting:
                self.lookup.consume(self.waiting.pop(0), now)
            if self.lookup.done:
                return now
            now = max(now + 1, self.lookup.next_at)
        raise AssertionError("it does not end")


def message(question, addresses, number=None):
    """An answer: through an alias, with a record of another kind first."""
    if addresses is None:
        return question[:2] + b"\x81\x82" + question[4:]
    records = [b"\xc0\x0c\0\x05\0\x01\0\0\0\x09\0\x04\x01a\xc0\x10"]
    for address in addresses:
        data = ip.parse(address)
        name = b"\x01a\xc0\x10"
        kind = b"\0\x01" if len(data) == 4 else b"\0\x1c"
        records.append(name + kind + b"\0\x01\0\0\0\x09\0" + bytes([len(data)]) + data)
    count = bytes([0, len(records)])
    head = (number or question[:2]) + b"\x81\x80\0\x01" + count + b"\0\0\0\0"
    return head + question[12:] + b"".join(records)


def test_all_addresses_of_both_families_ipv4_first():
    servers = Servers(s0={1: ["192.0.2.1", "192.0.2.2"], 28: ["2001:db8::1"]})
    equal(servers.run(), 0)
    equal(servers.asked, [(0, 1), (0, 28)])
    equal(servers.lookup.addresses, [("192.0.2.1", 7), ("192.0.2.2", 7), ("2001:db8::1", 7)])


def test_a_silent_server_is_followed_by_the_next():
    servers = Servers(s0={}, s1={1: ["192.0.2.1"], 28: []})
    equal(servers.run(), 1000)
    equal(servers.lookup.addresses, [("192.0.2.1", 7)])


def test_a_server_that_fails_is_followed_at_once():
    servers = Servers(s0={1: None, 28: None}, s2={1: ["192.0.2.1"], 28: []})
    assert servers.run() < 10
    equal(servers.lookup.addresses, [("192.0.2.1", 7)])


def test_one_family_that_is_never_answered_holds_nothing_up():
    servers = Servers(s0={1: ["192.0.2.1"]})
    equal(servers.run(), 1000)
    equal(servers.lookup.addresses, [("192.0.2.1", 7)])


def test_without_answers_it_ends():
    servers = Servers(s0={}, s1={}, s2={})
    equal(servers.run(), 3 * (1000 + 1500 + 2000))
    equal(servers.lookup.addresses, [])
    equal(len(servers.asked), 2 * 3 * 3)


def test_without_a_network_it_waits_for_one():
    servers = Servers()
    equal(servers.run(), 1000 + 1500 + 2000)


def test_an_answer_to_something_else_is_none():
    question = dns.question(0x1234, "vpn.example.org", dns.A)
    good = message(question, ["192.0.2.1"])
    equal(dns.answer(good, question), ["192.0.2.1"])
    wrong = [
        message(question, ["192.0.2.1"], b"\x12\x35"),
        good.replace(b"vpn", b"vpm"),
        good[:2] + b"\x01" + good[3:],
        good[:4] + b"\0\x02" + good[6:],
        good[: len(question) - 1],
        good[:5],
        b"",
    ]
    for data in wrong:
        raises(ValueError, dns.answer, data, question)


def test_whatever_an_answer_holds_it_is_read_in_bounds():
    question = dns.question(0x1234, "vpn.example.org", dns.A)
    good = message(question, ["192.0.2.1", "192.0.2.2"])
    for end in range(len(question), len(good)):
        found = dns.answer(good[:end], question)
        assert found in ([], ["192.0.2.1"]), found
    for at in range(len(question), len(good)):
        for value in (0, 1, 63, 64, 192, 255):
            dns.answer(good[:at] + bytes([value]) + good[at + 1 :], question)


def test_names_that_are_none():
    for name in ("", ".", "a..b", "a" * 64, ".".join(["a" * 50] * 6)):
        raises(ValueError, dns.question, 1, name, dns.A)
        lookup = resolve.Lookup(name, 7, None, _number)
        assert lookup.done and not lookup.addresses


def test_a_slow_lookup_does_not_block():
    notified = []

    def slow(host, port):
        time.sleep_ms(300)
        return [("192.0.2.1", port)]

    began = time.ticks_ms()
    lookup = resolve.LocalLookup("vpn", 7, lambda: notified.append(1), slow)
    assert time.ticks_diff(time.ticks_ms(), began) < 200
    assert not lookup.done
    _finished(lookup)
    equal(lookup.addresses, [("192.0.2.1", 7)])
    time.sleep_ms(50)
    equal(notified, [1])


def _endpoint(*answers):
    """An Endpoint whose look-ups find these, one after the other."""
    answers = list(answers)
    endpoint = Endpoint("vpn.example.org", 7)
    found = lambda host, port: [(a, port) for a in answers.pop(0)]  # noqa: E731

    def look_up():
        endpoint.lookup = resolve.LocalLookup(endpoint.host, endpoint.port, lambda: None, found)
        _finished(endpoint.lookup)
        return endpoint.resolved()

    return endpoint, look_up


def test_literal_addresses_are_never_looked_up():
    for host in ("192.0.2.1", "2001:db8::1"):
        endpoint = Endpoint(host, 7)
        equal(endpoint.first(), (host, 7))
        for attempts in range(20):
            equal(endpoint.unanswered(attempts), (None, False))


def test_two_tries_for_each_address_and_with_the_last_the_name_again():
    endpoint, look_up = _endpoint(["192.0.2.1", "192.0.2.2"], ["192.0.2.3"])
    equal(endpoint.first(), None)
    equal(look_up(), ("192.0.2.1", 7))
    equal(endpoint.unanswered(1), (None, False))
    equal(endpoint.unanswered(2), (("192.0.2.2", 7), False))
    equal(endpoint.unanswered(3), (None, True))
    equal(look_up(), ("192.0.2.3", 7))
    equal(endpoint.unanswered(4), (("192.0.2.3", 7), False))
    equal(endpoint.unanswered(5), (None, True))


def test_what_is_found_anew_has_its_turn_from_the_first_on():
    endpoint, look_up = _endpoint(["192.0.2.1"], ["192.0.2.2", "192.0.2.3"])
    equal(look_up(), ("192.0.2.1", 7))
    equal(endpoint.unanswered(1), (None, True))
    equal(look_up(), ("192.0.2.2", 7))
    equal(endpoint.unanswered(2), (("192.0.2.2", 7), False))
    equal(endpoint.unanswered(3), (None, False))
    equal(endpoint.unanswered(4), (("192.0.2.3", 7), False))
    equal(endpoint.unanswered(5), (None, True))
    equal(endpoint.unanswered(6), (("192.0.2.2", 7), False))


def test_after_a_name_was_asked_anew_the_next_silence_asks_as_soon():
    endpoint, look_up = _endpoint(["192.0.2.1"], ["192.0.2.2"], ["192.0.2.3"])
    look_up()
    look_up()
    equal(endpoint.unanswered(1), (None, True))


def test_a_failed_lookup_keeps_what_was_known():
    endpoint, look_up = _endpoint(["192.0.2.1"], [])
    look_up()
    equal(look_up(), None)
    equal(endpoint.lookup, None)
    equal(endpoint.first(), ("192.0.2.1", 7))


def test_without_any_answer_every_retry_looks_up():
    endpoint, look_up = _endpoint([])
    equal(look_up(), None)
    equal(endpoint.unanswered(0), (None, True))
    equal(endpoint.unanswered(0), (None, True))


def test_names_of_the_local_network_are_the_systems():
    for name in ("gateway.local", "Gateway.LOCAL."):
        endpoint = Endpoint(name, 7)
        endpoint.resolve(None, None, lambda: None)
        assert isinstance(endpoint.lookup, resolve.LocalLookup)
        _finished(endpoint.lookup)


def test_answer_is_taken_once():
    endpoint, look_up = _endpoint(["192.0.2.1"])
    equal(endpoint.resolved(), None)
    look_up()
    equal(endpoint.resolved(), None)
