# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors

"""Debian's tshark as an independent judge of captures."""

import shutil
import subprocess
from pathlib import Path

PROGRAM = shutil.which("tshark")


def key_log(path: Path, *, private_key, peer_public_key, ephemeral, preshared_key=None) -> Path:
    """Write a WireGuard key log for the initiator's side; keys in base64."""
    lines = [
        f"LOCAL_STATIC_PRIVATE_KEY = {private_key}",
        f"REMOTE_STATIC_PUBLIC_KEY = {peer_public_key}",
    ]
    if preshared_key:
        lines.append(f"PRESHARED_KEY = {preshared_key}")
    lines += [f"LOCAL_EPHEMERAL_PRIVATE_KEY = {key}" for key in ephemeral]
    path.write_text("\n".join(lines) + "\n")
    return path


def fields(
    capture: Path, display_filter: str, *names, keys: Path | None = None
) -> list[list[str]]:
    """The named fields of each packet that the filter lets through, as text."""
    command = [PROGRAM, "-n", "-r", str(capture), "-Y", display_filter, "-T", "fields"]
    if keys:
        command += ["-o", f"wg.keylog_file:{keys}"]
    for name in names:
        command += ["-e", name]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    return [line.split("\t") for line in done.stdout.splitlines()]
