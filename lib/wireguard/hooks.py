# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
"""wg-quick's PreUp, PostUp, PreDown and PostDown as Python functions, called with the tunnel."""

import sys

from .config import HOOKS, ConfigError


def load(config):
    """{"pre_up": [function], ...} of a Config. Imports their modules; ConfigError names the fault.

    All four at once and before anything happens: a wrong name must not be found out on the way
    down.
    """
    functions = {}
    for kind in HOOKS:
        functions[kind] = [_function(name, kind) for name in config.hooks[kind]]
    return functions


def run(functions, tunnel):
    for function in functions:
        function(tunnel)


def run_all(functions, tunnel):
    """As `run`, but an exception is printed and keeps the others from nothing."""
    for function in functions:
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
