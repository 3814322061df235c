# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
"""In place of `_wireguard` below Tunnel: netifs that hand each other handshake messages.

What Tunnel does is tested here without a network stack; the real Netif has its own tests.
"""

import _wireguard

EVENT_MESSAGE, EVENT_HANDSHAKE, EVENT_SESSION, EVENT_ENDPOINT, EVENT_TICK, EVENT_ANSWER = range(
    1, 7
)

netifs = {}  # open ones, by port


class Netif:
    """Keeps what it is told in plain attributes."""

    log = []  # of all calls of all netifs: names
    is_online = True  # else there is no way to send anything

    def __init__(self, public_key, handler):
        assert len(public_key) == 32
        self._handler = handler
        self._events = []
        self._is_open = False
        self.peers = {}
        self.wake_ms = None
        self.questions, self.answers = [], []

    def open(self, addresses, mtu, listen_port=0):
        if listen_port == 1:
            raise OSError(98)
        self.addresses, self._mtu = addresses, mtu or 1420
        self._port = listen_port or 49152 + len(netifs)
        self._is_open = True
        netifs[self._port] = self
        self.log.append("open")

    def close(self):
        if self._is_open:
            self._is_open = False
            del netifs[self._port]
            self.log.append("close")

    def port(self):
        return self._port

    def mtu(self):
        return self._mtu

    def dns(self, servers):
        self.servers = list(servers)

    def ask(self, server, question):
        self.questions.append((server, question))
        return server == 0

    def answer(self):
        return self.answers.pop(0) if self.answers else None

    def rebind(self, port=0):
        self.log.append("rebind")

    def active(self):
        return self._is_open

    def peer_add(self):
        for slot in range(32):
            if slot not in self.peers:
                self.peers[slot] = {"endpoint": None, "keepalive": 0, "allowed_ips": []}
                return slot
        raise OSError(12)

    def peer_remove(self, slot):
        del self.peers[slot]

    def endpoint(self, slot, *address):
        if address:
            self.peers[slot]["endpoint"] = address[0]
        return self.peers[slot]["endpoint"]

    def keepalive(self, slot, seconds):
        self.peers[slot]["keepalive"] = seconds

    def allowed_ips(self, slot, networks):
        self.peers[slot]["allowed_ips"] = list(networks)

    def send(self, target, message):
        self.log.append("send")
        if isinstance(target, int):
            target = self.peers[target]["endpoint"]
        if target is None or not self.is_online:
            return False
        other = netifs.get(target[1])
        if other:
            other.tell((EVENT_MESSAGE, bytes(message), ("127.0.0.1", self._port)))
        return True

    def keypair(self, slot, local, remote, send_key, receive_key, is_initiator):
        self.peers[slot]["keys"] = bytes(send_key), bytes(receive_key)
        if is_initiator:
            self.peers[slot]["session"] = True
            for other in netifs.values():  # the keepalive that confirms it
                for there, peer in other.peers.items():
                    if peer.get("keys") == (bytes(receive_key), bytes(send_key)):
                        peer["session"] = True
                        other.tell((EVENT_SESSION, there))

    def keys_clear(self, slot):
        self.peers[slot].pop("keys", None)
        self.peers[slot].pop("session", None)

    def cookie_seed(self, seed):
        assert len(seed) == 32

    def suspend(self, slot, session_id):
        return False

    def resume(self, slot=None, session_id=None):
        return None

    def staged_drop(self, slot):
        self.log.append("staged_drop")

    def wake(self, ms):
        self.wake_ms = ms

    def event(self):
        return self._events.pop(0) if self._events else None

    def stats(self, slot):
        return 1024, 2048, 3, 4, None, None

    def session(self, slot):
        return (1000, True, 1) if self.peers[slot].get("session") else None

    def counters(self):
        return {"replay": 7}

    # For tests

    def tell(self, event):
        """Queue an event and call the handler as the scheduler does."""
        import micropython

        self._events.append(event)
        micropython.schedule(self._handler, self)


def __getattr__(name):
    return getattr(_wireguard, name)
