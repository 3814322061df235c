# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
"""boot.py and main.py with pretended modules: whatever goes wrong, the board boots."""

import json
import sys

import wireguard
from expect import equal, raises

_ROOT = "/".join(__file__.split("/")[:-4])


class Module:
    """An empty module to hang things on."""


class Clock:
    """As the module `time`; its years start at `year` and its seconds fly."""

    def __init__(self, year):
        self.year = year
        self.now = 0

    def gmtime(self):
        return (self.year, 5, 6, 7, 8, 9, 0, 126)

    def sleep_ms(self, ms):
        self.now += ms

    def ticks_ms(self):
        return self.now

    def ticks_diff(self, a, b):
        return a - b


class Interface:
    """As network.WLAN and network.LAN."""

    IF_STA = 0
    joins_after = 3
    made = []

    def __init__(self, *arguments, **keywords):
        self.arguments = arguments or keywords
        self.calls = []
        self.made.append(self)

    def active(self, state):
        self.calls.append("active")

    def connect(self, ssid, password):
        self.calls.append((ssid, password))

    def disconnect(self):
        self.calls.append("disconnect")

    def isconnected(self):
        self.joins_after -= 1
        return self.joins_after < 0

    def ipconfig(self, param):
        return "192.0.2.10", "255.255.255.0"


class Tunnel:
    """As wireguard.Tunnel, with a session at once."""

    def __init__(self, config):
        self.up = lambda: self
        self.wait = lambda seconds: True
        self.show = lambda: None

    def config(self, param):
        return {"host": "10.0.0.1", "count": 1}


class Statistics:
    received = 1


def run(name, config, year=2026, ntp=None, joins_after=3):
    """(what a script prints, the interface it made or None, the clock)."""
    Interface.made.clear()
    Interface.joins_after = joins_after
    network, machine, ntptime, ping = Module(), Module(), Module(), Module()
    network.WLAN = network.LAN = Interface
    network.PHY_LAN8720 = "the LAN8720"
    machine.Pin = lambda number: "pin %d" % number
    machine.SPI = lambda number, **pins: ("spi", number, pins)
    ping.ping = lambda host, count: Statistics
    clock = Clock(year)
    modules = {"network": network, "machine": machine, "time": clock, "ping": ping}
    before = {name: sys.modules.get(name) for name in modules}
    sys.modules.update(modules)
    sys.modules.pop("ntptime", None)
    if ntp:
        ntptime.settime = lambda: ntp(clock)
        sys.modules["ntptime"] = ntptime
    with open("wg.json", "w") as file:
        json.dump(config, file) if isinstance(config, dict) else file.write(config)
    printed = []
    real, wireguard.Tunnel = wireguard.Tunnel, Tunnel
    try:
        with open(_ROOT + "/" + name) as file:
            names = {"__name__": "__main__", "print": lambda text="": printed.append(text)}
            exec(file.read(), names)
    finally:
        wireguard.Tunnel = real
        for name, module in before.items():
            sys.modules.pop(name)
            if module:
                sys.modules[name] = module
    return printed, Interface.made[-1] if Interface.made else None, clock


def boot(config):
    printed, interface, _ = run("boot.py", config)
    return printed, interface


def main(*arguments):
    """(what main.py prints but for the tunnel's lines, the clock)."""
    printed, _, clock = run("main.py", *arguments)
    return [line for line in printed if line and not line.startswith("Tunnel: ")], clock


_WIFI = {"wifi": {"ssid": "net", "password": "long enough"}}


def test_begins_to_join_the_wifi_and_does_not_wait():
    printed, interface, clock = run("boot.py", _WIFI, 2000, None, 10**9)
    equal((printed, clock.now), ([], 0))
    equal(interface.calls, ["active", "disconnect", ("net", "long enough")])


def test_a_wifi_that_a_soft_reset_left_connected_stays_so():
    Interface.isconnected, real = lambda self: True, Interface.isconnected
    try:
        _, interface = boot(_WIFI)
    finally:
        Interface.isconnected = real
    equal(interface.calls, ["active"])


