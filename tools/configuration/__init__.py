# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors

"""wg.json: made from keys or a .conf, checked, explained, and made a .conf again."""
