# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
"""idf_hooks.c on the host: whose word counts where a packet goes, and what may come in."""

import ctypes
import subprocess
from ctypes import addressof, c_bool, c_char, c_int, c_void_p

import chip
import pytest


class Hooks:
    def __init__(self, library):
        self.library = library
        library.tunnel.restype = c_void_p
        self.tunnel = library.tunnel()
        self.underlay = addressof(c_char.in_dll(library, "underlay"))
        library.route.restype = c_void_p
        library.input6.argtypes = [c_void_p, c_bool]

    def route(self, tunnels, idfs):
        c_void_p.in_dll(self.library, "tunnels_answer").value = tunnels
        c_void_p.in_dll(self.library, "idfs_answer").value = idfs
        return self.library.route()

    def count(self, name):
        return c_int.in_dll(self.library, name).value

    def input6(self, netif, has_link_local, filters_answer=0):
        """(eaten, freed by us, seen by the tunnels' filter)"""
        c_int.in_dll(self.library, "filters_answer").value = filters_answer
        eaten = self.library.input6(netif, has_link_local)
        return eaten, self.count("freed"), self.count("filtered")


@pytest.fixture(scope="module")
def hooks(generated, tmp_path_factory):
    library = tmp_path_factory.mktemp("hooks") / "libhooks.so"
    sources = [
        chip.FIRMWARE / "esp32" / "idf_hooks.c",
        chip.Path(__file__).parent / "hooks_host.c",
    ]
    flags = ["-shared", "-fPIC", *chip.WARNINGS, *chip.flags(generated)]
    subprocess.run(["gcc", *flags, *sources, "-o", library], check=True)
    return Hooks(ctypes.CDLL(str(library)))


def test_allowed_ips_come_before_idfs_rules(hooks):
    assert hooks.route(hooks.tunnel, hooks.underlay) == hooks.tunnel
    assert hooks.count("idf_asked") == 0


def test_the_rest_goes_by_idfs_rules(hooks):
    assert hooks.route(None, hooks.underlay) == hooks.underlay
    assert hooks.route(None, None) is None
    assert hooks.count("idf_asked") == 2


def test_ipv6_comes_in_by_the_tunnel_which_has_no_link_local_address(hooks):
    assert hooks.input6(hooks.tunnel, False) == (0, 0, 1)


def test_ipv6_comes_in_where_it_was_asked_for(hooks):
    assert hooks.input6(hooks.underlay, True) == (0, 0, 1)


def test_ipv6_that_nobody_asked_for_is_dropped(hooks):
    assert hooks.input6(hooks.underlay, False) == (1, 1, 0)


@pytest.mark.parametrize("where", ["tunnel", "underlay"])
def test_what_the_filter_eats_is_eaten_once(hooks, where):
    assert hooks.input6(getattr(hooks, where), True, filters_answer=1) == (1, 0, 1)
