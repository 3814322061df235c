# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors

"""Runs each test function of micropython/test_*.py on the device, as a test of its own."""

import ast
import os
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SCRIPTS = Path(__file__).parent / "micropython"
SECONDS = 100


def device_binary():
    """The device on the host; WG_DEVICE names another MicroPython to test on."""
    build = "unix-sanitize" if os.environ.get("SANITIZE") == "1" else "unix"
    default = ROOT / "build" / build / "micropython"
    return Path(os.environ.get("WG_DEVICE", default))


def run_on_device(arguments, directory):
    """Run a script of SCRIPTS on the device; its output, both streams. Fails on a bad exit."""
    binary = device_binary()
    if not binary.exists():
        pytest.fail(f"{binary} is not built: run make device")
    path = os.environ.get("WG_DEVICE_PATH", "")
    environment = os.environ | {
        "MICROPYPATH": ":".join(filter(None, [str(ROOT / "lib"), str(SCRIPTS), path, ".frozen"]))
    }
    done = subprocess.run(
        [binary, *arguments],
        cwd=directory,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        timeout=SECONDS,
    )
    if done.returncode:
        pytest.fail(f"exit status {done.returncode} on the device:\n{done.stdout}", pytrace=False)
    return done.stdout


@pytest.fixture
def on_device(tmp_path):
    """on_device(script, *arguments): run a script of micropython/ and answer its output."""
    return lambda script, *arguments: run_on_device([str(SCRIPTS / script), *arguments], tmp_path)


class DeviceTest(pytest.Item):
    """One test function of a script."""

    def runtest(self):
        directory = self.config._tmp_path_factory.mktemp(self.name, numbered=True)
        script = [str(SCRIPTS / "runner.py"), self.path.stem, self.name]
        output = run_on_device(["-X", "heapsize=4M", *script], directory)
        self.add_report_section("call", "device", output)
        assert output.splitlines()[-1:] == ["PASS"], output

    def reportinfo(self):
        return self.path, self.line, f"{self.path.stem}.{self.name}"


class DeviceScript(pytest.File):
    """A test_*.py: read here, run there."""

    def collect(self):
        for node in ast.parse(self.path.read_text()).body:
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                test = DeviceTest.from_parent(self, name=node.name)
                test.line = node.lineno - 1
                yield test


def pytest_pycollect_makemodule(module_path, parent):
    if module_path.parent == SCRIPTS:
        return DeviceScript.from_parent(parent, path=module_path)
    return None
