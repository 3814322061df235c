# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
"""The network below the tunnel in wg.json: Wi-Fi or Ethernet, which boot.py brings up."""

from .fields import Section, read_json

TOP = ("interface", "peers", "wifi", "lan", "ping", "$schema")
_WIFI = ("ssid", "password")
_LAN_NUMBERS = ("id", "mdc", "mdio", "power", "reset", "phy_addr", "ref_clk", "cs", "int")
_LAN = _LAN_NUMBERS + ("phy_type", "ref_clk_mode", "spi")
_SPI = ("id", "sck", "mosi", "miso")


def section(source):
    """("wifi" or "lan", its dict), or (None, None), from a path to JSON or a dict. ConfigError.

    The rest is not looked at, so that a fault in a peer does not keep the board off the network.
    """
    top = Section(read_json(source) if isinstance(source, str) else source, "", TOP)
    found = wifi(top)
    if found is not None:
        return "wifi", found
    found = lan(top)
    return (None if found is None else "lan"), found


def interface(kind):
    """The network interface that boot.py has set up."""
    import network

    return network.WLAN(network.WLAN.IF_STA) if kind == "wifi" else network.LAN()


def wifi(top):
    """A dict, or None."""
    wifi = top.section("wifi", _WIFI)
    if wifi is None:
        return None
    ssid = wifi.required("ssid")
    if not isinstance(ssid, str) or not 1 <= len(ssid.encode()) <= 32:
        raise wifi.fault("ssid", "is not a network name of 1 to 32 bytes")
    password = wifi.get("password")
    if password is not None and (not isinstance(password, str) or len(password) > 64):
        raise wifi.fault("password", "is not a text of up to 64 characters")
    if password and len(password) < 8:
        raise wifi.fault("password", "is shorter than 8 characters; leave it out if open")
    return {"ssid": ssid, "password": password or None}


def lan(top):
    """A dict of the keys that are there, or None."""
    lan = top.section("lan", _LAN)
    if lan is None:
        return None
    for key in _LAN_NUMBERS:
        lan.integer(key, 0, 63)
    spi = lan.section("spi", _SPI)
    for key in _SPI if spi else ():
        spi.required(key)
        spi.integer(key, 0, 63)
    phy = lan.get("phy_type")
    if phy is not None and (not isinstance(phy, str) or not phy):
        raise lan.fault("phy_type", "is not a name like 'PHY_LAN8720'")
    if lan.get("ref_clk_mode") not in (None, "in", "out"):
        raise lan.fault("ref_clk_mode", "is neither 'in' nor 'out'")
    return {key: lan.get(key) for key in _LAN if lan.get(key) is not None}
