# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors

"""How many times as long as usual tests wait: PATIENCE, or what a slow build needs."""

import os

# ThreadSanitizer makes the device ten times as slow, but most of what is waited for needs far less
# than its time.
PATIENCE = float(os.environ.get("PATIENCE", 4 if os.environ.get("SANITIZE") == "thread" else 1))
