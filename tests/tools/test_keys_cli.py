# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors

"""genkey, pubkey and genpsk, byte-compatible with wg."""

import base64
import re
import shutil
import subprocess
import sys

import pytest
from click.testing import CliRunner
from wgpy import keys
from wgpy.cli import main

WG = shutil.which("wg")
KEY_LINE = re.compile(r"[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=\n")


def wgpy(*arguments, input=None):
    return CliRunner().invoke(main, arguments, input=input)


def test_genkey_prints_a_clamped_key():
    line = wgpy("genkey").output
    assert KEY_LINE.fullmatch(line)
    key = base64.b64decode(line)
    assert key[0] & 7 == 0 and key[31] & 0xC0 == 0x40
    assert wgpy("genkey").output != line


def test_genpsk_prints_any_32_bytes():
    lines = {wgpy("genpsk").output for _ in range(32)}
    assert len(lines) == 32 and all(KEY_LINE.fullmatch(line) for line in lines)
    assert any(base64.b64decode(line)[0] & 7 for line in lines)  # not clamped


@pytest.mark.skipif(not WG, reason="needs the program wg")
def test_wg_and_wgpy_agree():
    for _ in range(20):
        private = keys.genkey()
        theirs = subprocess.run([WG, "pubkey"], input=private, text=True, capture_output=True)
        assert wgpy("pubkey", input=private + "\n").output == theirs.stdout
    made = subprocess.run([WG, "genkey"], text=True, capture_output=True).stdout
    assert wgpy("pubkey", input=made).exit_code == 0


@pytest.mark.parametrize(
    "text", ["", "short", "A" * 44, "é" * 44, "A" * 42 + "B=", "A" * 43 + "=="]
)
def test_pubkey_refuses_what_is_no_key_and_does_not_repeat_it(text):
    result = wgpy("pubkey", input=text)
    assert result.exit_code == 1
    assert "not the correct length or format" in result.stderr
    assert not result.stdout
    assert not text or text not in result.stderr


@pytest.mark.parametrize("command", ["genkey", "genpsk"])
def test_a_file_that_others_can_read_is_warned_of(tmp_path, command):
    for mask, warned in (("022", True), ("077", False)):
        script = f"umask {mask}; {sys.executable} -m wgpy {command} > {tmp_path}/{mask}"
        done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=True)
        assert ("others can read this file" in done.stderr) == warned
        assert KEY_LINE.fullmatch((tmp_path / mask).read_text())
