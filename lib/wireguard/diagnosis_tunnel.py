# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
"""The steps of the diagnosis that need the tunnel: handshakes, ping, MTU."""

from micropython import const

from . import ip, keys
from .config import ConfigError
from .diagnosis import echo, until
from .icmp import Complaints

_ANSWER_SECONDS = const(13)  # three handshakes


def handshakes(d):
    """With every peer that has an endpoint, in a tunnel that is up or brought up here."""
    from .tunnel import Tunnel, tunnels

    public = keys.public(d.config.private_key)
    for tunnel in tunnels():
        if tunnel.status("public_key") == keys.encode(public):
            d.tunnel = tunnel
    complaints = Complaints()
    try:
        if d.tunnel is None:
            d.tunnel, d.own = Tunnel(d.config), True
            try:
                d.tunnel.up()
            except (OSError, ConfigError) as error:
                d.fail(
                    "tunnel",
                    "it does not come up: {}".format(error),
                    "Is interface.listen_port taken by another program?",
                )
        for peer in d.config.peers:
            if peer.endpoint:
                handshake(d, peer, complaints)
    finally:
        complaints.close()


def handshake(d, peer, complaints):
    """Wait for the session, or for the reason why there is none."""
    name = keys.encode(peer.public_key)
    position = d.config.peers.index(peer)
    before = d.tunnel.status("drops")
    refusal = None

    def entry():
        found = [p for p in d.tunnel.status("peers") if p["public_key"] == name]
        return found[0] if found else {"connected": False, "endpoint": None}

    def settled():
        nonlocal refusal
        now = entry()
        if now["connected"]:
            return True
        d.tunnel.wait(0)  # begin anew what was given up
        if now["endpoint"] and refusal is None:
            refusal = complaints.about(*now["endpoint"])
        return refusal is not None or grown(d, before, "response_invalid")

    until(settled, _ANSWER_SECONDS)
    now = entry()
    endpoint = now["endpoint"]
    if now["connected"]:
        where = "{}:{}".format(*endpoint)
        d.ok("handshake", "sent to {}, answered; session established".format(where))
        return
    if endpoint is None:
        d.fail(
            "handshake",
            "not sent: the endpoint has no address yet",
            "The name does not resolve from inside; see DNS above.",
        )
    where = "{}:{}".format(*endpoint)
    if grown(d, before, "no_endpoint") or grown(d, before, "send"):
        d.fail(
            "handshake",
            "not sent to {}: there is no way to it".format(where),
            "Has this network a gateway? See IP above.",
        )
    if refusal:
        refused(d, where, refusal)
    if grown(d, before, "response_invalid"):
        d.fail(
            "answered",
            "{} answers, but with another key".format(where),
            "The preshared keys differ: peers[{}].preshared_key here, PresharedKey there; "
            "or both have none.".format(position),
        )
    silent(d, where, name, position)


def refused(d, where, refusal):
    sender, what = refusal
    if what == "port unreachable":
        d.fail(
            "answered",
            "{}: nothing listens on that port ({} says so)".format(where, sender),
            "Is the server up (wg show)? Is the port of the endpoint its ListenPort?",
        )
    d.fail(
        "answered",
        "{}: {} ({} says so)".format(where, what, sender),
        "A router or firewall between here and the server does not let UDP through.",
    )


def silent(d, where, name, position):
    own = keys.encode(keys.public(d.config.private_key))
    d.fail(
        "answered",
        "handshakes were sent to {}, none was answered".format(where),
        "A server is silent when keys do not match. In this order: the server's own public "
        "key ('wg show' there) is {} (peers[{}].public_key)? The server has a peer with the "
        "public key {}? UDP reaches it: firewall, port forwarding?".format(name, position, own),
    )


def grown(d, before, reason):
    return d.tunnel.status("drops").get(reason, 0) > before.get(reason, 0)


def ping(d):
    host = d.config.ping["host"]
    before = d.tunnel.status("drops")
    complaints = Complaints()
    try:
        if routes_nowhere(d, host):
            d.fail(
                "ping",
                "{} is in nobody's allowed_ips".format(host),
                "It goes beside the tunnel. Add its network to the peer's allowed_ips, or "
                "change ping.host.",
            )
        try:
            received = echo(host, 4, 1)
        except OSError:
            d.fail("ping", "'{}' has no address".format(host), "Mend ping.host, or DNS above.")
        complaint = complaints.about(host)
    finally:
        complaints.close()
    if received == 4:
        d.ok("ping", "{} answers".format(host))
    elif received:
        d.warn(
            "ping",
            "{} answers {} of 4".format(host, received),
            "Packets get lost on the way: see Wi-Fi above.",
        )
    elif grown(d, before, "source"):
        d.fail(
            "ping",
            "answers come from an address outside allowed_ips",
            "Add {} to the peer's allowed_ips.".format(host),
        )
    elif complaint:
        d.fail(
            "ping",
            "{}: {} ({} says so)".format(host, complaint[1], complaint[0]),
            "The server does not pass it on: IP forwarding, firewall, or the host is off.",
        )
    else:
        own = ", ".join([address for address, _ in d.config.addresses])
        d.fail(
            "ping",
            "{} does not answer through the tunnel".format(host),
            "The session is up, so look at the server: its AllowedIPs for this board hold "
            "{}? Its firewall and forwarding let it through? Does the host answer "
            "ping at all?".format(own),
        )


def routes_nowhere(d, host):
    if not ip.is_address(host):
        return False
    address = ip.parse(host)
    networks = [n for peer in d.config.peers for n in peer.allowed_ips]
    networks = [n for n in networks if (":" in n[0]) == (":" in host)]
    return not any([ip.mask(address, prefix) == ip.parse(n) for n, prefix in networks])


def mtu(d):
    host, mtu = d.config.ping["host"], d.tunnel.config("mtu")
    overhead = 48 if ":" in host else 28
    if echo(host, 2, 1, mtu - overhead):
        d.ok("MTU", "packets of {} bytes pass".format(mtu))
        return
    passed, failed = 576, mtu
    if not echo(host, 2, 1, passed - overhead):
        d.warn(
            "MTU",
            "not even packets of {} bytes are answered".format(passed),
            "{} may not answer long pings; try another ping.host.".format(host),
        )
        return
    while failed - passed > 4:
        size = (passed + failed) // 2
        if echo(host, 2, 1, size - overhead):
            passed = size
        else:
            failed = size
    d.fail(
        "MTU",
        "packets of {} bytes get lost, of {} pass".format(mtu, passed),
        'Set "mtu": {} in interface of wg.json.'.format(passed & ~3),
    )
