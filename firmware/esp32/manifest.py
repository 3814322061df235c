# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
#
# What is frozen beside the board's own manifest. What the board freezes too is frozen once.

# opt=3 as MicroPython's own asyncio: a traceback names the function, not the line.
package("wireguard", base_path="../../lib", opt=3)
module("ping.py", base_path="../../lib", opt=3)
include("digests.py")

include("$(MPY_DIR)/extmod/asyncio")
require("mip")  # more packages: mpremote mip install
require("ntptime")  # main.py sets the clock
require("requests")
require("umqtt.simple")
