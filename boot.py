# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
"""What every board does before anything else: begin to join the network of wg.json.

Nothing is waited for: mpremote starts this file anew with most of its commands, and gives a board
up that keeps it waiting for ten seconds. Whatever goes wrong is said in a line and leaves a board
that boots.
"""

_CONFIG = "wg.json"
_PINS = "mdc mdio power reset ref_clk cs int sck mosi miso".split()


def join():
    """Bring up Wi-Fi or Ethernet; it connects behind our back."""
    import network
    from wireguard import uplink

    kind, section = uplink.section(_CONFIG)
    if kind is None:
        print("Network: neither 'wifi' nor 'lan' in {}".format(_CONFIG))
        return
    interface = network.WLAN(network.WLAN.IF_STA) if kind == "wifi" else lan(section)
    interface.active(True)
    speak_ipv6()
    if kind == "wifi" and not interface.isconnected():
        interface.disconnect()  # a soft reset may leave it connecting, and then it takes no name
        interface.connect(section["ssid"], section["password"])


def speak_ipv6():
    """Have the interfaces take part in IPv6 when they connect, where firmware of ours can."""
    try:
        from _wireguard_esp32 import ipv6
    except ImportError:
        return
    ipv6()


def lan(section):
    """The Ethernet interface; pins are numbers in wg.json, PHY types names like 'PHY_LAN8720'."""
    import machine
    import network

    arguments = {}
    for key, value in section.items():
        if key in _PINS and value is not None:
            value = machine.Pin(value)
        elif key == "phy_type":
            value = getattr(network, value)
        elif key == "ref_clk_mode":
            value = machine.Pin.OUT if value == "out" else machine.Pin.IN
        elif key == "spi":  # {"id": 1, "sck": 14, "mosi": 13, "miso": 12}
            pins = {k: machine.Pin(v) for k, v in value.items() if k in _PINS}
            value = machine.SPI(value["id"], **pins)
        arguments[key] = value
    return network.LAN(**arguments)


try:
    join()
except Exception as error:
    print("boot.py: {}: {}".format(type(error).__name__, error))
