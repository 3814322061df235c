# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
"""What is below a tunnel's public face: its Interface opened, changed, closed."""

from . import config as _config
from .events import Log
from .handler import Handler
from .interface import Interface

running = []  # the tunnels that are up


class Lifecycle:
    """The Interface is None while the tunnel is down; it is touched with the guard held only."""

    def __init__(self, config):
        self._config = load(config)
        self._is_own = self._config is not config  # else somebody may use it again
        self._interface = None
        self._handler = Handler(self._work, self._work_soon)
        self._log = Log()

    def _start(self):
        interface = Interface(self._config, self._handler, self._log)
        self._interface = interface  # before: Ctrl-C may come as soon as it is open
        try:
            interface.open()
        except BaseException:
            self._interface = None
            interface.close()
            raise
        running.append(self)

    def _stop(self):
        interface = self._interface
        if interface is None:
            return
        interface.close()  # first: what Ctrl-C interrupts can be closed again
        self._interface = None
        if self in running:
            running.remove(self)
        self._log.append(None)

    def _keep_trying(self):
        with self._handler.guard:
            if self._interface is not None:
                self._interface.keep_trying()

    def _work_soon(self):
        if self._interface is not None:
            self._interface.work_soon()

    def _work(self):
        """The scheduler's call."""
        if self._interface is not None:
            self._interface.work()

    def _change(self, new):
        from .changes import same_interface, wipe_replaced

        old = self._config
        if self._interface is None:
            self._config = new
        else:
            from .curve import check

            check(new)
            if same_interface(old, new):
                self._config = new
                self._interface.sync(new)
            else:
                self._restart(new)
        if self._is_own:
            wipe_replaced(old, new)

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


def load(source):
    """A Config, its private key from wherever it is."""
    config = _config.load(source)
    if config.private_key is None:
        from .keystore import complete  # only now: most boards have it in wg.json

        complete(config)
    return config
