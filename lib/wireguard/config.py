# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
"""wg.json: the vocabulary of wg-quick in JSON, validated.

Whatever wg-quick takes several of is a list or a single value here; unknown keys are errors.
A ConfigError names the key by its JSON path, the fault of its value and the way out, and never
shows a secret. Nothing here needs the device: tools on the host validate with the same code.
"""

from . import ip, uplink
from .fields import ConfigError, Section, fault, read_json  # noqa: F401

_SOURCES = ("private_key", "private_key_file", "private_key_nvs")
HOOKS = ("pre_up", "post_up", "pre_down", "post_down")
_INTERFACE = ("address", "listen_port", "mtu", "dns") + _SOURCES + HOOKS
_PEER = ("public_key", "preshared_key", "endpoint", "allowed_ips", "persistent_keepalive")
_PING = ("host", "count")

KEY_FILE = "private.key"  # where the private key is if nothing is said


class Config:
    """A validated configuration.

    private_key       32 bytes; None as long as it is where key_source says
    key_source        ("file", path) or ("nvs", name) if wg.json does not hold the private key
    addresses         [(address, prefix length)]
    listen_port       0 lets the system choose
    mtu               bytes of an inner packet; None: what fits the underlay
    dns               [address]
    hooks             {"pre_up": ["module.function"], ...}, those there are
    peers             [PeerConfig]
    wifi, lan         dict or None
    ping              {"host": address or name, "count": number}
    """


class PeerConfig:
    """One validated peer.

    public_key            32 bytes
    preshared_key         32 bytes or None
    endpoint              (host, port) or None; the host is a name or an address
    allowed_ips           [(network address, prefix length)]
    persistent_keepalive  seconds, 0 for off
    """


def load(source):
    """A Config from a path to JSON, a dict, or a Config (answered as it is)."""
    if isinstance(source, Config):
        return source
    if isinstance(source, str):
        source = read_json(source)
    top = Section(source, "", uplink.TOP)
    top.required("interface")
    config = Config()
    _load_interface(config, top.section("interface", _INTERFACE))
    config.peers = []
    for path, value in top.items("peers"):
        config.peers.append(load_peer(value, config, path))
    _check_unique(config.peers)
    config.wifi = uplink.wifi(top)
    config.lan = uplink.lan(top)
    if config.wifi is not None and config.lan is not None:
        raise top.fault("lan", "there is 'wifi' already; keep one of the two")
    _load_ping(config, top.section("ping", _PING) or Section({}, "ping", _PING))
    return config


def load_peer(values, config, path=""):
    """A PeerConfig from the dict of one peer of `config`."""
    section = Section(values, path, _PEER)
    peer = PeerConfig()
    peer.public_key = section.curve_key("public_key")
    peer.preshared_key = None
    if section.get("preshared_key") is not None:
        peer.preshared_key = section.curve_key("preshared_key")
    _check_keys(peer, section, config.private_key)
    peer.endpoint = section.text("endpoint", parse_endpoint, "an endpoint")
    section.required("allowed_ips")
    peer.allowed_ips = [
        (ip.format(ip.mask(address, prefix)), prefix)
        for address, prefix in section.texts("allowed_ips", ip.parse_network, "a network")
    ]
    peer.persistent_keepalive = 0
    if section.get("persistent_keepalive") != "off":
        peer.persistent_keepalive = section.integer("persistent_keepalive", 0, 65535, 0)
    return peer


def set_private_key(config, private_key):
    """Complete a Config whose private key was elsewhere. ConfigError if a peer has that key."""
    for i, peer in enumerate(config.peers):
        _check_keys(peer, Section({}, "peers[{}]".format(i), ()), private_key)
    config.private_key = private_key


def _load_interface(config, section):
    _load_private_key(config, section)
    section.required("address")
    config.addresses = [
        (ip.format(address), prefix)
        for address, prefix in section.texts("address", ip.parse_network, "a network")
    ]
    if not config.addresses:
        raise section.fault("address", "is empty; give at least one, like '10.0.0.2/24'")
    config.listen_port = section.integer("listen_port", 0, 65535, 0)
    has_ipv6 = any([":" in address for address, _ in config.addresses])
    config.mtu = section.integer("mtu", 1280 if has_ipv6 else 576, 1500)
    config.dns = section.texts("dns", ip.canonical, "an address")
    config.hooks = {}
    for kind in HOOKS:
        hooks = section.texts(kind, _hook, "a hook")
        if hooks:
            config.hooks[kind] = hooks


