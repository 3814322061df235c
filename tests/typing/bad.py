# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors

"""Mistakes that the stubs find. Each line that ends in a code in brackets has that fault."""

import _wireguard
import wireguard
from ping import ping

tunnel = wireguard.Tunnel(5)  # [arg-type]
tunnel.wait("10")  # [arg-type]
tunnel.bring_up()  # [attr-defined]
tunnel.status("rx")  # [call-overload]
tunnel.status("peers")[0]["rx"]  # [typeddict-item]
tunnel.set_peer("key", allowed_ip="::/0")  # [call-arg]
tunnel.set_peer("key", persistent_keepalive="on")  # [arg-type]
tunnel.config("ssid")  # [call-overload]
ping(5)  # [arg-type]
ping("host", number=5)  # [call-arg]
wireguard.tunnel_list()  # [attr-defined]
_wireguard.x25519(bytes(32), b"", b"")  # [arg-type]
_wireguard.Netif(b"")  # [call-arg]
