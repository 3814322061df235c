# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors

"""Fixtures for tests with devices, gateways and bad networks."""

import textwrap

import pytest
from support import namespace, tshark
from support.board import Board
from support.device import BINARY, Device
from support.gateways import KINDS, Boringtun, WireGuardGo
from support.patience import PATIENCE
from support.peer import HandMadePeer
from support.relay import Relay


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config, items):
    """Files with slow tests first, so that with several workers none is left for the end."""
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in slow)
    for item in items if PATIENCE != 1 else ():
        marker = item.get_closest_marker("timeout")
        seconds = marker.args[0] if marker else float(config.getini("timeout"))
        item.add_marker(pytest.mark.timeout(seconds * PATIENCE), append=False)


def need_namespace():
    if reason := namespace.why_not():
        pytest.skip(reason)


@pytest.fixture
def device(tmp_path, request):
    """Runs devices; at the end it kills what still runs and judges every uplink."""
    if not BINARY.exists():
        pytest.fail(f"{BINARY} is not built: run make device")
    devices = Device(tmp_path)
    yield devices
    kinds = devices.finish()
    request.node.add_report_section("teardown", "uplink", str(dict(kinds)))


@pytest.fixture
def boringtun(tmp_path):
    gateway = Boringtun(tmp_path)
    yield gateway
    gateway.close()


@pytest.fixture
def wireguard_go():
    need_namespace()
    gateway = WireGuardGo()
    yield gateway
    gateway.close()


@pytest.fixture(params=KINDS)
def gateway(request):
    """Each of the real gateways in turn."""
    return request.getfixturevalue(request.param.replace("-", "_"))


@pytest.fixture
def peer():
    """A hand-made peer: a gateway whose every datagram the test may choose."""
    with HandMadePeer() as peer:
        yield peer


@pytest.fixture
def relay():
    """relay(gateway_or_port, **settings): a bad network in front of a gateway on loopback."""
    relays = []

    def make(gateway, **settings):
        port = gateway if isinstance(gateway, int) else gateway.port
        space = getattr(gateway, "namespace", None)
        if space:
            settings["make_socket"] = space.udp_socket
        relays.append(Relay(("127.0.0.1", port), **settings))
        return relays[-1]

    yield make
    for r in relays:
        r.close()


@pytest.fixture
def capture():
    """tshark, for reading captures."""
    if not tshark.PROGRAM:
        pytest.skip("needs the program tshark")
    return tshark


@pytest.fixture
def board(tmp_path):
    """board(*options, **files) -> Board; files: boot="...", main="...", lib_name="...".

    prefix and environment are Board's.
    """
    boards = []

    def make(*options, prefix=(), environment=None, **files):
        flash = tmp_path / f"flash{len(boards)}"
        (flash / "lib").mkdir(parents=True)
        for name, text in files.items():
            path = flash / (name.replace("lib_", "lib/") + ".py")
            path.write_text(textwrap.dedent(text))
        boards.append(Board(flash, *options, prefix=prefix, environment=environment))
        return boards[-1]

    yield make
    for b in boards:
        b.close()


def pytest_terminal_summary(terminalreporter):
    """Show what tests measured: record_property("table", text)."""
    for outcome in ("passed", "failed"):
        for report in terminalreporter.getreports(outcome):
            for name, text in report.user_properties:
                if name == "table":
                    terminalreporter.write_line(f"\n{report.nodeid}\n{text}")
