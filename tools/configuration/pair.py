# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors

"""Both sides of a tunnel at once: the device's wg.json and what the other side has to know."""

import ipaddress
import re
import shlex
from dataclasses import dataclass, field
from itertools import islice

from .. import keys
from . import conf

_NETWORK_INTERFACE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:@-]{0,14}")
_HOST_SEARCH = 65536  # hosts of a network that are looked at for a free one


class PairError(ValueError):
    """Why there is no pair, as one line."""


@dataclass
class Server:
    """The other side as the device sees it.

    addresses  its own in the tunnel, with the network's prefix ("10.0.0.1/24")
    endpoint   "host:port" or None: it calls us
    taken      networks of its other peers
    """

    public_key: str
    addresses: list[str] = field(default_factory=list)
    endpoint: str | None = None
    taken: list[str] = field(default_factory=list)
    private_key: str | None = None
    port: int | None = None


@dataclass
class Device:
    """The device as the server sees it."""

    private_key: str
    addresses: list[str]  # with the network's prefix
    preshared_key: str | None = None
    name: str = ""

    @property
    def public_key(self) -> str:
        return keys.pubkey(self.private_key)

    @property
    def allowed_ips(self) -> list[str]:
        """Each of its addresses alone."""
        hosts = [ipaddress.ip_interface(address).ip for address in self.addresses]
        return [f"{host}/{host.max_prefixlen}" for host in hosts]


def read_server(text: str) -> Server:
    """A Server from the .conf of its wg-quick. Raises ConfError, PairError."""
    data, _ = conf.to_json(text)
    interface = data["interface"]
    if "private_key" not in interface:
        raise PairError("the server's .conf has no PrivateKey to make its public key from")
    return Server(
        keys.pubkey(interface["private_key"]),
        interface["address"],
        taken=[network for peer in data["peers"] for network in peer["allowed_ips"]],
        port=interface.get("listen_port"),
    )


def new_server(networks: list[str], port: int) -> Server:
    """A Server with keys of its own, the first host of each network. Raises PairError."""
    addresses = []
    for text in networks:
        try:
            network = ipaddress.ip_network(text)
        except ValueError as e:
            raise PairError(f"{text} is no network: {e}") from None
        if network.num_addresses < 4:
            raise PairError(f"{text} has no room for a server and a device")
        addresses.append(f"{network[1]}/{network.prefixlen}")
    private_key = keys.genkey()
    return Server(keys.pubkey(private_key), addresses, private_key=private_key, port=port)


def free_addresses(server: Server) -> list[str]:
    """An address for a new device in each of the server's networks. Raises PairError."""
    found = []
    taken = [ipaddress.ip_network(network, strict=False) for network in server.taken]
    for text in server.addresses:
        own = ipaddress.ip_interface(text)
        for host in islice(own.network.hosts(), _HOST_SEARCH):
            if host != own.ip and not any(host in network for network in taken):
                found.append(f"{host}/{own.network.prefixlen}")
                break
    if not found:
        raise PairError("the server's networks have no free address; give one with --address")
    return found


def networks_of(addresses: list[str]) -> list[str]:
    """The networks that addresses are in, for allowed_ips. Raises PairError."""
    found = {}
    for text in addresses:
        try:
            network = ipaddress.ip_interface(text).network
        except ValueError:
            raise PairError(f"{text} is no address with a prefix length") from None
        found[str(network)] = None
    return list(found)


def device_config(device: Device, server: Server, allowed_ips: list[str]) -> dict:
    """The device's wg.json as a dict."""
    interface = {"private_key": device.private_key, "address": device.addresses}
    peer = {"public_key": server.public_key}
    if device.preshared_key:
        peer["preshared_key"] = device.preshared_key
    if server.endpoint:
        peer["endpoint"] = server.endpoint
    peer["allowed_ips"] = allowed_ips
    if server.endpoint:
        peer["persistent_keepalive"] = 25
    return {"interface": interface, "peers": [peer]}


def peer_section(device: Device) -> str:
    """The device as [Peer] of the server's .conf."""
    lines = ["[Peer]", f"# {device.name}"] if device.name else ["[Peer]"]
    lines.append(f"PublicKey = {device.public_key}")
    if device.preshared_key:
        lines.append(f"PresharedKey = {device.preshared_key}")
    lines.append(f"AllowedIPs = {', '.join(device.allowed_ips)}")
    return "\n".join(lines) + "\n"


def wg_set(device: Device, interface: str = "wg0", preshared_file: str | None = None) -> str:
    """The command that tells a running server of the device, until it restarts."""
    words = ["wg", "set", interface, "peer", device.public_key]
    if preshared_file:
        words += ["preshared-key", preshared_file]
    return shlex.join([*words, "allowed-ips", ",".join(device.allowed_ips)])


def server_conf(server: Server, device: Device, nat: str | None = None) -> str:
    """A whole wg0.conf for a new Linux gateway. Raises PairError.

    nat  its network interface to the world, behind whose address the devices hide
    """
    lines = [
        "[Interface]",
        f"PrivateKey = {server.private_key}",
        f"Address = {', '.join(server.addresses)}",
        f"ListenPort = {server.port}",
    ]
    if nat:
        if not _NETWORK_INTERFACE.fullmatch(nat):
            raise PairError(f"{nat!r} is no name of a network interface, like eth0")
        for network in networks_of(server.addresses):
            lines += _forwarding(ipaddress.ip_network(network), nat)
    return "\n".join(lines) + "\n\n" + peer_section(device)


def _forwarding(network, nat: str) -> list[str]:
    """Rules that wg-quick sets and takes back; %i is the tunnel."""
    six = network.version == 6
    command = "ip6tables" if six else "iptables"
    setting = "net.ipv6.conf.all.forwarding" if six else "net.ipv4.ip_forward"
    rules = (
        ("", "-I FORWARD", "-D FORWARD", "-i %i -j ACCEPT"),
        (
            "",
            "-I FORWARD",
            "-D FORWARD",
            "-o %i -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT",
        ),
        (
            "-t nat ",
            "-A POSTROUTING",
            "-D POSTROUTING",
            f"-s {network} -o {nat} -j MASQUERADE",
        ),
    )
    lines = [f"PostUp = sysctl -q -w {setting}=1"]
    lines += [f"PostUp = {command} {table}{on} {rule}" for table, on, _, rule in rules]
    lines += [f"PreDown = {command} {table}{off} {rule}" for table, _, off, rule in rules]
    return lines


def phone_conf(phone: Device, device_public_key: str, endpoint: str, allowed_ips) -> str:
    """The .conf of a phone that calls the device."""
    interface = {"private_key": phone.private_key, "address": phone.addresses}
    peer = {"public_key": device_public_key, "endpoint": endpoint, "allowed_ips": allowed_ips}
    if phone.preshared_key:
        peer["preshared_key"] = phone.preshared_key
    return conf.from_json({"interface": interface, "peers": [peer]})[0]
