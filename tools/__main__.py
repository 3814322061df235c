# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors

from .cli import main

main(prog_name="wgpy")
