# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
"""The part of DNS that finds the addresses of a name (RFC 1035, RFC 3596). Sans-IO."""

import struct

from micropython import const

from . import ip

A = const(1)
AAAA = const(28)
_IN = const(1)
_RECURSION_DESIRED = const(0x0100)
_RESPONSE = const(0x8000)
_NAME_ERROR = const(3)


def question(number, name, kind):
    """The message that asks for the addresses of a name. ValueError if it cannot be one."""
    labels = bytearray()
    for label in name.rstrip(".").split("."):
        label = label.encode()
        if not 1 <= len(label) <= 63:
            raise ValueError("no name for DNS")
        labels.append(len(label))
        labels.extend(label)
    if len(labels) > 254:
        raise ValueError("no name for DNS")
    header = struct.pack(">HHHHHH", number, _RECURSION_DESIRED, 1, 0, 0, 0)
    return header + bytes(labels) + struct.pack(">BHH", 0, kind, _IN)


def answer(message, asked):
    """What `message` answers to the question `asked`.

    A list of addresses as text, empty if the name has none of the kind; None: the server does not
    know; ValueError: this is no answer to that question.
    """
    end = len(asked)
    if len(message) < end or bytes(message[12:end]).lower() != asked[12:].lower():
        raise ValueError("another question")
    number, flags, questions, records = struct.unpack_from(">HHHH", message)
    if number != struct.unpack_from(">H", asked)[0] or questions != 1:
        raise ValueError("another question")
    if not flags & _RESPONSE:
        raise ValueError("no answer")
    code = flags & 15
    if code:
        return [] if code == _NAME_ERROR else None
    kind = struct.unpack_from(">H", asked, end - 4)[0]
    return _addresses(message, end, records, kind)


def _addresses(message, at, records, kind):
    """Of all records of a kind: which names they hang on, by aliases, is the server's word."""
    size = 4 if kind == A else 16
    found = []
    for _ in range(records):
        at = _skip_name(message, at)
        if at + 10 > len(message):
            break
        of_kind, of_class, _, length = struct.unpack_from(">HHLH", message, at)
        at += 10
        if of_kind == kind and of_class == _IN and length == size and at + size <= len(message):
            found.append(ip.format(message[at : at + size]))
        at += length
    return found


def _skip_name(message, at):
    """Behind a name: labels up to an empty one, or up to a pointer."""
    while at < len(message):
        length = message[at]
        if length >= 0xC0:
            return at + 2
        at += 1 + length
        if not length:
            break
    return at
