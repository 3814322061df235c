# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors

include("$(MPY_DIR)/extmod/asyncio")
package("wireguard", base_path="../../lib", opt=3)
module("ping.py", base_path="../../lib", opt=3)
