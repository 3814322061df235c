# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
"""The steps of the diagnosis outside the tunnel: network, addresses, names, clock."""

import time

from micropython import const

from . import ip, resolve
from .diagnosis import echo, until

_JOIN_SECONDS = const(20)
_WEAK_DBM = const(-80)
_OTHER_NAME = "pool.ntp.org"  # resolves wherever DNS works


def network(d):
    import network

    wifi = d.config.wifi
    if wifi is None:
        ethernet(d, network)
        return
    d.interface = wlan = network.WLAN(network.WLAN.IF_STA)
    name = "'{}'".format(wifi["ssid"])
    if not wlan.isconnected():
        wlan.active(True)
        try:
            wlan.connect(wifi["ssid"], wifi["password"])
        except OSError:
            pass  # it is trying already
        until(lambda: wlan.isconnected() or _is_final(wlan.status()), _JOIN_SECONDS)
    if not wlan.isconnected():
        no_wifi(d, network, wlan, name)
    try:
        signal = wlan.status("rssi")
    except (OSError, ValueError):
        signal = 0
    if signal < _WEAK_DBM:
        d.warn(
            "Wi-Fi",
            "{} is weak here: {} dBm".format(name, signal),
            "Packets get lost. Move the board or its antenna closer to the access point.",
        )
    else:
        d.ok("Wi-Fi", "{}, {} dBm".format(name, signal))


def no_wifi(d, network, wlan, name):
    status = wlan.status()
    if status == network.STAT_WRONG_PASSWORD:
        d.fail(
            "Wi-Fi",
            "{} refuses the password".format(name),
            "Mend wifi.password in wg.json.",
        )
    if status == network.STAT_NO_AP_FOUND:
        d.fail(
            "Wi-Fi",
            "{} is not in sight{}".format(name, _seen(wlan)),
            "Compare wifi.ssid in wg.json letter by letter. The ESP32 has 2.4 GHz only.",
        )
    d.fail(
        "Wi-Fi",
        "no connection to {} after {} s (status {})".format(name, _JOIN_SECONDS, status),
        "Try closer to the access point. Is there a free address in its DHCP range?",
    )


def ethernet(d, network):
    if d.config.lan is None:
        d.fail(
            "network",
            "neither 'wifi' nor 'lan' in wg.json",
            'Add {"wifi": {"ssid": "...", "password": "..."}}.',
        )
    try:
        d.interface = network.LAN()  # the one that boot.py has made
    except (AttributeError, TypeError, ValueError):
        d.fail("Ethernet", "it is not set up", "See what boot.py says: its last line names why.")
    if not until(d.interface.isconnected, _JOIN_SECONDS):
        d.fail(
            "Ethernet",
            "no connection after {} s".format(_JOIN_SECONDS),
            "Is the cable in? Do the pins of 'lan' in wg.json match the board?",
        )
    d.ok("Ethernet", "connected")


def address(d):
    address = d.interface.ipconfig("addr4")
    mask = address[1]
    if address[0] == "0.0.0.0":
        d.fail("IP", "no address", "The network's DHCP server gives none.")
    text = "{} by {}".format(address[0], d.interface.ipconfig("gw4"))
    for peer in d.config.peers:
        for network, prefix in peer.allowed_ips:
            if ":" not in network and prefix and _overlap(network, prefix, *address):
                d.warn(
                    "IP",
                    "{}; {}/{} of allowed_ips is here, too".format(text, network, prefix),
                    "This network is {} with mask {}. Addresses in both are ambiguous: "
                    "change the numbers of one.".format(address[0], mask),
                )
                return
    d.ok("IP", text)


def dns(d):
    import network

    names = [p.endpoint for p in d.config.peers if p.endpoint]
    names = [e for e in names if not ip.is_address(e[0])]
    if not names:
        d.ok("DNS", "not needed: the endpoints are addresses")
        return
    server = network.ipconfig("dns")
    for host, port in names:
        if resolve.addresses(host, port):
            continue
        if resolve.addresses(_OTHER_NAME, port):
            d.fail(
                "DNS",
                "'{}' has no address".format(host),
                "Other names have. Compare the peer's endpoint in wg.json letter by letter.",
            )
        d.fail(
            "DNS",
            "the server {} does not answer".format(server),
            "Name the address in the peer's endpoint instead of '{}', or mend the "
            "network's DNS.".format(host),
        )
    d.ok("DNS", ", ".join([host for host, _ in names]))


def clock(d):
    now = time.gmtime()
    if now[0] < 2024:
        d.warn(
            "clock",
            "not set",
            "The tunnel works without; TLS certificates do not. Does NTP (UDP port 123) pass?",
        )
    else:
        d.ok("clock", "{:04d}-{:02d}-{:02d} {:02d}:{:02d} UTC".format(*now))


def endpoints(d):
    found = [peer for peer in d.config.peers if peer.endpoint]
    if not found:
        d.warn(
            "endpoint",
            "no peer has one",
            "This board can only wait for peers to call. Add the server's endpoint.",
        )
    for peer in found:
        host, port = peer.endpoint
        addresses = [(host, port)] if ip.is_address(host) else resolve.addresses(host, port)
        text = ", ".join([address for address, _ in addresses])
        if all([":" in address for address, _ in addresses]) and not has_ipv6(d):
            d.fail(
                "endpoint",
                "{} is IPv6, this network has IPv4 only".format(text),
                "Give the peer an endpoint with an IPv4 address.",
            )
        alive = any([echo(address, 2, 0.5) for address, _ in addresses if ":" not in address])
        d.ok(
            "endpoint",
            "{} port {}: {}".format(
                text, port, "answers ping" if alive else "does not answer ping (many do not)"
            ),
        )


def has_ipv6(d):
    try:
        found = d.interface.ipconfig("addr6")
    except (ValueError, AttributeError):
        return False
    return any([not a[0].upper().startswith("FE8") for a in found])


def _is_final(status):
    """Wi-Fi has failed for good, for a reason below the states of being at it."""
    return isinstance(status, int) and status < 1000


def _seen(wlan):
    """The names in the air, for a person."""
    try:
        names = {entry[0].decode() for entry in wlan.scan() if entry[0]}
    except (OSError, UnicodeError):
        return ""
    return "; in sight: " + ", ".join(["'{}'".format(n) for n in sorted(names)]) if names else ""


def _overlap(network, prefix, address, mask):
    """Whether the network of AllowedIPs has addresses in common with the one we are in."""
    bits = ip.parse(mask)
    own = bytes([a & b for a, b in zip(ip.parse(address), bits)])
    length = sum([bin(b).count("1") for b in bits])
    shorter = min(length, prefix)
    return ip.mask(own, shorter) == ip.mask(ip.parse(network), shorter)
