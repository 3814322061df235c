# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
"""nvs_once.c on the host: MicroPython's objects never close what they open."""

import ctypes
import subprocess

import chip
import pytest

READONLY, READWRITE = 0, 1
REAL = """
#include "nvs.h"
int opened, fails;
esp_err_t __real_nvs_open(const char *name, nvs_open_mode_t mode, nvs_handle_t *handle) {
    if (fails) {
        return 0x1101;
    }
    *handle = ++opened;
    return ESP_OK;
}
"""


@pytest.fixture
def nvs(generated, tmp_path):
    (tmp_path / "real.c").write_text(REAL)
    sources = [chip.FIRMWARE / "esp32" / "nvs_once.c", tmp_path / "real.c"]
    flags = ["-shared", "-fPIC", *chip.WARNINGS, *chip.flags(generated)]
    subprocess.run(["gcc", *flags, *sources, "-o", tmp_path / "libnvs.so"], check=True)
    library = ctypes.CDLL(str(tmp_path / "libnvs.so"))

    def open_(name, mode=READWRITE):
        """(error, handle)"""
        handle = ctypes.c_uint32()
        return library.__wrap_nvs_open(name, mode, ctypes.byref(handle)), handle.value

    open_.fails = ctypes.c_int.in_dll(library, "fails")
    return open_


def test_our_namespace_is_opened_once(nvs):
    assert [nvs(b"wireguard") for _ in range(3)] == [(0, 1)] * 3


def test_others_are_opened_as_ever(nvs):
    assert nvs(b"wireguard") == (0, 1)
    assert [nvs(b"wireguar"), nvs(b"phy"), nvs(b"phy")] == [(0, 2), (0, 3), (0, 4)]
    assert nvs(b"wireguard", READONLY) == (0, 5)
    assert nvs(b"wireguard") == (0, 1)


def test_a_failure_is_not_remembered(nvs):
    nvs.fails.value = 1
    assert nvs(b"wireguard")[0] == 0x1101
    nvs.fails.value = 0
    assert nvs(b"wireguard") == (0, 1)
