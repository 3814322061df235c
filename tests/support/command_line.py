# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors

"""wgpy, as a person calls it."""

import subprocess
import sys


def wgpy(*arguments, status=0, secrets=(), timeout=110, **options) -> str:
    """Run wgpy, expect this exit status, and return all that it says. It never says a secret."""
    done = subprocess.run(
        [sys.executable, "-m", "wgpy", *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=timeout,
        **options,
    )
    said = done.stdout + done.stderr
    assert done.returncode == status, said
    assert "Traceback" not in said, said
    assert not [secret for secret in secrets if secret in said], "a secret was shown"
    return said
