# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
"""The public face: a WireGuard interface by MicroPython's conventions for network interfaces."""

import errno
import time

from micropython import const

from .events import Stream
from .lifecycle import Lifecycle, load, running

_WAIT_STEP_MS = const(20)


def tunnels():
    """The tunnels that are up, whoever has made them."""
    return list(running)


class Tunnel(Lifecycle):
    """A WireGuard interface, down at first.

    config   path to wg.json, a dict of the same shape, or a Config
    name     as shown by `show`
    Raises ConfigError. A private key that is to be in a file or in NVS and is not is made here.
    """

    def __init__(self, config="wg.json", name="wg0"):
        super().__init__(config)
        self._name = name
        self._hooks = {}  # functions by kind, while it is up

    @property
    def errors(self):
        """How many exceptions the handler has met; the tunnel goes on. See `last_error`."""
        return self._handler.errors

    @property
    def last_error(self):
        return self._handler.last_error

    # Up and down

    def up(self):
        """Open the interface and begin a handshake with every peer that has an endpoint.

        Nothing happens if it is up. OSError if the system refuses; ConfigError if a peer's public
        key is no key of a peer. An exception of a hook leaves the tunnel down.
        """
        if self._interface is not None:
            return self
        hooks = self._load_hooks()
        for hook in hooks.get("pre_up", ()):
            hook(self)
        with self._handler.guard:
            if self._interface is None:
                self._start()
        self._hooks = hooks
        try:
            for hook in hooks.get("post_up", ()):
                hook(self)
        except BaseException:
            self._hooks = {}
            with self._handler.guard:
                self._stop()
            raise
        return self

    def down(self):
        """Close the interface and wipe all keys. Nothing happens if it is down.

        An exception of a hook is printed: it is down in the end whatever happens.
        """
        self._down(False)

    def suspend(self):
        """As `down`, for a program that is going to machine.deepsleep() for a minute or two.

        The session of one peer is put aside, and the next `up` goes on with it without a
        handshake if its keys are still young enough. True if there was a session.
        """
        return self._down(True)

    def connect(self):
        """As `up`."""
        self.up()

    def disconnect(self):
        """As `down`."""
        self.down()

    def active(self, state=None):
        """Whether the interface is up; with an argument, bring it up or down first."""
        if state:
            self.up()
        elif state is not None:
            self.down()
        return self._interface is not None

    def isconnected(self):
        """True if there is a session with at least one peer."""
        interface = self._interface
        return interface is not None and interface.is_connected()

    def wait(self, timeout=None):
        """Sleep until there is a session, for `timeout` seconds at most. True if there is one."""
        left = None if timeout is None else int(timeout * 1000)
        before = time.ticks_ms()
        while self._interface is not None and not self.isconnected():
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
            if self._interface is None:
                raise OSError(errno.ENOTCONN)
            self._keep_trying()
            async for _ in events:
                break

    def events(self):
        """What happens from now on, for `async for`: tuples (what, public key of the peer).

        what   "handshake": a new session; "endpoint": the peer has moved; "lost": given up,
               until there is new traffic
        The stream ends when the tunnel goes down. Asked for before up(), it misses nothing.
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
        from .status import status

        with self._handler.guard:
            found = status(self._config, self._interface)
        found["name"] = self._name
        found["errors"] = self.errors
        if param is None:
            return found
        if param not in found:
            raise ValueError("unknown param")
        return found[param]

    def __repr__(self):
        """For the REPL: no secret, no waiting."""
        interface = self._interface
        if interface is None:
            return "<Tunnel {} down>".format(self._name)
        state = "connected" if interface.is_connected() else "no session"
        return "<Tunnel {} up, {}>".format(self._name, state)

    def show(self):
        """Print what `wg show` would."""
        from .show import text

        print(text(self.status()))

    def ipconfig(self, param):
        """`addr4` (address, netmask), `addr6` [(address, state, preferred, valid)], `gw4`,
        `has_dhcp4`, `has_autoconf6`."""
        from .status import ipconfig

        return ipconfig(self._config, param)

    def config(self, param):
        """`name`, `mtu` (None: not known before `up`), `listen_port`, `public_key`, `dns`,
        `ping`."""
        if param == "name":
            return self._name
        if param == "mtu":
            interface = self._interface
            return interface.netif.mtu() if interface else self._config.mtu
        if param == "dns":
            return list(self._config.dns)
        if param == "ping":
            return dict(self._config.ping)
        if param in ("listen_port", "public_key"):
            return self.status(param)
        raise ValueError("unknown param")

    # Change at run time

    def configure(self, config):
        """Replace the configuration, as `wg syncconf` does: peers that stay keep their session.

        A changed interface section restarts the tunnel. If the new configuration is bad, a
        ConfigError says so and the running tunnel is as it was.
        """
        new = load(config)
        with self._handler.guard:
            try:
                self._change(new)
            finally:  # some of it may have failed, and yet it has taken the old one's place
                if self._config is new:
                    self._is_own = new is not config

    def set_peer(self, public_key, remove=False, **changes):
        """Add, change or remove one peer, as `wg set`; keys and values as in wg.json.

        What is not mentioned stays. An allowed network that another peer has moves here.
        """
        from .changes import with_peer, without_peer

        with self._handler.guard:
            if remove:
                self._change(without_peer(self._config, public_key))
            else:
                self._change(with_peer(self._config, public_key, changes))

    def _load_hooks(self):
        """The functions of the hooks; a board without any never loads what finds them."""
        if not self._config.hooks:
            return {}
        from .hooks import load

        return load(self._config)

    def _down(self, is_suspend):
        hooks, self._hooks = self._hooks, {}
        try:
            self._attempt(hooks.get("pre_down"))
        finally:  # Ctrl-C in a hook leaves no tunnel open
            with self._handler.guard:
                suspended = is_suspend and self._interface is not None
                suspended = suspended and self._interface.suspend()
                self._stop()
        self._attempt(hooks.get("post_down"))
        return suspended

    def _attempt(self, functions):
        if functions:
            from .hooks import attempt

            attempt(functions, self)
