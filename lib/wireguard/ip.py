# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
"""IPv4 and IPv6 addresses and networks as text, for a platform without `ipaddress`.

Addresses are 4 or 16 bytes while they are worked on and canonical text (RFC 5952) elsewhere.
Errors are ValueError with the fault and without the value.
"""


def parse(text):
    """Bytes of an address: 4 for IPv4, 16 for IPv6."""
    return _parse6(text) if ":" in text else _parse4(text)


def is_address(text):
    """True for a literal address, False for what may be a name."""
    try:
        parse(text)
    except ValueError:
        return False
    return True


def format(address):
    """Canonical text of an address of 4 or 16 bytes."""
    if len(address) == 4:
        return ".".join([str(part) for part in address])
    groups = [address[i] << 8 | address[i + 1] for i in range(0, 16, 2)]
    start, length = _longest_zero_run(groups)
    if length < 2:
        return _hex(groups)
    return _hex(groups[:start]) + "::" + _hex(groups[start + length :])


def parse_network(text):
    """(address bytes, prefix length) of "address/prefix"; without "/prefix" a single address."""
    address, slash, prefix = text.partition("/")
    address = parse(address)
    bits = 8 * len(address)
    if not slash:
        return address, bits
    prefix = _decimal(prefix, "prefix length")
    if prefix > bits:
        raise ValueError("prefix length over {}".format(bits))
    return address, prefix


def mask(address, prefix):
    """`address` with all bits after the first `prefix` cleared."""
    masked = bytearray(address)
    for i in range(len(masked)):
        keep = min(8, max(0, prefix - 8 * i))
        masked[i] &= 0xFF00 >> keep & 0xFF
    return bytes(masked)


def netmask(prefix):
    """Text of an IPv4 netmask."""
    return format(mask(b"\xff\xff\xff\xff", prefix))


def first_host(text):
    """Text of the first host of a network: the address itself when it is the only one or two."""
    address, prefix = parse_network(text)
    address = bytearray(mask(address, prefix))
    if prefix < 8 * len(address) - 1:
        address[-1] |= 1
    return format(address)


def _parse4(text):
    parts = text.split(".")
    if len(parts) != 4:
        raise ValueError("an IPv4 address has four numbers")
    numbers = [_decimal(part, "number") for part in parts]
    if max(numbers) > 255:
        raise ValueError("number over 255")
    return bytes(numbers)


def _parse6(text):
    if "%" in text:
        raise ValueError("an IPv6 address here has no zone")
    head, gap, tail = text.partition("::")
    head = _groups(head, not gap)
    tail = _groups(tail, True)
    missing = 16 - len(head) - len(tail)
    if gap and missing < 2:
        raise ValueError("an IPv6 address has eight groups")
    if not gap and missing:
        raise ValueError("an IPv6 address has eight groups")
    return bytes(head + bytes(missing) + tail)


def _groups(text, last):
    """Bytes of groups between colons; the `last` may be a dotted IPv4 address."""
    if not text:
        return b""
    out = b""
    parts = text.split(":")
    for i, part in enumerate(parts):
        if last and i == len(parts) - 1 and "." in part:
            out += _parse4(part)
            continue
        if not 1 <= len(part) <= 4:
            raise ValueError("an IPv6 group has one to four digits")
        value = 0
        for c in part.lower():
            digit = "0123456789abcdef".find(c)
            if digit < 0:
                raise ValueError("an IPv6 group has hexadecimal digits")
            value = value << 4 | digit
        out += bytes((value >> 8, value & 0xFF))
    return out


def _decimal(text, what):
    """Plain digits only: int() would also take signs, spaces and underscores."""
    if not text or len(text) > 3:
        raise ValueError("{} is missing or too long".format(what))
    for c in text:
        if c not in "0123456789":
            raise ValueError("{} is not a decimal number".format(what))
    if text[0] == "0" and len(text) > 1:
        raise ValueError("{} has a leading zero".format(what))
    return int(text)


def _hex(groups):
    return ":".join(["{:x}".format(group) for group in groups])


def _longest_zero_run(groups):
    best = (0, 0)
    start = 0
    for i in range(9):
        if i < 8 and groups[i] == 0:
            continue
        if i - start > best[1]:
            best = (start, i - start)
        start = i + 1
    return best
