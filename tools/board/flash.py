# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors

"""Firmware onto a board: esptool's functions, in order, and the right image for the chip.

What a board keeps in NVS (private key, TAI64N label, Wi-Fi calibration) outlives a new firmware:
an image is written around it, unless all is erased.
"""

import contextlib
import struct
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import serial
from esptool import FatalError, cmds
from esptool.logger import EsptoolLogger, TemplateLogger
from esptool.util import flash_size_bytes

from . import ports
from .ports import BoardError

ROOT = Path(__file__).resolve().parents[2]
IMAGES = ROOT / "build/firmware"

# MicroPython's generic board for each chip, which is how images are named.
BOARDS = {
    "ESP32": "ESP32_GENERIC",
    "ESP32-C2": "ESP32_GENERIC_C2",
    "ESP32-C3": "ESP32_GENERIC_C3",
    "ESP32-C5": "ESP32_GENERIC_C5",
    "ESP32-C6": "ESP32_GENERIC_C6",
    "ESP32-P4": "ESP32_GENERIC_P4",
    "ESP32-S2": "ESP32_GENERIC_S2",
    "ESP32-S3": "ESP32_GENERIC_S3",
}
_CHIP_IDS = {0: "ESP32", 2: "ESP32-S2", 5: "ESP32-C3", 9: "ESP32-S3", 12: "ESP32-C2",
             13: "ESP32-C6", 18: "ESP32-P4", 23: "ESP32-C5"}  # fmt: skip
_MAGIC = 0xE9  # of an application or a bootloader
_TABLE, _TABLE_SIZE, _ENTRY_MAGIC = 0x8000, 0xC00, b"\xaa\x50"
_DATA, _NVS = 1, 2  # type and subtype of a partition
_SECTOR = 4096
_SECOND_BAUD = 460_800


@dataclass(frozen=True)
class Result:
    chip: str
    image: Path
    written: int  # bytes
    was_reset: bool


def find_image(chip: str, board: str | None = None, directory: Path = IMAGES) -> Path:
    """The image for a chip ("ESP32-C3"), or of a board by its name. Raises BoardError."""
    name = board or BOARDS.get(chip)
    if not name:
        raise BoardError(f"there is no generic board for the {chip}", "Name one with --board.")
    path = directory / f"{name}.bin"
    if path.exists():
        return path
    others = sorted(p.stem for p in directory.glob("*.bin"))
    there = f" There are: {', '.join(others)}." if others else ""
    raise BoardError(
        f"{path} is not there",
        f"Build it with 'make firmware BOARD={name}', or name a file with --image.{there}",
    )


def chip_of(image: bytes) -> tuple[str, int]:
    """(chip, offset of its bootloader) of an image that starts with it or with its padding."""
    start = len(image) - len(image.lstrip(b"\xff"))
    header = image[start : start + 24]
    if start % _SECTOR or len(header) < 24 or header[0] != _MAGIC:
        raise BoardError(
            "this is no firmware image", "Give the .bin that holds bootloader, table and program."
        )
    number = struct.unpack_from("<H", header, 12)[0]
    return _CHIP_IDS.get(number, f"chip number {number}"), start


def parts(image: bytes, base: int) -> list[tuple[int, bytes]]:
    """[(address, bytes)] of an image for address `base`, without what lies in NVS."""
    at = _TABLE - base
    holes = [(0, base)] if base else []
    for entry in range(at, at + _TABLE_SIZE, 32):
        if image[entry : entry + 2] != _ENTRY_MAGIC:
            break
        kind, subtype, offset, size = struct.unpack_from("<BBLL", image, entry + 2)
        if (kind, subtype) == (_DATA, _NVS):
            holes.append((offset, offset + size))
    found, start, end = [], base, base + len(image)
    for begin, after in sorted(holes):
        if begin > start:
            found.append((start, image[start - base : min(begin, end) - base]))
        start = max(start, after)
    if start < end:
        found.append((start, image[start - base :]))
    return [(address, data) for address, data in found if data]


