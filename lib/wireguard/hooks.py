# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
"""wg-quick's PreUp, PostUp, PreDown and PostDown as Python functions, called with the tunnel."""

import sys

from .fields import fault


def load(config):
    """{"pre_up": [function], ...} of a Config. Imports their modules; ConfigError names a fault.

    All at once and before anything happens: a wrong name must not be found out on the way down.
    """
    functions = {}
    for kind, names in config.hooks.items():
        functions[kind] = [_function(name, kind) for name in names]
    return functions


def attempt(functions, tunnel):
    """Call them. An exception is printed and keeps the others from nothing."""
    for function in functions:
        try:
            function(tunnel)
        except Exception as error:
            sys.print_exception(error)


def _function(name, kind):
    path = "interface." + kind
    module, _, function = name.rpartition(".")
    try:
        __import__(module)
    except ImportError as error:
        file = module.replace(".", "/")
        raise fault(path, "'{}': {}; is {}.py on the board?".format(name, error, file)) from None
    function = getattr(sys.modules[module], function, None)
    if not callable(function):
        raise fault(path, "'{}': there is no such function".format(name))
    return function
