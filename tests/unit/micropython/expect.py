# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
"""Small helpers of the tests on the device."""


def raises(kind, function, *arguments, **keywords):
    """The exception of `kind` that the call must raise."""
    try:
        function(*arguments, **keywords)
    except kind as error:
        return error
    raise AssertionError("no {}".format(kind.__name__))


def equal(actual, expected):
    assert actual == expected, "{!r} is not {!r}".format(actual, expected)


def unhex(text):
    import binascii

    return binascii.unhexlify(text.replace(" ", ""))
