# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors

"""docs/troubleshooting.md says what the doctor says, all of it, in its words."""

import ast
import re

import pytest
from support.device import ROOT

PAGE = (ROOT / "docs/troubleshooting.md").read_text()
SOURCES = [
    *sorted((ROOT / "lib/wireguard").glob("diagnosis*.py")),
    *(ROOT / "tools/board" / name for name in ("doctor.py", "ports.py", "remote.py")),
]


def symptoms():
    """The quotations of the table's first column."""
    table = PAGE.split("## By symptom")[1].split("\n## ")[0]
    rows = [line.split("|")[1] for line in table.splitlines() if line.startswith("| `")]
    return [quoted for row in rows for quoted in re.findall(r"`([^`]+)`", row)]


def texts():
    """All texts in the sources, as one."""
    found = []
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text())):
            if is_text(node):
                found.append(node.value)
    return "\n".join(found + ["prohibited", (ROOT / "lib/wireguard/icmp.py").read_text()])


@pytest.mark.parametrize("symptom", symptoms())
def test_the_doctor_says_so(symptom):
    assert symptom in texts()


def failures():
    """(step, text) of each fail() of the diagnosis; what the network says stands for itself."""
    found = []
    for path in SOURCES[:-2]:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "fail":
                constants = [part for part in ast.walk(node.args[1]) if is_text(part)]
                found.append((node.args[0].value, "".join(c.value for c in constants)))
    return [(step, text) for step, text in found if text != "{}: {} ({} says so)"]


def is_text(node):
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


@pytest.mark.parametrize("step, text", failures())
def test_the_page_has_it(step, text):
    speak_for_themselves = {"wg.json", "network", "Ethernet", "IP", "tunnel"}
    known = [symptom for symptom in symptoms() if symptom in text]
    assert known or step in speak_for_themselves, f"not in the table: {text!r}"


def test_commands_and_options_exist():
    from click.testing import CliRunner
    from wgpy.cli import main

    for line in re.findall(r"^(?:\.venv/bin/)?wgpy (.*?)(?:  +#.*| \|.*)?$", PAGE, re.M):
        name, *words = line.split()
        done = CliRunner().invoke(main, [name, "--help"])
        assert done.exit_code == 0, line
        for option in [word for word in words if word.startswith("-") and word != "-"]:
            assert option in done.output, f"{name} has no {option}"
