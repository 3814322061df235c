# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
"""Count what the tunnel costs beside its cipher, on MicroPython for RV32 (`make bench-packet`)."""

from . import rv32
from .crypto_target import BENCH


def main() -> int:
    print(rv32.run((BENCH / "packet.py").read_text()), end="")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
