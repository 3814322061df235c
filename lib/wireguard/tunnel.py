# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
"""The public face: a WireGuard interface by MicroPython's conventions for network interfaces.

The data plane runs in C on lwIP's thread. It calls `_handle` through the scheduler when the
control plane has something to do, also while the program sleeps, waits for a socket or runs an
asyncio loop.
"""

import errno
import os
import time

import _wireguard as _c
from micropython import const

from . import config as _config
from . import device as _device
from . import ip, keys, show, tai64n
from .clock import Clock
from .dns import Servers
from .events import Log, Stream
from .guard import Guard
from .noise import Identity
from .resolve import Endpoint
from .timers import REJECT_AFTER_TIME_MS

_BATCH = const(8)  # events handled before the program has its turn again
_LONGEST_WAKE_MS = const(3_600_000)  # the clock wants to be read before the ticks wrap
_LOOKUP_POLL_MS = const(1_000)
_WAIT_STEP_MS = const(20)

_timestamps = {}  # by identity: labels must go on where the last tunnel of this boot stopped


class Tunnel:
    """A WireGuard interface, down at first.

    config   path to wg.json, a dict of the same shape, or a Config
    name     as shown by `show`
    Raises ConfigError.
    """

    def __init__(self, config="wg.json", name="wg0"):
        self.errors = 0  # exceptions in the handler; the tunnel goes on
        self.last_error = None
        self._name = name
        self._config = _config.load(config)
        self._handler = self._handle  # one bound method, not one an event
        self._guard = Guard(self._handler)
        self._log = Log()
        self._public = self._public_of = None
        self._reset()

    def _reset(self):
        self._netif = self._device = self._servers = None
        self._clock = None
        self._endpoints = {}  # by slot

    # Up and down

    def up(self):
        """Open the interface and begin a handshake with every peer that has an endpoint.

        Nothing happens if it is up. OSError if the system refuses; ConfigError if a peer's public
        key is no key of a peer.
        """
        with self._guard:
            if self._netif is None:
                self._start()
        return self

    def down(self):
        """Close the interface and wipe all keys. Nothing happens if it is down."""
        with self._guard:
            self._stop()

    def connect(self):
        """As `up`."""
        self.up()

    def disconnect(self):
        """As `down`."""
        self.down()

    def active(self, state=None):
        """Whether the interface is up; with an argument, bring it up or down."""
        if state is None:
            return self._netif is not None
        if state:
            self.up()
        else:
            self.down()

    def isconnected(self):
        """True if there is a session with at least one peer."""
        netif = self._netif
        if netif is None:
            return False
        return any([self._has_session(slot) for slot in self._device.peers])

    def wait(self, timeout=None):
        """Sleep until there is a session, for `timeout` seconds at most. True if there is one."""
        left = None if timeout is None else int(timeout * 1000)
        before = time.ticks_ms()
        while self._netif is not None and not self.isconnected():
            if left is not None and left <= 0:
                return False
            self._keep_trying()
            time.sleep_ms(_WAIT_STEP_MS)
            now = time.ticks_ms()
            if left is not None:
                left -= time.ticks_diff(now, before)
            before = now
        return self.isconnected()

    async def connected(self):
        """Wait in asyncio until there is a session. OSError if the tunnel goes down instead."""
        events = self.events()
        while not self.isconnected():
            if self._netif is None:
                raise OSError(errno.ENOTCONN)
            self._keep_trying()
            async for _ in events:
                break

    def events(self):
        """What happens from now on, for `async for`: tuples (what, public key of the peer).

        what   "handshake": a new session; "endpoint": the peer has moved; "lost": given up,
               until there is new traffic
        The stream ends when the tunnel goes down.
        """
        return Stream(self._log)

    def __enter__(self):
        return self.up()

    def __exit__(self, *exception):
        self.down()

    async def __aenter__(self):
        return self.up()

    async def __aexit__(self, *exception):
        self.down()

    # Status

    def status(self, param=None):
        """The data of `wg show dump` as a dict, or one entry of it. Secrets are not in it.

        peers: public_key, preshared_key (whether there is one), endpoint (host, port) or None,
        allowed_ips, latest_handshake (seconds since 1970 by this machine's clock, or 0),
        handshake_age (seconds or None), rx_bytes, tx_bytes, persistent_keepalive (seconds),
        connected, trying (what is being attempted, or "").
        """
        with self._guard:
            status = self._status()
        return status if param is None else status[param]

    def show(self):
        """Print what `wg show` would."""
        print(show.text(self.status()))

    def ipconfig(self, param):
        """`addr4` (address, netmask), `addr6` [(address, state, preferred, valid)], `gw4`,
        `has_dhcp4`, `has_autoconf6`."""
        if param == "addr4":
            for address, prefix in self._config.addresses:
                if ":" not in address:
                    return address, ip.netmask(prefix)
            return "0.0.0.0", "0.0.0.0"
        if param == "addr6":
            forever = 0xFFFFFFFF
            return [(a, 0x30, forever, forever) for a, _ in self._config.addresses if ":" in a]
        if param == "gw4":
            return "0.0.0.0"
        if param in ("has_dhcp4", "has_autoconf6"):
            return False
        raise ValueError("unknown param")

    def config(self, param):
        """`name`, `mtu`, `listen_port`, `public_key`, `dns`."""
        if param == "name":
            return self._name
        if param == "mtu":
            return self._config.mtu
        if param == "dns":
            return list(self._config.dns)
        if param in ("listen_port", "public_key"):
            return self.status(param)
        raise ValueError("unknown param")

    # Change at run time

    def configure(self, config):
        """Replace the configuration, as `wg syncconf` does: peers that stay keep their session.

        A changed interface section restarts the tunnel. If the new configuration is bad, a
        ConfigError says so and the running tunnel is as it was.
        """
        new = _config.load(config)
        with self._guard:
            self._change(new)

    def set_peer(self, public_key, remove=False, **changes):
        """Add, change or remove one peer, as `wg set`; keys and values as in wg.json.

        What is not mentioned stays. An allowed network that another peer has moves here.
        """
        section = dict(changes)
        section["public_key"] = public_key
        if section.get("allowed_ips") is None:
            section["allowed_ips"] = []
        changed = _config.load_peer(section, self._config)
        with self._guard:
            peers = []
            for peer in self._config.peers:
                if peer.public_key != changed.public_key:
                    peers.append(_without(peer, changed.allowed_ips))
                    continue
                for key in ("preshared_key", "endpoint", "allowed_ips", "persistent_keepalive"):
                    if key not in changes:
                        setattr(changed, key, getattr(peer, key))
            if not remove:
                peers.append(changed)
            self._change(_config.with_peers(self._config, peers))

    # Everything below runs with the guard held

    def _start(self):
        config = self._config
        identity = Identity(config.private_key)
        netif = _c.Netif(identity.public_key, self._handler)
        self._clock = Clock()
        self._device = _device.Device(
            identity, netif, _timestamps_of(identity), os.urandom, self._observe
        )
        self._servers = Servers(config.dns)
        self._netif = netif
        try:
            netif.open(config.addresses, config.mtu, config.listen_port)
            for i, peer in enumerate(config.peers):
                self._add_peer(peer, i)
            self._arm(self._clock.now())
        except BaseException:
            self._stop()
            raise

    def _stop(self):
        netif, device, servers = self._netif, self._device, self._servers
        if netif is None:
            return
        self._reset()
        netif.close()
        device.close()
        servers.restore()
        self._log.append(None)

    def _add_peer(self, peer, position):
        slot = self._netif.peer_add()
        try:
            self._device.add_peer(slot, peer.public_key, peer.preshared_key)
        except ValueError as error:
            self._netif.peer_remove(slot)
            raise _config.ConfigError(
                "peers[{}].{}".format(position, str(error).replace("public key", "public_key:"))
            )
        self._netif.allowed_ips(slot, peer.allowed_ips)
        self._set_endpoint(slot, peer.endpoint)
        self._netif.keepalive(slot, peer.persistent_keepalive)
        if peer.endpoint:
            self._device.want_handshake(slot, self._clock.now())

    def _remove_peer(self, slot):
        self._endpoints.pop(slot, None)
        self._device.remove_peer(slot)
        self._netif.peer_remove(slot)

    def _set_endpoint(self, slot, endpoint):
        self._endpoints.pop(slot, None)
        if endpoint is None:
            return
        endpoint = self._endpoints[slot] = Endpoint(*endpoint)
        address = endpoint.first()
        if address is None:
            endpoint.resolve(self._looked_up)
        else:
            self._netif.endpoint(slot, address)

    def _change(self, new):
        old = self._config
        if self._netif is None:
            self._config = new
            return
        self._check(new)
        if not _config.same_interface(old, new):
            self._restart(new)
            return
        self._config = new
        before = {peer.public_key: peer for peer in old.peers}
        slots = {peer.public_key: slot for slot, peer in self._device.peers.items()}
        kept = [peer.public_key for peer in new.peers]
        for public_key, slot in slots.items():
            if public_key not in kept:
                self._remove_peer(slot)
        for i, peer in enumerate(new.peers):
            if peer.public_key in slots:
                self._change_peer(slots[peer.public_key], before[peer.public_key], peer)
            else:
                self._add_peer(peer, i)
        self._arm(self._clock.now())

    def _change_peer(self, slot, old, new):
        if new.preshared_key != old.preshared_key:
            self._device.peers[slot].set_preshared_key(new.preshared_key)
        if new.allowed_ips != old.allowed_ips:
            self._netif.allowed_ips(slot, new.allowed_ips)
        if new.endpoint != old.endpoint:
            self._set_endpoint(slot, new.endpoint)
        if new.persistent_keepalive != old.persistent_keepalive:
            self._netif.keepalive(slot, new.persistent_keepalive)

    def _check(self, new):
        """What only the curve can tell, before anything is touched."""
        identity = Identity(new.private_key)
        try:
            for i, peer in enumerate(new.peers):
                if peer.public_key == identity.public_key:
                    raise _config.ConfigError(
                        "peers[{}].public_key: is this interface's own".format(i)
                    )
                if not identity.is_peer(peer.public_key):
                    raise _config.ConfigError(
                        "peers[{}].public_key: is a low-order point".format(i)
                    )
        finally:
            identity.wipe()

    def _restart(self, new):
        old = self._config
        self._stop()
        self._config = new
        try:
            self._start()
        except BaseException:
            self._config = old
            self._start()
            raise

    def _keep_trying(self):
        """A program waits for a session: take that for traffic if an attempt was given up."""
        with self._guard:
            if self._netif is None:
                return
            for slot, peer in self._device.peers.items():
                if peer.timers.retry_at is None and slot in self._endpoints:
                    now = self._clock.now()
                    self._device.want_handshake(slot, now)
                    self._arm(now)

    def _status(self):
        netif, device = self._netif, self._device
        status = {
            "name": self._name,
            "public_key": self._public_text(),
            "listen_port": netif.port() if netif else self._config.listen_port,
            "active": netif is not None,
            "errors": self.errors,
            "drops": {},
            "peers": [],
        }
        slots = {}
        if netif:
            status["drops"].update(netif.counters())
            status["drops"].update(device.drops)
            slots = {peer.public_key: slot for slot, peer in device.peers.items()}
        for peer in self._config.peers:
            status["peers"].append(self._peer_status(peer, slots.get(peer.public_key)))
        return status

    def _public_text(self):
        """Our public key. Once a private key: it is tens of milliseconds on a chip."""
        if self._public_of != self._config.private_key:
            self._public_of = self._config.private_key
            self._public = keys.encode(keys.public(self._public_of))
        return self._public

    def _peer_status(self, config, slot):
        status = {
            "public_key": keys.encode(config.public_key),
            "preshared_key": config.preshared_key is not None,
            "endpoint": config.endpoint,
            "allowed_ips": ["{}/{}".format(*network) for network in config.allowed_ips],
            "latest_handshake": 0,
            "handshake_age": None,
            "rx_bytes": 0,
            "tx_bytes": 0,
            "persistent_keepalive": config.persistent_keepalive,
            "connected": False,
            "trying": "",
        }
        if slot is None:
            return status
        peer = self._device.peers[slot]
        stats = self._netif.stats(slot)
        status["endpoint"] = self._netif.endpoint(slot)
        status["rx_bytes"], status["tx_bytes"] = stats[0], stats[1]
        status["connected"] = self._has_session(slot)
        status["trying"] = self._trying(slot, peer)
        if peer.last_handshake is not None:
            age = (self._clock.now() - peer.last_handshake) // 1000
            status["handshake_age"] = age
            status["latest_handshake"] = tai64n.wall_clock() // 1_000_000_000 - age
        return status

    def _trying(self, slot, peer):
        """What is being attempted, for a person; "" if nothing is."""
        endpoint = self._endpoints.get(slot)
        address = self._netif.endpoint(slot)
        if address is None:
            return "to resolve {}".format(endpoint.host) if endpoint else ""
        if peer.timers.retry_at is None or peer.attempts < 2:
            return ""
        return "no answer from {} to {} handshakes".format(show.endpoint(address), peer.attempts)

    def _has_session(self, slot):
        session = self._netif.session(slot)
        return session is not None and session[0] < REJECT_AFTER_TIME_MS

    # The handler

    def _handle(self, _):
        """The scheduler's call. Only KeyboardInterrupt leaves it, and costs no other event."""
        while self._guard.enter():
            try:
                self._work()
            except BaseException:
                self._guard.leave()
                self._call_again()
                raise
            self._guard.leave()
            if not self._guard.missed:
                return

    def _work(self):
        if self._netif is None:
            return
        try:
            while self._batch() and not self._call_again():
                pass
            self._attempt(self._finish_lookups, self._clock.now())
            self._attempt(self._device.tick, self._clock.now())
            self._arm(self._clock.now())
        except Exception as error:
            self._count(error)

    def _batch(self):
        """Handle some events. True if there may be more."""
        for _ in range(_BATCH):
            event = self._netif.event()
            if event is None:
                return False
            self._attempt(self._event, event)
        return True

    def _attempt(self, function, argument):
        """One bad event must not take the others with it."""
        try:
            function(argument)
        except Exception as error:
            self._count(error)

    def _event(self, event):
        kind = event[0]
        now = self._clock.now()
        if kind == _c.EVENT_MESSAGE:
            self._device.message(event[1], event[2], now)
        elif kind == _c.EVENT_HANDSHAKE:
            self._device.want_handshake(event[1], now)
        elif kind == _c.EVENT_SESSION:
            self._device.session_confirmed(event[1], now)
        elif kind == _c.EVENT_ENDPOINT:
            self._device.endpoint_changed(event[1])

    def _arm(self, now):
        """Have the data plane call when the next thing is due."""
        ms = self._device.next_deadline(now)
        ms = _LONGEST_WAKE_MS if ms is None else min(max(ms, 1), _LONGEST_WAKE_MS)
        if any([endpoint.lookup for endpoint in self._endpoints.values()]):
            ms = min(ms, _LOOKUP_POLL_MS)
        self._netif.wake(ms)

    def _observe(self, what, peer):
        if what == _device.RETRY:
            self._unanswered(peer)
            return
        if what == _device.HANDSHAKE:
            self._servers.apply()
        self._log.append((what, keys.encode(peer.public_key)))

    def _unanswered(self, peer):
        endpoint = self._endpoints.get(peer.slot)
        if endpoint is None:
            return
        address, look_up = endpoint.unanswered(peer.attempts)
        if address:
            self._netif.endpoint(peer.slot, address)
        if look_up:
            self._servers.restore()  # the tunnel's server cannot be asked without the tunnel
            endpoint.resolve(self._looked_up)

    def _finish_lookups(self, now):
        for slot, endpoint in self._endpoints.items():
            address = endpoint.resolved()
            if address is None:
                continue
            known = self._netif.endpoint(slot) is not None
            if known and self._has_session(slot):
                continue  # it has answered in the meantime, from wherever it is
            self._netif.endpoint(slot, address)
            if not known:
                self._device.want_handshake(slot, now)

    def _looked_up(self):
        """In the look-up's thread."""
        self._call_again()

    def _call_again(self):
        """Have the scheduler call the handler. False if its queue is full."""
        try:
            from micropython import schedule

            schedule(self._handler, None)
        except (ImportError, RuntimeError):
            return False
        return True

    def _count(self, error):
        self.errors += 1
        self.last_error = error


def _timestamps_of(identity):
    name = "wg-" + "".join(["{:02x}".format(b) for b in identity.public_key[:4]])
    if name not in _timestamps:
        _timestamps[name] = tai64n.Timestamps(tai64n.open_store(name))
    return _timestamps[name]


def _without(peer, networks):
    """`peer`, or a copy of it that has lost `networks`."""
    if not any([network in networks for network in peer.allowed_ips]):
        return peer
    return _config.with_allowed_ips(peer, [n for n in peer.allowed_ips if n not in networks])
