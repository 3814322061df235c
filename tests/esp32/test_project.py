# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
"""project.cmake in MicroPython's own ports/esp32/CMakeLists.txt, up to where ESP-IDF would begin.

A stand-in for ESP-IDF's project() writes down what ESP-IDF would be given. That ESP-IDF does with
it what it should is not tested here: docs/boards.md says which builds were made.
"""

import json
import shutil
import subprocess

import chip
import pytest

PORT = chip.MICROPYTHON / "ports" / "esp32"
BOARDS = sorted(path.parent.name for path in PORT.glob("boards/*/mpconfigboard.cmake"))
OURS = chip.FIRMWARE / "esp32"

IDF = """
function(idf_build_set_property)
endfunction()

macro(project name)
    _project(${name} NONE)
    file(WRITE "${CMAKE_BINARY_DIR}/given"
        "${SDKCONFIG_DEFAULTS}\\n${MICROPY_FROZEN_MANIFEST}\\n${USER_C_MODULES}\\n")
endmacro()
"""

pytestmark = pytest.mark.skipif(shutil.which("cmake") is None, reason="needs cmake")


@pytest.fixture
def configure(tmp_path, monkeypatch):
    """configure(board, ...) -> (sdkconfig files, manifest, C modules) that ESP-IDF is given."""
    idf = tmp_path / "idf" / "tools" / "cmake"
    idf.mkdir(parents=True)
    (idf / "project.cmake").write_text(IDF)
    monkeypatch.setenv("IDF_PATH", str(tmp_path / "idf"))

    def run(board, **variables):
        defined = [f"-D{name}={value}" for name, value in variables.items()]
        hook = f"-DCMAKE_PROJECT_micropython_INCLUDE={OURS / 'project.cmake'}"
        build = tmp_path / "build"
        shutil.rmtree(build, ignore_errors=True)
        command = ["cmake", "-S", PORT, "-B", build, f"-DMICROPY_BOARD={board}", hook, *defined]
        done = subprocess.run(command, check=False, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        lines = (build / "given").read_text().splitlines()
        return lines[0].split(";"), chip.Path(lines[1]), lines[2].split(";")

    return run


def test_there_are_boards():
    wanted = ["ESP32_GENERIC", *(f"ESP32_GENERIC_{name}" for name in ("C3", "C6", "S2", "S3"))]
    assert set(wanted) <= set(BOARDS)


@pytest.mark.parametrize("board", BOARDS)
def test_every_board_gets_our_options_last_and_keeps_its_own(configure, board):
    sdkconfig, manifest, modules = configure(board)
    combined, ours = sdkconfig
    assert "CONFIG_" in chip.Path(combined).read_text()
    assert chip.Path(ours) == OURS / "sdkconfig.wireguard"
    theirs, added = manifest.read_text().splitlines()
    assert f'include("{PORT}/' in theirs
    assert added == f'include("{OURS}/manifest.py")'
    assert modules == [f"{OURS}/micropython.cmake"]


def test_a_variant_keeps_its_options(configure):
    plain = chip.Path(configure("ESP32_GENERIC")[0][0]).read_text()
    sdkconfig, _, _ = configure("ESP32_GENERIC", MICROPY_BOARD_VARIANT="SPIRAM")
    assert "CONFIG_SPIRAM=y" not in plain
    assert "CONFIG_SPIRAM=y" in chip.Path(sdkconfig[0]).read_text()
    assert len(sdkconfig) == 2


def test_a_manifest_and_modules_of_the_user_are_kept(configure, tmp_path):
    own = tmp_path / "own.py"
    _, manifest, modules = configure(
        "ESP32_GENERIC_C3", MICROPY_FROZEN_MANIFEST=own, USER_C_MODULES="/x/micropython.cmake"
    )
    assert f'include("{own}")' in manifest.read_text()
    assert modules == ["/x/micropython.cmake", f"{OURS}/micropython.cmake"]


def test_the_emulator_adds_its_part(configure):
    sdkconfig, _, modules = configure("ESP32_GENERIC_C3", WIREGUARD_EMULATOR="ON")
    assert sdkconfig[-1] == f"{OURS}/emulator/sdkconfig.emulator"
    assert modules[-1] == f"{OURS}/emulator/micropython.cmake"


# ESP-IDF's shape: the user's modules belong to the component main, and what links an INTERFACE
# library compiles its sources too: the executable does, in the directory above.
TOP = """cmake_minimum_required(VERSION 3.18)
project(shape C ASM)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
add_subdirectory(main)
add_executable(firmware none.c)
target_link_libraries(firmware main)
"""
MAIN = """add_library(usermod INTERFACE)
add_library(main STATIC ../none.c)
target_link_libraries(main usermod)
include({module})
"""


def test_the_packet_path_is_fast_wherever_it_is_compiled(tmp_path):
    main = tmp_path / "main"
    main.mkdir()
    (tmp_path / "none.c").touch()
    (tmp_path / "CMakeLists.txt").write_text(TOP)
    (main / "CMakeLists.txt").write_text(
        MAIN.format(module=chip.FIRMWARE / "wireguard" / "micropython.cmake")
    )
    build = tmp_path / "build"
    subprocess.run(["cmake", "-S", tmp_path, "-B", build], check=True, capture_output=True)
    commands = json.loads((build / "compile_commands.json").read_text())
    for name in ("send.c", "receive.c", "crypto/chacha20poly1305.c"):
        path = str(chip.FIRMWARE / "wireguard" / name)
        compiled = [c["command"].split() for c in commands if c["file"] == path]
        assert len(compiled) == 2
        assert all("-O2" in command for command in compiled), name


def test_every_option_says_why():
    """A comment stands above each group of options, and no option is set twice."""
    names = []
    reason = False
    for line in (OURS / "sdkconfig.wireguard").read_text().splitlines():
        if line.startswith("#"):
            reason = True
        elif not line:
            reason = False
        else:
            assert reason, line
            names.append(line.split("=")[0])
    assert len(names) == len(set(names))
