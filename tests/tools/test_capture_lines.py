# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors

"""What a board prints while it captures, taken apart (the real thing: tests/e2e)."""

import binascii
import io
import struct

from wgpy.board.capture import Capture

PACKET = bytes(range(40))
LINE = b"\x1eP " + binascii.b2a_base64(struct.pack("<BxHHxxL", 1, 40, 40, 7) + PACKET)


def collected(*pieces):
    said = []
    capture = Capture(None, io.BytesIO(), said.append)
    for piece in pieces:
        capture._collect(piece)
    return capture, "".join(said)


def test_packets_and_what_the_program_prints():
    capture, said = collected(b"one\n", LINE[:9], LINE[9:], b"two\n" + LINE, b"\x1eL 3\n")
    assert capture.counts == {"uplink": 0, "tunnel": 2} and said == "one\ntwo\n"
    assert (capture.lost, capture.broken) == (3, 0)


def test_output_within_a_line_of_packets_costs_that_line():
    for middle in (b"64 bytes from 10.0.0.1\r\n", b"12345678\r\n", b"!"):
        capture, _ = collected(LINE[:24] + middle + LINE[24:], LINE)
        assert capture.counts["tunnel"] == 1 and capture.broken == 1, middle