def test_main_waits_for_the_network():
    printed, _ = main(_WIFI)
    equal(printed, ["Wi-Fi 'net': 192.0.2.10"])
    printed, _ = main({"lan": {}})
    equal(printed, ["Ethernet: 192.0.2.10"])


def test_a_network_that_is_not_there_costs_twenty_seconds():
    printed, clock = main(_WIFI, 2000, None, 10**9)
    equal(printed, ["Wi-Fi 'net': no connection after 20 s"])
    assert 20_000 < clock.now < 21_000


def test_ethernet():
    lan = {"mdc": 23, "mdio": 18, "phy_type": "PHY_LAN8720", "phy_addr": 1}
    printed, interface = boot({"lan": lan})
    equal(printed, [])
    expected = {"mdc": "pin 23", "mdio": "pin 18", "phy_type": "the LAN8720", "phy_addr": 1}
    equal(interface.arguments, expected)


def test_ethernet_on_spi():
    spi = {"id": 1, "sck": 14, "mosi": 13, "miso": 12}
    _, interface = boot({"lan": {"spi": spi, "cs": 15, "int": 4, "phy_type": "PHY_LAN8720"}})
    pins = {"sck": "pin 14", "mosi": "pin 13", "miso": "pin 12"}
    expected = {"spi": ("spi", 1, pins), "cs": "pin 15", "int": "pin 4"}
    expected["phy_type"] = "the LAN8720"
    equal(interface.arguments, expected)


def test_speaks_ipv6_where_the_firmware_can_before_it_connects():
    chip = Module()
    chip.ipv6 = lambda: Interface.made[-1].calls.append("ipv6")
    sys.modules["_wireguard_esp32"] = chip
    try:
        _, interface = boot(_WIFI)
    finally:
        del sys.modules["_wireguard_esp32"]
    equal(interface.calls, ["active", "ipv6", "disconnect", ("net", "long enough")])


def test_a_fault_in_the_tunnel_does_not_keep_it_off_the_network():
    printed, interface = boot({"interface": 5, "wifi": _WIFI["wifi"]})
    equal((printed, interface.calls[-1]), ([], ("net", "long enough")))


def test_faults_are_said_in_a_line():
    for config, expected in (
        ({}, "Network: neither 'wifi' nor 'lan' in wg.json"),
        (
            "{",
            "boot.py: ConfigError: wg.json: is not JSON; "
            "look for a missing comma, quote or bracket",
        ),
        ({"wifi": {}}, "boot.py: ConfigError: wifi.ssid: is missing"),
        ({"lan": {"phy_type": "PHY_NONE"}}, "boot.py: AttributeError: "),
    ):
        printed, _ = boot(config)
        equal(len(printed), 1)
        assert printed[0].startswith(expected), printed


def test_sets_a_clock_that_is_not_set():
    def settime(clock):
        clock.year = 2026

    printed, _ = main(_WIFI, 2000, settime)
    equal(printed[1:], ["Clock: 2026-05-06 07:08 UTC"])
    printed, _ = main(_WIFI, 2026, settime)
    equal(len(printed), 1)


def test_ntp_that_does_not_answer_is_asked_three_times():
    asked = []

    def silent(clock):
        asked.append(1)
        raise OSError(116)

    printed, _ = main(_WIFI, 2000, silent)
    equal(printed[1:], ["Clock: not set, NTP does not answer"])
    equal(len(asked), 3)


def test_without_ntptime():
    printed, _ = main(_WIFI, 2000)
    equal(printed[1:], ["Clock: not set; 'mpremote mip install ntptime' lets main.py set it"])


def test_a_gateway_that_does_not_answer_is_an_error():
    Statistics.received = 0
    try:
        error = raises(RuntimeError, main, _WIFI)
    finally:
        Statistics.received = 1
    equal(str(error), "10.0.0.1 does not answer through the tunnel")
