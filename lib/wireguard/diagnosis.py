# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
"""`wireguard.doctor`: from wg.json to a packet of full size, the first step that fails named.

Each step is looked at for real: the network is joined if it is not, the tunnel is brought up if
it is down (and taken down again), packets are sent. A tunnel that is up is used as it is.
"""

import time

from . import config as _config
from . import keys, keystore

OK = "ok"
WARNING = "warning"
FAILED = "failed"

_MARKS = {OK: "ok  ", WARNING: "note", FAILED: "FAIL"}


class Stop(Exception):
    """A step has failed; the next ones make no sense."""


class Diagnosis:
    """One examination; `run` it once.

    config     the Config, once wg.json is read
    interface  Wi-Fi or Ethernet, once there is one
    tunnel     once there is one; `own`: it was brought up here
    """

    def __init__(self, config="wg.json", report=None):
        self.config = self.interface = self.tunnel = None
        self.own = False
        self._source = config
        self._report = report or _print
        self._sound = True

    def run(self):
        """True if nothing failed."""
        try:
            self._file()
            from . import diagnosis_uplink as uplink

            for step in (uplink.network, uplink.address, uplink.dns, uplink.clock):
                step(self)
            uplink.endpoints(self)
            from . import diagnosis_tunnel as tunnel

            for step in (tunnel.handshakes, tunnel.ping, tunnel.mtu):
                step(self)
        except Stop:
            pass
        finally:
            if self.own:
                self.tunnel.down()
        return self._sound

    def ok(self, step, text):
        self._report(step, OK, text, "")

    def warn(self, step, text, advice):
        self._report(step, WARNING, text, advice)

    def fail(self, step, text, advice):
        """Does not return."""
        self._sound = False
        self._report(step, FAILED, text, advice)
        raise Stop

    def _file(self):
        try:
            self.config = keystore.complete(_config.load(self._source))
        except (_config.ConfigError, OSError) as error:
            advice = "Mend it and check it with 'wgpy check'; 'wgpy deploy' brings it here."
            self.fail("wg.json", str(error), advice)
        count = len(self.config.peers)
        own = keys.encode(keys.public(self.config.private_key))
        self.ok("wg.json", "{} peer{}; public key {}".format(count, "s" * (count != 1), own))


def _print(step, verdict, text, advice):
    print("{}  {:<10} {}".format(_MARKS[verdict], step, text))
    if advice:
        print("                 -> " + advice)


def until(condition, seconds):
    """Wait for it. Whether it came true."""
    began = time.ticks_ms()
    while not condition():
        if time.ticks_diff(time.ticks_ms(), began) > seconds * 1000:
            return False
        time.sleep_ms(50)
    return True


def echo(host, count, seconds, size=56):
    """How many of count pings are answered."""
    from ping import ping

    return ping(host, count, interval=0.3, timeout=seconds, size=size, quiet=True).received
