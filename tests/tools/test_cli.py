# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors

"""The command line as a whole: every command is found, explained and has examples."""

import subprocess
import sys

import pytest
from click.testing import CliRunner
from wgpy.cli import COMMANDS, main

NAMES = [name for section in COMMANDS.values() for name in section]


def wgpy(*arguments):
    return CliRunner().invoke(main, arguments)


def test_the_help_lists_all_by_section():
    text = wgpy("--help").output
    places = [text.index(f"\n{title}:\n") for title in COMMANDS]
    assert places == sorted(places)
    for name in NAMES:
        assert f"\n  {name} " in text
    assert "..." not in text.partition("Keys:")[2]


@pytest.mark.parametrize("name", NAMES)
def test_each_command_explains_itself(name):
    result = wgpy(name, "--help")
    assert result.exit_code == 0 and result.output.startswith(f"Usage: main {name} ")
    assert f"wgpy {name}" in result.output, "its help has no example"
    assert "xit status" in result.output
    assert wgpy(name, "--no-such-option").exit_code == 2


def test_a_slip_of_the_finger():
    result = wgpy("genky")
    assert result.exit_code == 2 and "Did you mean genkey?" in result.stderr
    result = wgpy("xyzzy")
    assert result.exit_code == 2 and "Did you mean" not in result.stderr


def test_nothing_slow_is_loaded_for_a_key():
    code = (
        "import sys; from wgpy.cli import main\n"
        "try: main(['genkey'])\n"
        "except SystemExit: pass\n"
        "print(*sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    loaded = done.stdout.split()
    assert "wgpy.commands.keys" in loaded
    assert not {"mitmproxy_rs", "esptool", "mpremote", "serial", "segno"} & set(loaded)


def test_a_file_that_fails_ends_in_a_line_and_no_traceback():
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "wgpy", "genkey"],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
        )
    assert done.returncode == 1
    assert done.stderr == "wgpy: No space left on device\n"
    done = subprocess.run(
        f"{sys.executable} -m wgpy schema | head -1", shell=True, capture_output=True, text=True
    )
    assert done.stderr == "" and done.stdout == "{\n"


def test_without_the_gateway_the_rest_works():
    code = (
        "import sys; sys.modules['mitmproxy_rs'] = None\n"
        "from wgpy.cli import main; main(sys.argv[1:])"
    )
    done = subprocess.run([sys.executable, "-c", code, "--help"], capture_output=True, text=True)
    assert done.returncode == 0 and "monitor" in done.stdout, done.stderr
    command = [sys.executable, "-c", code, "ping", "--port", "0", "--device", "/bin/true"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 1 and "tools/setup python" in done.stderr
