# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors

"""wgpy flash, by esptool's real protocol, to a loader that is not in silicon."""

import os
import re
import struct

import pytest
from support.command_line import wgpy
from support.rom_loader import RomLoader
from support.screen import on_terminal
from wgpy.board import flash
from wgpy.board.ports import BoardError

NVS = (0x9000, 0x6000)


def make_image(chip_number, bootloader_at, size=0x14000):
    """Bootloader, partition table, program: random but for what tools look at. From address 0."""
    image = bytearray(b"\xff" * size)
    header = bytes([0xE9, 1, 2, 0x20]) + bytes(8) + struct.pack("<H", chip_number) + bytes(10)
    image[bootloader_at : bootloader_at + 0x4000] = header + os.urandom(0x4000 - 24)
    partitions = [(1, 2, *NVS, b"nvs"), (0, 0, 0x10000, 0x4000, b"factory")]
    table = b"".join(struct.pack("<2sBBLL16sL", b"\xaa\x50", *p, 0) for p in partitions)
    image[0x8000 : 0x8000 + len(table)] = table
    image[0x10000:] = os.urandom(size - 0x10000)
    return bytes(image)


@pytest.fixture
def rom():
    loaders = []

    def make(*arguments, **options):
        loaders.append(RomLoader(*arguments, **options))
        return loaders[-1]

    yield make
    for loader in loaders:
        loader.close()


@pytest.mark.parametrize("chip, number, at", [("ESP32", 0, 0x1000), ("ESP32-C3", 5, 0)])
def test_the_image_is_written_around_nvs_and_verified(rom, tmp_path, chip, number, at):
    loader, image = rom(chip), make_image(number, at)
    (tmp_path / "firmware.bin").write_bytes(image)
    before = bytes(loader.flash)
    arguments = ["flash", "--port", loader.port, "--manual", "--no-stub"]
    said = wgpy(*arguments, "--image", tmp_path / "firmware.bin")
    assert f"{chip}: firmware.bin" in said and "verified" in said and "reset button" in said
    assert loader.flash[at:0x9000] == image[at:0x9000]
    assert loader.flash[0xF000 : len(image)] == image[0xF000:]
    assert loader.flash[slice(0x9000, 0xF000)] == before[0x9000:0xF000], "NVS was touched"
    assert loader.flash[len(image) :] == before[len(image) :], "files were touched"
    loader.erased.clear()
    wgpy(*arguments, "--image", tmp_path / "firmware.bin")
    assert not loader.erased, "what is there already was written again"
    wgpy(*arguments, "--image", tmp_path / "firmware.bin", "--erase")
    assert loader.flash[: len(image)] == image
    assert loader.flash[len(image) :] == b"\xff" * (len(before) - len(image))


def test_micropythons_own_image_goes_where_the_bootloader_belongs(rom, tmp_path):
    loader, image = rom("ESP32"), make_image(0, 0x1000)
    (tmp_path / "firmware.bin").write_bytes(image[0x1000:])
    wgpy(
        "flash", "--port", loader.port, "--manual", "--no-stub",
        "--image", tmp_path / "firmware.bin",
    )  # fmt: skip
    assert loader.flash[0x1000:0x9000] == image[0x1000:0x9000]


def test_the_chip_chooses_the_image(rom, tmp_path):
    loader, image = rom("ESP32-C3"), make_image(5, 0)
    with pytest.raises(BoardError, match="ESP32_GENERIC_C3.bin is not there") as e:
        flash.find_image("ESP32-C3", directory=tmp_path)
    assert "make firmware BOARD=ESP32_GENERIC_C3" in e.value.advice
    (tmp_path / "ESP32_GENERIC_C3.bin").write_bytes(image)
    (tmp_path / "ESP32_GENERIC_S3.bin").write_bytes(make_image(9, 0))
    assert flash.find_image("ESP32-C3", directory=tmp_path).stem == "ESP32_GENERIC_C3"
    assert flash.find_image("ESP32-C3", "ESP32_GENERIC_S3", tmp_path).stem == "ESP32_GENERIC_S3"
    wrong = tmp_path / "ESP32_GENERIC_S3.bin"
    said = wgpy(
        "flash", "--port", loader.port, "--manual", "--no-stub", "--image", wrong, status=1
    )
    assert "is for the ESP32-S3, this chip is an ESP32-C3" in said and not loader.erased


def test_a_terminal_shows_the_progress(rom, tmp_path):
    loader = rom("ESP32-C3")
    (tmp_path / "firmware.bin").write_bytes(make_image(5, 0, size=0x40000))
    shown = on_terminal(
        "flash", "--port", loader.port, "--manual", "--no-stub",
        "--image", tmp_path / "firmware.bin",
    )  # fmt: skip
    assert "writing and verifying firmware.bin" in shown
    assert len(set(re.findall(r"[\d.]+/200\.7 kB", shown))) > 2


def test_what_was_not_stored_is_noticed(rom, tmp_path):
    loader = rom("ESP32-C3", corrupt=True)
    (tmp_path / "firmware.bin").write_bytes(make_image(5, 0))
    said = wgpy(
        "flash", "--port", loader.port, "--manual", "--no-stub",
        "--image", tmp_path / "firmware.bin", status=1,
    )  # fmt: skip
    assert "MD5" in said and "another cable" in said


def test_an_image_longer_than_the_flash(rom, tmp_path):
    loader = rom("ESP32-C3", size=1 << 20)
    (tmp_path / "firmware.bin").write_bytes(make_image(5, 0, size=(1 << 20) + 4096))
    said = wgpy(
        "flash", "--port", loader.port, "--manual", "--no-stub",
        "--image", tmp_path / "firmware.bin", status=1,
    )  # fmt: skip
    assert "too little flash" in said and not loader.erased


@pytest.mark.parametrize(
    "data", [b"", b"no image at all", b"\xff" * 8192, b"\xff" * 100 + b"\xe9"]
)
def test_what_is_no_image(data):
    with pytest.raises(BoardError, match="no firmware image"):
        flash.chip_of(data)


def test_nobody_answers(tmp_path):
    (tmp_path / "firmware.bin").write_bytes(make_image(5, 0))
    master, slave = os.openpty()
    try:
        said = wgpy(
            "flash", "--port", os.ttyname(slave), "--manual",
            "--image", tmp_path / "firmware.bin", status=1,
        )  # fmt: skip
        assert "BOOT" in said
    finally:
        os.close(master)
        os.close(slave)


def test_what_cannot_be_written_is_said_before_the_board_is_asked(rom, tmp_path):
    loader = rom("ESP32-C3")
    said = wgpy("flash", "--port", loader.port, "--manual", "--board", "MY_BOARD", status=1)
    assert "MY_BOARD.bin is not there" in said and "make firmware BOARD=MY_BOARD" in said
    (tmp_path / "wg.json").write_text("{}")
    said = wgpy(
        "flash", "--port", loader.port, "--manual", "--image", tmp_path / "wg.json", status=1
    )
    assert "no firmware image" in said
    assert not loader.commands