def flash(
    port: str | None,
    image: Path | None = None,
    board: str | None = None,
    *,
    erase: bool = False,
    manual: bool = False,
    stub: bool = True,
    on_step: Callable[[str], None],
    on_progress: Callable[[int, int], None],
) -> Result:
    """Detect the chip, write the image and verify it. Raises BoardError.

    manual: the board is in download mode already and is reset by hand afterwards.
    stub: use esptool's flasher, which the chip runs from RAM and which is faster.
    on_progress(done, total) for each part that is written.
    """
    if board:
        image = image or find_image("", board)
    if image:
        chip_of(image.read_bytes())  # before anything is asked of the board
    port = ports.find(port)
    try:
        with _logging_to(_Progress(on_progress)):
            return _flash(port, image, erase, manual, stub, on_step)
    except FatalError as e:
        if str(e).startswith("Could not open"):
            raise ports.cannot_open(port) from None
        raise BoardError(f"esptool: {str(e).partition(chr(10))[0]}", _advice(e)) from None
    except (serial.SerialException, OSError) as e:
        raise BoardError(f"{port}: {e}", "Is the cable in, and no other program on it?") from None


def _flash(port, image, erase, manual, stub, on_step):
    on_step(f"looking for a chip on {port}")
    esp = cmds.detect_chip(port, connect_mode="no-reset" if manual else "default-reset")
    try:
        chip = esp.CHIP_NAME
        path = image or find_image(chip)
        data = path.read_bytes()
        made_for, start = chip_of(data)
        if made_for != chip:
            raise BoardError(
                f"{path} is for the {made_for}, this chip is an {chip}",
                f"Without --image and --board, the image for the {chip} is taken.",
            )
        base = 0 if start else esp.BOOTLOADER_FLASH_OFFSET
        if stub:
            on_step(f"{chip}: starting esptool's flasher")
            esp = cmds.run_stub(esp)
            esp.change_baud(_SECOND_BAUD)
        cmds.attach_flash(esp)
        size = flash_size_bytes(cmds.detect_flash_size(esp) or "4MB")
        if base + len(data) > size:
            raise BoardError(
                f"the image ends at {base + len(data):#x}, the flash at {size:#x}",
                "This board has too little flash for this image.",
            )
        pieces = [(base + start, data[start:])]
        if erase:
            on_step(f"{chip}: erasing {size >> 20} MB")
            _erase(esp, size)
        else:
            pieces = parts(data[start:], base + start)
        on_step(f"{chip}: writing and verifying {path.name}")
        cmds.write_flash(esp, pieces, skip_flashed=not erase)
        if not manual:
            cmds.reset_chip(esp, "hard-reset")
        return Result(chip, path, sum(len(d) for _, d in pieces), not manual)
    finally:
        esp._port.close()


def _erase(esp, size):
    if esp.IS_STUB:
        cmds.erase_flash(esp)
    else:
        cmds.erase_region(esp, 0, size)


def _advice(error) -> str:
    text = str(error)
    if "Failed to connect" in text or "serial data" in text.lower():
        return (
            "Hold BOOT, press and let go RESET, let go BOOT, and try with --manual. "
            "Some USB cables carry no data."
        )
    if "MD5" in text:
        return "What was read back differs. Try again; then another cable or port."
    return ""


class _Progress(TemplateLogger):
    """Esptool's words are left out, its progress is handed on. Errors arrive as exceptions."""

    def __init__(self, on_progress):
        self._on_progress = on_progress

    def progress_bar(self, cur_iter, total_iters, prefix="", suffix="", bar_length=30):
        self._on_progress(cur_iter, total_iters)

    def print(self, *args, **kwargs):
        pass

    def note(self, message):
        pass

    def warning(self, message):
        pass

    def error(self, message):
        pass

    def stage(self, finish=False):
        pass

    def set_verbosity(self, verbosity):
        pass


@contextlib.contextmanager
def _logging_to(logger):

    EsptoolLogger().set_logger(logger)
    try:
        yield
    finally:
        EsptoolLogger().set_logger(EsptoolLogger())
