# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
"""What every board does before anything else: join the network of wg.json, set the clock.

Whatever goes wrong is said in a line and leaves a board that boots.
"""

import time

_CONFIG = "wg.json"
_JOIN_SECONDS = 20
_CLOCK_TRIES = 3
_PINS = "mdc mdio power reset ref_clk cs int sck mosi miso".split()


def join():
    """Bring up Wi-Fi or Ethernet. True if there is an address."""
    import network
    from wireguard import uplink

    kind, section = uplink.section(_CONFIG)
    if kind is None:
        print("Network: neither 'wifi' nor 'lan' in {}".format(_CONFIG))
        return False
    if kind == "wifi":
        interface = network.WLAN(network.WLAN.IF_STA)
        name = "Wi-Fi '{}'".format(section["ssid"])
    else:
        interface = lan(section)
        name = "Ethernet"
    interface.active(True)
    speak_ipv6()
    if kind == "wifi" and not interface.isconnected():
        interface.disconnect()  # a soft reset may leave it connecting, and then it takes no name
        interface.connect(section["ssid"], section["password"])
    began = time.ticks_ms()
    while not interface.isconnected():
        if time.ticks_diff(time.ticks_ms(), began) > _JOIN_SECONDS * 1000:
            print("{}: no connection after {} s".format(name, _JOIN_SECONDS))
            return False
        time.sleep_ms(50)
    print("{}: {}".format(name, interface.ipconfig("addr4")[0]))
    return True


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


def set_clock():
    """Ask NTP for the time if nobody has told it yet. The tunnel works without; logs like it."""
    if time.gmtime()[0] >= 2024:
        return
    try:
        import ntptime
    except ImportError:
        print("Clock: not set; 'mpremote mip install ntptime' lets boot.py set it")
        return
    for _ in range(_CLOCK_TRIES):
        try:
            ntptime.settime()
        except OSError:
            continue
        print("Clock: {:04d}-{:02d}-{:02d} {:02d}:{:02d} UTC".format(*time.gmtime()))
        return
    print("Clock: not set, NTP does not answer")


try:
    if join():
        set_clock()
except Exception as error:
    print("boot.py: {}: {}".format(type(error).__name__, error))
