# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
"""Hooks: when they run, with what, and what their faults do."""

import sys

import fake_netif
from expect import equal, raises
from faults import sample
from wireguard import ConfigError, Tunnel
from wireguard import interface as module

module._c = fake_netif

_MODULE = """
calls = []

def note(kind):
    def hook(tunnel):
        calls.append((kind, tunnel.active()))
    return hook

pre_up, post_up, pre_down, post_down = map(note, ("pre_up", "post_up", "pre_down", "post_down"))

def fail(tunnel):
    calls.append(("fail", tunnel.active()))
    raise ValueError("the hook's own")

def interrupted(tunnel):
    raise KeyboardInterrupt

nothing = None
"""


def _tunnel(**hooks):
    """(tunnel, what its hooks write down)."""
    with open("lamp.py", "w") as file:
        file.write(_MODULE)
    sys.path.insert(0, "")
    sys.modules.pop("lamp", None)
    data = sample()
    data["interface"].update(hooks)
    tunnel = Tunnel(data)
    import lamp

    return tunnel, lamp.calls


_ALL = {kind: "lamp." + kind for kind in ("pre_up", "post_up", "pre_down", "post_down")}


def test_each_has_its_moment():
    tunnel, calls = _tunnel(**_ALL)
    equal(calls, [])
    for _ in range(2):
        tunnel.up()
        tunnel.up()
        equal(calls, [("pre_up", False), ("post_up", True)])
        tunnel.down()
        tunnel.down()
        equal(calls[2:], [("pre_down", True), ("post_down", False)])
        calls.clear()


def test_several_in_order_and_the_network_conventions():
    tunnel, calls = _tunnel(post_up=["lamp.post_up", "lamp.pre_up"])
    tunnel.active(True)
    equal(calls, [("post_up", True), ("pre_up", True)])
    tunnel.active(False)
    equal(len(calls), 2)


def test_an_exception_on_the_way_up_leaves_it_down():
    for kind, active in (("pre_up", False), ("post_up", True)):
        tunnel, calls = _tunnel(**dict(_ALL, **{kind: "lamp.fail"}))
        equal(str(raises(ValueError, tunnel.up)), "the hook's own")
        assert not tunnel.active()
        equal(calls[-1], ("fail", active))
        count = len(calls)
        tunnel.down()
        equal(len(calls), count)
        equal(fake_netif.netifs, {})


def test_an_exception_on_the_way_down_holds_nothing_up():
    for kind in ("pre_down", "post_down"):
        tunnel, calls = _tunnel(**dict(_ALL, **{kind: ["lamp.fail", "lamp." + kind]}))
        tunnel.up()
        tunnel.down()
        assert not tunnel.active()
        equal([what for what, _ in calls].count("fail"), 1)
        equal(calls[-1], ("post_down", False))
        assert (kind, kind == "pre_down") in calls


def test_an_interrupt_on_the_way_down_leaves_no_tunnel_open():
    tunnel, calls = _tunnel(pre_down="lamp.interrupted", post_up="lamp.post_up")
    tunnel.up()
    raises(KeyboardInterrupt, tunnel.down)
    assert not tunnel.active()
    equal(fake_netif.netifs, {})


def test_what_is_not_there_is_said_before_anything_happens():
    for name, fault in (
        ("nomodule.on", "no module named 'nomodule'; is nomodule.py on the board?"),
        ("lamp.of", "there is no such function"),
        ("lamp.nothing", "there is no such function"),
    ):
        tunnel, calls = _tunnel(pre_up="lamp.pre_up", post_down=name)
        error = raises(ConfigError, tunnel.up)
        equal(str(error), "interface.post_down: '{}': {}".format(name, fault))
        equal((tunnel.active(), calls), (False, []))


def test_a_hook_may_use_the_tunnel():
    tunnel, _ = _tunnel(post_up="lamp.post_up")
    import lamp

    lamp.post_up = lambda tunnel: tunnel.down()
    tunnel.up()
    assert not tunnel.active()
