# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
# MicroPython keeps no docstrings; a name of this kind is shown by help(wireguard).
__doc__ = """WireGuard for MicroPython

  tunnel = wireguard.Tunnel("wg.json")    a network interface, down at first; ConfigError
  tunnel.up()  tunnel.down()              open, close; or: with tunnel: ...
  tunnel.wait(10)                         True when there is a session; in asyncio: connected()
  tunnel.show()  tunnel.status()          as `wg show`; the same as a dict
  tunnel.set_peer(key, ...)               as `wg set`; configure("wg.json"): as `wg syncconf`
  wireguard.doctor()                      where it fails, step by step, and what to do
  wireguard.tunnels()                     the tunnels that are up
"""

from sys import implementation as _implementation

from .config import Config, ConfigError

__version__ = "0.1.0"
__all__ = ["Config", "ConfigError"]

if _implementation.name == "micropython":  # tools on the host want the configuration alone
    try:
        import _wireguard  # noqa: F401
    except ImportError:
        raise ImportError(
            "this firmware has no WireGuard; flash one that has: wgpy flash"
        ) from None
    from .tunnel import Tunnel, tunnels  # noqa: F401

    __all__.extend(("Tunnel", "doctor", "tunnels"))


def doctor(config="wg.json", report=None):
    """Look step by step where the tunnel of `config` fails, and say what to do. True if it works.

    report   function(step, verdict, text, advice) instead of printing
    """
    from .diagnosis import Diagnosis  # only now: a board that is well never loads it

    return Diagnosis(config, report).run()
