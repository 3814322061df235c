# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors

"""The commands of wgpy, a file for each idea; `wgpy.cli` says which is where."""
