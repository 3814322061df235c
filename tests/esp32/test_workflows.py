# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
"""Hosted CI's workflows: linted, and of one mind with tools/firmware. Nothing here runs them."""

import re
import subprocess
import sys

import chip
import pytest
import yaml

WORKFLOWS = sorted((chip.ROOT / ".github" / "workflows").glob("*.yml"))
TOOL = (chip.ROOT / "tools" / "firmware").read_text()


def load(name):
    return yaml.safe_load((chip.ROOT / ".github" / "workflows" / name).read_text())


def zizmor(path):
    program = chip.Path(sys.executable).parent / "zizmor"
    command = [program, "--offline", "--no-progress", "--collect=all", path]
    return subprocess.run(command, check=False, capture_output=True, text=True, timeout=60)


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_lint(path):
    done = zizmor(path)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_linter_finds_what_is_wrong(tmp_path):
    text = (chip.ROOT / ".github" / "workflows" / "release.yml").read_text()
    bad = tmp_path / "bad.yml"
    bad.write_text(text.replace('BOARD="$BOARD"', "BOARD=${{ github.head_ref }}"))
    assert "template-injection" in zizmor(bad).stdout


def test_the_release_builds_with_the_idf_that_the_tool_wants():
    image = load("release.yml")["jobs"]["image"]["container"]["image"]
    wanted = re.search(r"^idf_wanted=(.*)$", TOOL, re.M)[1]
    assert image == f"espressif/idf:{wanted}"


def test_the_release_builds_boards_that_exist():
    boards = load("release.yml")["jobs"]["image"]["strategy"]["matrix"]["board"]
    assert len(boards) == 5
    for board in boards:
        assert (chip.MICROPYTHON / "ports" / "esp32" / "boards" / board).is_dir()


def test_the_tests_run_what_ci_runs():
    steps = load("tests.yml")["jobs"]["tests"]["steps"]
    assert steps[-1]["run"] == ".ci/run"
