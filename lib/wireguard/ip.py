# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
"""IPv4 and IPv6 addresses and networks as text, for a platform without `ipaddress`.

Addresses are 4 or 16 bytes while they are worked on and canonical text (RFC 5952) elsewhere.
Errors are ValueError with the fault and without the value.
"""

from binascii import unhexlify


def parse(text):
    """Bytes of an address: 4 for IPv4, 16 for IPv6."""
    return parse6(text) if ":" in text else _parse4(text)


def is_address(text):
    """True for a literal address, False for what may be a name."""
    try:
        parse(text)
    except ValueError:
        return False
    return True


def canonical(text):
    """The same address as text, as everybody writes it."""
    return format(parse(text))


def format(address):
    """Canonical text of an address of 4 or 16 bytes."""
    if len(address) == 4:
        return ".".join([str(part) for part in address])
    text = ":"
    for i in range(0, 16, 2):
        text += "{:x}:".format(address[i] << 8 | address[i + 1])
    for count in range(8, 1, -1):  # the longest run of zeros, and of such the first
        head, zeros, tail = text.partition(":" + "0:" * count)
        if zeros:
            return head[1:] + "::" + tail[:-1]
    return text[1:-1]


def parse_network(text):
    """(address bytes, prefix length) of "address/prefix"; without "/prefix" a single address."""
    address, slash, prefix = text.partition("/")
    address = parse(address)
    bits = 8 * len(address)
    return address, _number(prefix, bits, "prefix length") if slash else bits


def mask(address, prefix):
    """`address` with all bits after the first `prefix` cleared."""
    rest = 8 * len(address) - prefix
    return (int.from_bytes(address, "big") >> rest << rest).to_bytes(len(address), "big")


def first_host(address, prefix):
    """Text of the first host of a network: the address itself when it is the only one or two."""
    address = bytearray(mask(parse(address), prefix))
    if prefix < 8 * len(address) - 1:
        address[-1] |= 1
    return format(address)


def is_decimal(text):
    """Plain digits only: int() would also take signs, spaces and underscores."""
    return bool(text) and all([c in "0123456789" for c in text])


def _number(text, highest, what):
    if not is_decimal(text) or str(int(text)) != text:
        raise ValueError("{} is not a plain number".format(what))
    if int(text) > highest:
        raise ValueError("{} over {}".format(what, highest))
    return int(text)


def _parse4(text):
    parts = text.split(".")
    if len(parts) != 4:
        raise ValueError("an IPv4 address has four numbers")
    return bytes([_number(part, 255, "number") for part in parts])


def parse6(text):
    head, colon, last = text.rpartition(":")
    if "." in last:  # an IPv4 address in the place of two groups
        text = head + colon + "{:02x}{:02x}:{:02x}{:02x}".format(*_parse4(last))
    head, gap, tail = text.partition("::")
    head, tail = _groups(head), _groups(tail)
    missing = 16 - len(head) - len(tail)
    if missing < 2 if gap else missing:
        raise ValueError("an IPv6 address has eight groups")
    return head + bytes(missing) + tail


def _groups(text):
    """Bytes of the groups between colons."""
    out = b""
    for part in text.split(":") if text else ():
        try:
            group = unhexlify("0" * (4 - len(part)) + part)
        except ValueError:
            group = b""
        if not part or len(group) != 2:
            raise ValueError("an IPv6 group has one to four hexadecimal digits")
        out += group
    return out
