# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
"""The look of `wg show`."""

from expect import equal
from wireguard import show

_PEER = {
    "public_key": "PEER",
    "preshared_key": True,
    "endpoint": ("192.0.2.7", 51820),
    "allowed_ips": ["10.0.0.0/24", "fd04::/64"],
    "handshake_age": 65,
    "rx_bytes": 1269,
    "tx_bytes": 3072,
    "persistent_keepalive": 25,
    "trying": "",
}


def _status(**changes):
    peer = dict(_PEER)
    peer.update(changes)
    status = {"name": "wg0", "public_key": "OURS", "listen_port": 58120, "errors": 0}
    status["peers"] = [peer]
    return status


def test_everything():
    expected = """\
interface: wg0
  public key: OURS
  private key: (hidden)
  listening port: 58120

peer: PEER
  preshared key: (hidden)
  endpoint: 192.0.2.7:51820
  allowed ips: 10.0.0.0/24, fd04::/64
  latest handshake: 1 minute, 5 seconds ago
  transfer: 1.24 KiB received, 3.00 KiB sent
  persistent keepalive: every 25 seconds"""
    equal(show.text(_status()), expected)


def test_a_peer_that_was_never_heard():
    text = show.text(
        _status(
            preshared_key=False,
            endpoint=None,
            allowed_ips=[],
            handshake_age=None,
            rx_bytes=0,
            tx_bytes=0,
            persistent_keepalive=0,
            trying="to resolve vpn.example.org",
        )
    )
    equal(
        text.split("\n\n")[1].split("\n")[1:],
        [
            "  allowed ips: (none)",
            "  trying: to resolve vpn.example.org",
        ],
    )


def test_an_interface_that_is_down():
    status = _status()
    status["listen_port"] = 0
    assert "listening port" not in show.text(status)


def test_errors_are_not_hidden():
    status = _status()
    status["errors"] = 2
    equal(
        show.text(status).split("\n")[-2:], ["", "errors: 2; the tunnel's last_error says which"]
    )


def test_endpoints():
    equal(show.endpoint(("2001:db8::1", 1)), "[2001:db8::1]:1")


def test_ages():
    for seconds, expected in (
        (0, "Now"),
        (1, "1 second ago"),
        (59, "59 seconds ago"),
        (60, "1 minute ago"),
        (3600, "1 hour ago"),
        (3661, "1 hour, 1 minute, 1 second ago"),
        (2 * 86400 + 2 * 3600, "2 days, 2 hours ago"),
        (366 * 86400, "1 year, 1 day ago"),
    ):
        equal(show.ago(seconds), expected)


def test_sizes():
    for count, expected in (
        (0, "0 B"),
        (1023, "1023 B"),
        (1024, "1.00 KiB"),
        (1269, "1.24 KiB"),
        (1024 * 1024 - 1, "1024.00 KiB"),
        (1024 * 1024, "1.00 MiB"),
        (5 * 1024**3 + 1024**3 // 4, "5.25 GiB"),
        (7 * 1024**4, "7.00 TiB"),
        (7000 * 1024**4, "7000.00 TiB"),
    ):
        equal(show.size(count), expected)
