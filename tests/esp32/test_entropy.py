# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
"""entropy.c on the host: where the seed comes from, and that there is none without noise."""

import ctypes
import subprocess

import chip
import pytest
from hypothesis import given
from hypothesis import strategies as st

HOST = chip.Path(__file__).parent / "chip_host.c"
SOURCES = [chip.FIRMWARE / "esp32" / "entropy.c", HOST]
SOURCES += [chip.FIRMWARE / "wireguard" / "crypto" / f"{name}.c" for name in ("blake2s", "memory")]


def build(generated, directory, *more):
    """A library of its own for each test: the seed is kept for as long as it is loaded."""
    library = directory / "libentropy.so"
    flags = ["-shared", "-fPIC", "-fsanitize=undefined", "-fno-sanitize-recover=all"]
    flags += [*chip.WARNINGS, *chip.flags(generated), *more]
    subprocess.run(["gcc", *flags, *SOURCES, "-o", library], check=True)
    return ctypes.CDLL(str(library))


class Chip:
    def __init__(self, library, wifi=0, bluetooth=0, noise=0):
        self.library = library
        ctypes.c_int.in_dll(library, "wifi_started").value = wifi
        ctypes.c_int.in_dll(library, "bluetooth_on").value = bluetooth
        ctypes.c_uint8.in_dll(library, "noise").value = noise
        library.wg_entropy_random.restype = ctypes.c_bool
        library.wg_entropy_random.argtypes = [ctypes.c_char_p, ctypes.c_size_t]

    def random(self, n):
        buffer = ctypes.create_string_buffer(b"\xa5" * n, n)
        return self.library.wg_entropy_random(buffer, n), buffer.raw

    def calls(self):
        calls = (ctypes.c_char * 4096).in_dll(self.library, "calls")
        said = calls.value.decode().split()
        calls.value = b""
        return said


@pytest.mark.parametrize("radio", ["wifi", "bluetooth"])
def test_seeds_from_the_radio(generated, tmp_path, radio):
    chip_ = Chip(build(generated, tmp_path), **{radio: 1})
    assert chip_.random(8)[0]
    assert chip_.calls() == ["fill(64)", "fill(32)"]


def test_seeds_once_from_the_adc_without_radio(generated, tmp_path):
    chip_ = Chip(build(generated, tmp_path))
    assert chip_.random(8)[0]
    assert chip_.calls() == ["enable", "fill(64)", "disable", "fill(32)"]
    assert chip_.random(33)[0]
    assert chip_.calls() == ["fill(32)", "fill(32)"]


def test_no_noise_is_an_error_and_gives_nothing(generated, tmp_path):
    options = ["-DCONFIG_IDF_TARGET_ESP32C5=1"]
    chip_ = Chip(build(generated, tmp_path, *options))
    assert chip_.random(8) == (False, b"\xa5" * 8)
    assert chip_.calls() == []
    ctypes.c_int.in_dll(chip_.library, "wifi_started").value = 1
    assert chip_.random(8)[0]


def test_output_never_repeats_though_the_hardware_does(generated, tmp_path):
    chip_ = Chip(build(generated, tmp_path), wifi=1)
    blocks = set()
    for n in [1, 16, 32, 33, 64, 100] * 20:
        done, out = chip_.random(n)
        assert done and len(out) == n
        blocks.update(out[i : i + 16] for i in range(0, n - 15, 16))
    assert len(blocks) == 20 * (1 + 2 + 2 + 4 + 6)


def test_output_depends_on_the_noise_of_the_seed_and_on_later_noise(generated, tmp_path):
    outputs = set()
    for i, (seed, later) in enumerate([(0, 0), (1, 0), (0, 1)]):
        directory = tmp_path / str(i)
        directory.mkdir()
        chip_ = Chip(build(generated, directory), wifi=1, noise=seed)
        chip_.random(1)
        ctypes.c_uint8.in_dll(chip_.library, "noise").value = later
        outputs.add(chip_.random(32)[1])
    assert len(outputs) == 3


@pytest.fixture(scope="module")
def library(generated, tmp_path_factory):
    return build(generated, tmp_path_factory.mktemp("clock"))


@given(us=st.integers(0, 2**55))
def test_milliseconds_of_microseconds(library, us):
    library.ms_of_us.restype = ctypes.c_uint32
    library.ms_of_us.argtypes = [ctypes.c_uint64]
    assert library.ms_of_us(us) == us // 1000 % 2**32
