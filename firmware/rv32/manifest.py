# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors

include("$(MPY_DIR)/extmod/asyncio")
# opt=3 as MicroPython's own asyncio: a traceback names the function, not the line.
package("wireguard", base_path="../../lib", opt=3)
module("ping.py", base_path="../../lib", opt=3)
