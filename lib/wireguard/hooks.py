# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
"""wg-quick's PreUp, PostUp, PreDown and PostDown as Python functions, called with the tunnel."""

import sys

from .config import ConfigError


class Hooks:
    """The functions of a Config. Imports their modules; ConfigError names the fault.

    All at once and before anything happens: a wrong name must not be found out on the way down.
    """

    def __init__(self, config):
        self._functions = {}
        for kind, names in config.hooks.items():
            self._functions[kind] = [_function(name, kind) for name in names]

    def run(self, kind, tunnel):
        for function in self._functions.get(kind, ()):
            function(tunnel)

    def run_all(self, kind, tunnel):
        """As `run`, but an exception is printed and keeps the others from nothing."""
        for function in self._functions.get(kind, ()):
            try:
                function(tunnel)
            except Exception as error:
                sys.print_exception(error)


def _function(name, kind):
    module, _, function = name.rpartition(".")
    try:
        __import__(module)
    except ImportError as error:
        raise ConfigError(
            "interface.{}: '{}': {}; is {}.py on the board?".format(
                kind, name, error, module.replace(".", "/")
            )
        ) from None
    function = getattr(sys.modules[module], function, None)
    if not callable(function):
        raise ConfigError("interface.{}: '{}': there is no such function".format(kind, name))
    return function
