# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
"""runner.py MODULE FUNCTION: run one test function on the device and say PASS."""

import sys

module, function = sys.argv[1:]
getattr(__import__(module), function)()
print("PASS")
