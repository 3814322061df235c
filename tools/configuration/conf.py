# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors

"""wg-quick's .conf to wg.json and back. Nothing is dropped in silence.

Reads as `wg` and `wg-quick` do: keys in any case, `#` begins a comment, lists by commas or by
repeated lines, of other keys the last line counts.
"""

import re
from dataclasses import dataclass, field

from ..device_code import ConfigError, config


class ConfError(ValueError):
    """What is wrong in a .conf, as one line without secrets."""


@dataclass
class Note:
    """Something of one format that the other has no place for."""

    what: str
    why: str


@dataclass
class _Section:
    """[Interface] or [Peer]: what is in wg.json, and the line each key came from."""

    values: dict = field(default_factory=dict)
    lines: dict = field(default_factory=dict)

    def ordered(self) -> dict:
        return {key: self.values[key] for key in _ORDER if key in self.values}


_LISTS = {"address": "address", "dns": "dns", "allowedips": "allowed_ips"}
_NUMBERS = {"listenport": "listen_port", "mtu": "mtu"}
_TEXTS = {
    "privatekey": "private_key",
    "publickey": "public_key",
    "presharedkey": "preshared_key",
    "endpoint": "endpoint",
}
_KNOWN = {
    "interface": {"privatekey", "address", "dns", "listenport", "mtu"},
    "peer": {"publickey", "presharedkey", "allowedips", "endpoint", "persistentkeepalive"},
}
_HOOKS = {
    "preup": "pre_up",
    "postup": "post_up",
    "predown": "pre_down",
    "postdown": "post_down",
}
_NOT_HERE = {
    "table": "a board has one routing table: AllowedIPs are always routed",
    "fwmark": "a board needs no mark: the tunnel's own packets always leave by the network below",
    "saveconfig": "a board changes its wg.json only when you do",
}
_ADDRESS = re.compile(r"[0-9.]+|.*:.*")  # to wg-quick; whatever else is a search domain
_ORDER = ("private_key", "address", "listen_port", "mtu", "dns", "public_key", "preshared_key")
_ORDER += ("endpoint", "allowed_ips", "persistent_keepalive")
_AMNEZIA = re.compile(r"j(c|min|max|\d)|[shi]\d|itime")


def to_json(text: str) -> tuple[dict, list[Note]]:
    """(wg.json as a dict, what it has no place for). Raises ConfError."""
    notes = []
    sections = _parse(text, notes)
    interface = sections.pop("interface")
    peers = sections.pop("peers")
    result = {"interface": interface.ordered(), "peers": [peer.ordered() for peer in peers]}
    try:
        config.load(result)
    except ConfigError as error:
        raise ConfError(_with_line(str(error), interface, peers)) from None
    if "private_key" not in interface.values:
        notes.append(
            Note(
                "PrivateKey is missing",
                "the board makes one on first boot and prints its public key for the server",
            )
        )
    return result, notes


def _parse(text, notes):
    interface, peers, current, kind = None, [], None, None
    for number, line in enumerate(text.lstrip("\ufeff").splitlines(), 1):
        line = line.partition("#")[0].strip()
        if not line:
            continue
        if line.startswith("["):
            kind = line.lower()
            if kind == "[interface]":
                current = interface = interface or _Section()
            elif kind == "[peer]":
                current = _Section({"allowed_ips": []})
                peers.append(current)
            else:
                raise ConfError(f"line {number}: unknown section; write [Interface] or [Peer]")
            kind = kind.strip("[]")
            continue
        key, equals, value = line.partition("=")
        if not equals:
            raise ConfError(f"line {number}: is no 'Key = value'")
        if current is None:
            raise ConfError(f"line {number}: comes before [Interface]")
        _take(current, kind, key.strip(), value.strip(), number, notes)
    if interface is None:
        raise ConfError("there is no [Interface]; is this a file of wg-quick?")
    if "address" not in interface.values:
        raise ConfError(
            "[Interface] has no Address: is it for wg and not for wg-quick? "
            "Add the device's address in the tunnel, like 'Address = 10.0.0.2/24'"
        )
    return {"interface": interface, "peers": peers}