def _load_private_key(config, section):
    given = [key for key in _SOURCES if section.get(key) is not None]
    if len(given) > 1:
        raise section.fault(
            given[1], "there is '{}' already; keep one of the two".format(given[0])
        )
    config.private_key = config.key_source = None
    if not given:
        config.key_source = "file", KEY_FILE
        return
    source = given[0]
    if source == "private_key":
        config.private_key = section.curve_key(source)
        return
    name = section.get(source)
    if not isinstance(name, str) or not name:
        raise section.fault(source, "is not a name")
    if source == "private_key_nvs" and len(name) > 15:
        raise section.fault(source, "is longer than 15 characters")
    config.key_source = source[len("private_key_") :], name


def _hook(text):
    """`text` if it is "module.function"; the module may be in a package."""
    parts = text.split(".")
    if len(parts) < 2 or not all([_is_name(part) for part in parts]):
        raise ValueError("write 'module.function', a Python function on the board")
    return text


def _is_name(text):
    for i, c in enumerate(text):
        if not (c == "_" or "a" <= c <= "z" or "A" <= c <= "Z" or i and "0" <= c <= "9"):
            return False
    return bool(text)


def _check_keys(peer, section, private_key):
    if peer.public_key == private_key:
        raise section.fault(
            "public_key",
            "is the private key of this interface; give the other side's public key",
        )
    if peer.preshared_key and peer.preshared_key in (peer.public_key, private_key):
        raise section.fault(
            "preshared_key", "is another key of this file; make one with 'wg genpsk'"
        )


def _check_unique(peers):
    owners = {}  # of keys and of networks: the first peer that has it
    for i, peer in enumerate(peers):
        path = "peers[{}].".format(i)
        owner = owners.setdefault(peer.public_key, i)
        if owner != i:
            raise fault(path + "public_key", "is that of peers[{}]; merge the two".format(owner))
        for j, network in enumerate(peer.allowed_ips):
            owner = owners.setdefault(network, i)
            if owner != i:
                raise fault(
                    "{}allowed_ips[{}]".format(path, j),
                    "'{}/{}' belongs to peers[{}]; a network has one peer".format(
                        network[0], network[1], owner
                    ),
                )


def _load_ping(config, section):
    host = section.get("host")
    if host is None:
        host = _first_host(config)
    if not isinstance(host, str) or not host:
        raise section.fault("host", "is not an address or name")
    config.ping = {"host": host, "count": section.integer("count", 1, 1000000, 5)}


def _first_host(config):
    """The first host of the first network behind a peer; if that is everything, of our own
    network; if that is our address alone, as providers hand out, the first name server."""
    networks = [network for peer in config.peers for network in peer.allowed_ips if network[1]]
    for address, prefix in config.addresses:
        if prefix < (127 if ":" in address else 31):
            networks.append((address, prefix))
    if not networks and config.dns:
        return config.dns[0]
    return ip.first_host(*(networks + config.addresses)[0])


def parse_endpoint(text):
    """(host, port) of "name:port", "192.0.2.1:port" or "[2001:db8::1]:port"."""
    host, colon, port = text.rpartition(":")
    if not colon:
        raise ValueError("there is no port; write 'host:51820'")
    if host.startswith("[") and host.endswith("]"):
        host = ip.format(ip.parse6(host[1:-1]))
    elif ":" in host:
        raise ValueError("an IPv6 address needs brackets; write '[2001:db8::1]:51820'")
    elif not host or len(host) > 253:
        raise ValueError("there is no host; write 'host:51820'")
    elif any([c in "/@[]" or c <= " " for c in host]):
        raise ValueError("a host is a name or an address")
    elif all([c in "0123456789." for c in host]):
        host = ip.canonical(host)
    if not ip.is_decimal(port):
        raise ValueError("the port is not a number")
    if len(port) > 5 or not 1 <= int(port) <= 65535:
        raise ValueError("the port is not between 1 and 65535")
    return host, int(port)
