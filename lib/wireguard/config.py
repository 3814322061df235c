# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
"""wg.json: the vocabulary of wg-quick in JSON, validated.

Whatever wg-quick takes several of is a list or a single value here; unknown keys are errors.
A ConfigError names the key by its JSON path, the fault of its value and the way out, and never
shows a secret. Nothing here needs the device: tools on the host validate with the same code.
"""

from . import ip
from .fields import (
    ConfigError,
    checked,
    integer_of,
    items,
    join,
    key_of,
    network_of,
    object_of,
    optional_object,
    read_json,
    required_of,
)

_TOP = ("interface", "peers", "wifi", "lan", "ping", "$schema")
_SOURCES = ("private_key", "private_key_file", "private_key_nvs")
HOOKS = ("pre_up", "post_up", "pre_down", "post_down")
_INTERFACE = ("address", "listen_port", "mtu", "dns") + _SOURCES + HOOKS
_PEER = ("public_key", "preshared_key", "endpoint", "allowed_ips", "persistent_keepalive")
_WIFI = ("ssid", "password")
_LAN_NUMBERS = ("id", "mdc", "mdio", "power", "reset", "phy_addr", "ref_clk", "cs", "int")
_LAN = _LAN_NUMBERS + ("phy_type", "ref_clk_mode", "spi")
_SPI = ("id", "sck", "mosi", "miso")
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
    top = object_of(source, "", _TOP)
    config = Config()
    _load_interface(config, object_of(required_of(top, "", "interface"), "interface", _INTERFACE))
    config.peers = []
    for path, value in items(top, "", "peers"):
        config.peers.append(_load_peer(object_of(value, path, _PEER), path, config))
    _check_unique(config.peers)
    config.wifi = _load_wifi(top)
    config.lan = _load_lan(top)
    if config.wifi is not None and config.lan is not None:
        raise ConfigError("lan: there is 'wifi' already; keep one of the two")
    config.ping = _load_ping(top, config)
    return config


def set_private_key(config, private_key):
    """Complete a Config whose private key was elsewhere. ConfigError if a peer has that key."""
    for i, peer in enumerate(config.peers):
        _check_keys(peer, "peers[{}]".format(i), private_key)
    config.private_key = private_key


def network_section(source):
    """("wifi" or "lan", its dict), or (None, None): all that boot.py asks for.

    The rest is not looked at, so that a fault in a peer does not keep the board off the network.
    """
    top = object_of(read_json(source) if isinstance(source, str) else source, "", _TOP)
    wifi = _load_wifi(top)
    if wifi is not None:
        return "wifi", wifi
    lan = _load_lan(top)
    return ("lan", lan) if lan is not None else (None, None)


def load_peer(section, config):
    """A PeerConfig from the dict of one peer, for a running `config`."""
    return _load_peer(object_of(section, "", _PEER), "", config)


def with_peers(config, peers):
    """A copy of `config` with other peers."""
    copy = _copy(config, Config())
    copy.peers = peers
    return copy


def with_allowed_ips(peer, allowed_ips):
    """A copy of `peer` with other allowed networks."""
    copy = _copy(peer, PeerConfig())
    copy.allowed_ips = allowed_ips
    return copy


def same_interface(a, b):
    """True if two configurations differ in their peers at most."""
    for key in ("private_key", "addresses", "listen_port", "mtu", "dns"):
        if getattr(a, key) != getattr(b, key):
            return False
    return True


def _copy(source, target):
    for key, value in source.__dict__.items():
        setattr(target, key, value)
    return target


def _load_interface(config, section):
    config.private_key, config.key_source = _private_key(section)
    config.addresses = []
    for path, value in items(section, "interface", "address", True):
        address, prefix = network_of(path, value)
        config.addresses.append((ip.format(address), prefix))
    if not config.addresses:
        raise ConfigError("interface.address: is empty; give at least one, like '10.0.0.2/24'")
    config.listen_port = integer_of(section, "interface", "listen_port", 0, 65535, 0)
    has6 = any([":" in address for address, _ in config.addresses])
    lowest = 1280 if has6 else 576
    config.mtu = integer_of(section, "interface", "mtu", lowest, 1500, None)
    config.dns = []
    for path, value in items(section, "interface", "dns"):
        config.dns.append(ip.format(checked(path, value, ip.parse, "an address")))
    config.hooks = {}
    for kind in HOOKS:
        hooks = [checked(*place, _hook, "a hook") for place in items(section, "interface", kind)]
        if hooks:
            config.hooks[kind] = hooks


def _private_key(section):
    """(32 bytes or None, source or None)."""
    given = [key for key in _SOURCES if section.get(key) is not None]
    if len(given) > 1:
        raise ConfigError(
            "interface.{}: there is '{}' already; keep one of the two".format(given[1], given[0])
        )
    if not given:
        return None, ("file", KEY_FILE)
    if given[0] == "private_key":
        return key_of(section, "interface", "private_key"), None
    name = section[given[0]]
    if not isinstance(name, str) or not name:
        raise ConfigError("interface.{}: is not a name".format(given[0]))
    if given[0] == "private_key_file":
        return None, ("file", name)
    if len(name) > 15:
        raise ConfigError("interface.private_key_nvs: is longer than 15 characters")
    return None, ("nvs", name)


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


