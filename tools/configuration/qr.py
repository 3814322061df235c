# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors

"""QR codes on a terminal, as the WireGuard app of a phone reads them."""

import sys

import segno


def show(text: str):
    """Print the QR code of a .conf. Whoever sees it has the private key in it."""
    segno.make(text, error="l", micro=False).terminal(out=sys.stdout, compact=True, border=2)
