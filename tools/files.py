# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors

"""Files that hold keys: readable by their owner only, and whole or not there at all."""

import errno
import json
import os
from pathlib import Path


def read_text(path: Path) -> str:
    """The text in path. Raises OSError, also if it is no text."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise OSError(errno.EILSEQ, "is not a text", str(path)) from None


def write_private(path: Path, text: str):
    """Write text to path with mode 0600. What was there is replaced at the end, at once."""
    part = path.with_name(path.name + ".part")
    part.unlink(missing_ok=True)
    fd = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(fd, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def write_config(path: Path, config: dict):
    """Write wg.json."""
    write_private(path, json.dumps(config, indent=2, ensure_ascii=False) + "\n")