def _load_peer(section, path, config):
    peer = PeerConfig()
    peer.public_key = key_of(section, path, "public_key")
    peer.preshared_key = None
    if section.get("preshared_key") is not None:
        peer.preshared_key = key_of(section, path, "preshared_key")
    _check_keys(peer, path, config.private_key)
    peer.endpoint = None
    if section.get("endpoint") is not None:
        where = join(path, "endpoint")
        peer.endpoint = checked(where, section["endpoint"], _parse_endpoint, "an endpoint")
    peer.allowed_ips = []
    for where, value in items(section, path, "allowed_ips", True):
        address, prefix = network_of(where, value)
        peer.allowed_ips.append((ip.format(ip.mask(address, prefix)), prefix))
    if section.get("persistent_keepalive") == "off":
        peer.persistent_keepalive = 0
    else:
        peer.persistent_keepalive = integer_of(section, path, "persistent_keepalive", 0, 65535, 0)
    return peer


def _check_keys(peer, path, private_key):
    if peer.public_key == private_key:
        raise ConfigError(
            "{}: is the private key of this interface; give the other side's public key".format(
                join(path, "public_key")
            )
        )
    if peer.preshared_key and peer.preshared_key in (peer.public_key, private_key):
        raise ConfigError(
            "{}: is another key of this file; make one with 'wg genpsk'".format(
                join(path, "preshared_key")
            )
        )


def _check_unique(peers):
    owners = {}
    for i, peer in enumerate(peers):
        for j in range(i):
            if peers[j].public_key == peer.public_key:
                raise ConfigError(
                    "peers[{}].public_key: is that of peers[{}]; merge the two".format(i, j)
                )
        for j, network in enumerate(peer.allowed_ips):
            owner = owners.setdefault(network, i)
            if owner != i:
                raise ConfigError(
                    "peers[{}].allowed_ips[{}]: '{}/{}' belongs to peers[{}]; "
                    "a network has one peer".format(i, j, network[0], network[1], owner)
                )


def _load_wifi(top):
    wifi = optional_object(top, "wifi", _WIFI)
    if wifi is None:
        return None
    ssid = required_of(wifi, "wifi", "ssid")
    if not isinstance(ssid, str) or not 1 <= len(ssid.encode()) <= 32:
        raise ConfigError("wifi.ssid: is not a network name of 1 to 32 bytes")
    password = wifi.get("password")
    if password is not None and (not isinstance(password, str) or len(password) > 64):
        raise ConfigError("wifi.password: is not a text of up to 64 characters")
    if password and len(password) < 8:
        raise ConfigError("wifi.password: is shorter than 8 characters; leave it out if open")
    return {"ssid": ssid, "password": password or None}


def _load_lan(top):
    lan = optional_object(top, "lan", _LAN)
    if lan is None:
        return None
    for key in _LAN_NUMBERS:
        integer_of(lan, "lan", key, 0, 63, None)
    if lan.get("spi") is not None:
        spi = object_of(lan["spi"], "lan.spi", _SPI)
        for key in _SPI:
            required_of(spi, "lan.spi", key)
            integer_of(spi, "lan.spi", key, 0, 63, None)
    phy = lan.get("phy_type")
    if phy is not None and (not isinstance(phy, str) or not phy):
        raise ConfigError("lan.phy_type: is not a name like 'PHY_LAN8720'")
    if lan.get("ref_clk_mode") not in (None, "in", "out"):
        raise ConfigError("lan.ref_clk_mode: is neither 'in' nor 'out'")
    return {key: value for key, value in lan.items() if value is not None}


def _load_ping(top, config):
    ping = optional_object(top, "ping", _PING) or {}
    host = ping.get("host")
    if host is None:
        host = _first_host(config)
    if not isinstance(host, str) or not host:
        raise ConfigError("ping.host: is not an address or name")
    return {"host": host, "count": integer_of(ping, "ping", "count", 1, 1000000, 5)}


def _first_host(config):
    """The first host of the first network behind a peer; if that is everything, of our own
    network; if that is our address alone, as providers hand out, the first name server."""
    networks = [network for peer in config.peers for network in peer.allowed_ips if network[1]]
    for address, prefix in config.addresses:
        if prefix < (127 if ":" in address else 31):
            networks.append((address, prefix))
    if not networks and config.dns:
        return config.dns[0]
    return ip.first_host("{}/{}".format(*(networks + config.addresses)[0]))


def _parse_endpoint(text):
    """(host, port) of "name:port", "192.0.2.1:port" or "[2001:db8::1]:port"."""
    host, colon, port = text.rpartition(":")
    if not colon:
        raise ValueError("there is no port; write 'host:51820'")
    if host.startswith("[") and host.endswith("]"):
        host = ip.format(ip._parse6(host[1:-1]))
    elif ":" in host:
        raise ValueError("an IPv6 address needs brackets; write '[2001:db8::1]:51820'")
    elif not host or len(host) > 253:
        raise ValueError("there is no host; write 'host:51820'")
    elif any([c in "/@[]" or c <= " " for c in host]):
        raise ValueError("a host is a name or an address")
    elif all([c in "0123456789." for c in host]):
        host = ip.format(ip.parse(host))
    if not port or len(port) > 5 or any([c not in "0123456789" for c in port]):
        raise ValueError("the port is not a number")
    if not 1 <= int(port) <= 65535:
        raise ValueError("the port is not between 1 and 65535")
    return host, int(port)