def _take(section, kind, key, value, number, notes):
    low = key.lower()
    if kind == "interface" and (low in _HOOKS or low in _NOT_HERE):
        notes.append(_not_here(key, value))
        return
    if low not in _KNOWN[kind]:
        raise ConfError(_unknown(key, low, kind, number))
    if low in _LISTS:
        name = _LISTS[low]
        items = section.values.setdefault(name, [])
        for item in filter(None, map(str.strip, value.split(","))):
            if low == "dns" and not _ADDRESS.fullmatch(item):
                notes.append(
                    Note(f"DNS = {item}", "a search domain; boards ask for whole names only")
                )
                continue
            if low == "allowedips" and item[0] in "+-":
                raise ConfError(
                    f"line {number}: AllowedIPs with '+' or '-' changes a running interface; "
                    "write the networks themselves"
                )
            section.lines[f"{name}[{len(items)}]"] = number
            items.append(item)
        section.lines[name] = number
        return
    if low == "persistentkeepalive":
        name, value = "persistent_keepalive", 0 if value.lower() == "off" else _int(value)
    elif low in _NUMBERS:
        name, value = _NUMBERS[low], _int(value)
    else:
        name = _TEXTS[low]
        if low in ("privatekey", "publickey", "presharedkey"):
            value = re.sub(r"\s", "", value)
    if value is None or value == "":
        raise ConfError(f"line {number}: {key} needs a {'text' if low in _TEXTS else 'number'}")
    section.values[name] = value
    section.lines[name] = number


def _int(text):
    return int(text) if re.fullmatch(r"[0-9]{1,9}", text) else None


def _not_here(key, value):
    low = key.lower()
    if low in _NOT_HERE:
        return Note(f"{key} = {value}", _NOT_HERE[low])
    hook = _HOOKS[low]
    if re.search(r"\bwg\s+set\b.*\bprivate-key\b", value):
        why = "a board reads its key from the file that interface.private_key_file names"
    else:
        why = f'a board has no shell; a Python function can do it: "{hook}": "module.function"'
    return Note(f"{key} = …", why)  # a command may contain anything, also a password


def _unknown(key, low, kind, number):
    text = f"line {number}: '{key}' is no key of [{kind.capitalize()}]"
    other = "peer" if kind == "interface" else "interface"
    if low in _KNOWN[other] or (other == "interface" and low in (*_HOOKS, *_NOT_HERE)):
        return text + f"; it belongs to [{other.capitalize()}]"
    if _AMNEZIA.fullmatch(low):
        return text + ": it is AmneziaWG's, another protocol; ask for a plain WireGuard file"
    return text + " in wg-quick"


def _with_line(error, interface, peers):
    """The message of a ConfigError, with the line its path came from in front."""
    path = error.partition(":")[0]
    where, _, key = path.partition(".")
    section = interface
    if match := re.fullmatch(r"peers\[(\d+)\]", where):
        section = peers[int(match[1])]
    number = section.lines.get(key)
    return f"line {number}: {error}" if number else error


def from_json(source: dict) -> tuple[str, list[Note]]:
    """(.conf of a wg.json, what it has no place for). Raises ConfigError."""
    config.load(source)
    notes = []
    interface = source["interface"]
    lines = ["[Interface]"]
    if interface.get("private_key") is None:
        lines.append("# PrivateKey is on the board, and stays there")
        notes.append(Note("PrivateKey", "is not in wg.json; the .conf is not complete without it"))
    _put(lines, "PrivateKey", interface.get("private_key"))
    _put(lines, "Address", interface["address"])
    _put(lines, "ListenPort", interface.get("listen_port") or None)
    _put(lines, "MTU", interface.get("mtu"))
    _put(lines, "DNS", interface.get("dns"))
    for name in _HOOKS.values():
        for hook in _several(interface.get(name)):
            notes.append(Note(f"interface.{name}: {hook}", "a Python function of the board"))
    peers = source.get("peers") or []
    for peer in peers if isinstance(peers, list) else [peers]:
        lines += ["", "[Peer]"]
        _put(lines, "PublicKey", peer["public_key"])
        _put(lines, "PresharedKey", peer.get("preshared_key"))
        _put(lines, "AllowedIPs", peer["allowed_ips"])
        _put(lines, "Endpoint", peer.get("endpoint"))
        keepalive = peer.get("persistent_keepalive")
        _put(lines, "PersistentKeepalive", keepalive if keepalive not in (0, "off") else None)
    for name in ("wifi", "lan", "ping"):
        if source.get(name) is not None:
            notes.append(Note(name, "the board's own affair"))
    return "\n".join(lines) + "\n", notes


def _put(lines, key, value):
    text = ", ".join(map(str, _several(value)))
    if text:
        lines.append(f"{key} = {text}")


def _several(value) -> list:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]
