# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors

"""Both ends of a tunnel on this computer: the device on the host, and a gateway."""
