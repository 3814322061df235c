# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
"""tools/firmware: what is missing is said in one line, and what it asks of ESP-IDF.

The idf.py here writes down its arguments and fails: no image is built in these tests.
"""

import os
import subprocess

import chip
import pytest

VERSION = """set(IDF_VERSION_MAJOR {})
set(IDF_VERSION_MINOR {})
set(IDF_VERSION_PATCH {})
"""


class Build:
    """Runs tools/firmware with a stand-in for ESP-IDF and, unless told otherwise, the pinned
    MicroPython."""

    def __init__(self, directory):
        self.directory = directory
        self.idf = directory / "idf"
        self.bin = directory / "bin"
        self.log = directory / "asked"
        self.bin.mkdir()
        (self.idf / "tools" / "cmake").mkdir(parents=True)
        self.version(5, 4, 0)
        program = self.bin / "idf.py"
        asked = '"$PWD" "tag:$MICROPY_GIT_TAG" "$@"'
        program.write_text(f'#!/bin/sh\nprintf "%s\\n" {asked} >> {self.log}\nexit 1\n')
        program.chmod(0o755)
        self.environment = {
            "PATH": f"{self.bin}:{os.environ['PATH']}",
            "IDF_PATH": str(self.idf),
            "MICROPY_DIR": str(chip.MICROPYTHON),
            "BUILD_DIR": str(directory / "build"),
        }

    def version(self, *numbers):
        file = self.idf / "tools" / "cmake" / "version.cmake"
        file.write_text(VERSION.format(*numbers))

    def run(self, *arguments, **environment):
        environment = {k: v for k, v in (self.environment | environment).items() if v is not None}
        command = [chip.ROOT / "tools" / "firmware", *arguments]
        done = subprocess.run(
            command, env=environment, check=False, capture_output=True, text=True, timeout=60
        )
        return done.returncode, done.stderr.splitlines()

    def asked(self):
        return self.log.read_text().splitlines() if self.log.exists() else []


@pytest.fixture
def build(tmp_path):
    return Build(tmp_path)


@pytest.mark.parametrize(
    "environment, said",
    [
        ({"IDF_PATH": None}, "IDF_PATH is not set"),
        ({"IDF_PATH": "/nowhere"}, "IDF_PATH=/nowhere is no ESP-IDF"),
        ({"PATH": "/usr/bin:/bin"}, "idf.py is not in PATH"),
        ({"MICROPY_DIR": "/nowhere"}, "MICROPY_DIR=/nowhere is no MicroPython"),
    ],
)
def test_what_is_missing_is_one_line(build, environment, said):
    status, lines = build.run("ESP32_GENERIC_C3", **environment)
    assert status != 0
    assert len(lines) == 1 and said in lines[0]
    assert build.asked() == []


@pytest.mark.parametrize(
    "arguments, said",
    [
        (["ESP32_GENERIC_C9"], "no board ESP32_GENERIC_C9; MicroPython has: "),
        (["ESP32_GENERIC", "SPIRAMM"], "no variant SPIRAMM of ESP32_GENERIC; it has: "),
    ],
)
def test_a_wrong_board_is_told_the_right_ones(build, arguments, said):
    status, lines = build.run(*arguments)
    assert status != 0
    assert len(lines) == 1 and said in lines[0]
    assert "ESP32_GENERIC_C3" in lines[0] or "SPIRAM" in lines[0].split(said)[1].split()


def test_an_idf_that_is_too_old(build):
    build.version(5, 1, 4)
    status, lines = build.run("ESP32_GENERIC_C3")
    assert status != 0
    assert lines == ["firmware: this MicroPython needs ESP-IDF 5.2.0 or later, IDF_PATH has 5.1.4"]


def test_an_idf_that_micropython_does_not_name_is_a_trial(build):
    build.version(5, 4, 7)
    assert any("a trial" in line for line in build.run("ESP32_GENERIC_C3")[1])
    build.version(5, 4, 0)
    assert not any("a trial" in line for line in build.run("ESP32_GENERIC_C3")[1])


def test_what_idf_is_asked_for(build):
    status, _ = build.run("ESP32_GENERIC", "SPIRAM", MICROPY_GIT_TAG="v1.25.0")
    asked = build.asked()
    port = chip.MICROPYTHON / "ports" / "esp32"
    assert status != 0  # the stand-in fails, and so must the build
    assert asked[0] == str(port)
    assert asked[-1] == "build"
    assert asked[1] == "tag:"  # the version is this MicroPython's, not the host device's
    for option in (
        "MICROPY_BOARD=ESP32_GENERIC",
        f"MICROPY_BOARD_DIR={port}/boards/ESP32_GENERIC",
        "MICROPY_BOARD_VARIANT=SPIRAM",
        f"CMAKE_PROJECT_micropython_INCLUDE={chip.FIRMWARE}/esp32/project.cmake",
    ):
        assert asked[asked.index(option) - 1] == "-D"
    assert asked[asked.index("-B") + 1] == f"{build.directory}/build/firmware/ESP32_GENERIC-SPIRAM"
    assert not any("EMULATOR" in argument for argument in asked)


def test_the_emulator_is_a_build_of_its_own(build):
    build.run("ESP32_GENERIC", EMULATOR="1")
    asked = build.asked()
    assert "WIREGUARD_EMULATOR=ON" in asked
    assert asked[asked.index("-B") + 1].endswith("/ESP32_GENERIC-emulator")


def test_a_board_of_ones_own(build):
    board = build.directory / "MY_BOARD"
    board.mkdir()
    (board / "mpconfigboard.cmake").write_text("set(IDF_TARGET esp32c3)\n")
    build.run("MY_BOARD", BOARD_DIR=str(board))
    assert f"MICROPY_BOARD_DIR={board}" in build.asked()
