# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors

"""The type stubs: right by mypy and MicroPython's own stubs, and the same as the code."""

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from support.device import BINARY, ROOT

STUBS = ROOT / "tools/stubs"
MICROPYTHON = Path(sys.prefix) / "stubs"
TYPING = ROOT / "tests/typing"


def mypy(cwd, *arguments):
    """[(file name, line, code)] of errors in our files; MicroPython's stubs have their own."""
    assert (MICROPYTHON / "machine.pyi").exists(), "MicroPython's stubs: run tools/setup python"
    (cwd / "mypy.ini").write_text("[mypy]\n")
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--config-file", "mypy.ini", "--no-site-packages",
         "--custom-typeshed-dir", MICROPYTHON, "--hide-error-context",
         "--explicit-package-bases", *arguments],
        cwd=cwd,
        env=os.environ | {"MYPYPATH": f"{STUBS}:{MICROPYTHON}"},
        capture_output=True,
        text=True,
    )  # fmt: skip
    assert done.returncode in (0, 1) and not done.stderr, done.stdout + done.stderr
    found = []
    for line in done.stdout.splitlines():
        match = re.match(r"(.*?):(\d+): error: .*\[([\w-]+)\]$", line)
        if match and MICROPYTHON not in (cwd / match[1]).resolve().parents:
            found.append((Path(match[1]).name, int(match[2]), match[3]))
    return found


def test_the_stubs_and_a_good_program_are_strictly_right(tmp_path):
    stubs = sorted(STUBS.rglob("*.pyi"))
    assert mypy(tmp_path, "--strict", *stubs, TYPING / "good.py") == []


def test_mistakes_are_found(tmp_path):
    lines = (TYPING / "bad.py").read_text().splitlines()
    expected = [
        ("bad.py", number, match[1])
        for number, line in enumerate(lines, 1)
        if (match := re.search(r"# \[([\w-]+)\]$", line))
    ]
    assert mypy(tmp_path, TYPING / "bad.py") == expected


@pytest.mark.parametrize("script", ["boot.py", "main.py"])
def test_the_scripts_are_right(tmp_path, script):
    assert mypy(tmp_path, "--check-untyped-defs", ROOT / script) == []


def test_the_programs_of_the_documents_are_right(tmp_path):
    texts = [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]
    count = 0
    for path in texts:
        for block in re.findall(r"```python\n(.*?)```", path.read_text(), re.S):
            count += 1
            (tmp_path / f"{path.stem.lower().replace('-', '_')}_{count}.py").write_text(
                "public_key = ''\n" + block
            )
    assert count
    assert mypy(tmp_path, *sorted(tmp_path.glob("*.py"))) == []


def public(path):
    """{name: arguments or None} of what a module or stub defines for others; of classes too."""
    names = {}

    def take(nodes, prefix=""):
        for node in nodes:
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                if node.name.startswith("_") and node.name != "__init__":
                    continue
                arguments = [a.arg for a in node.args.posonlyargs + node.args.args]
                name = prefix + node.name
                if len(arguments) > len(names.get(name) or []):  # of overloads the longest
                    names[name] = arguments
                names.setdefault(name, arguments)
            elif isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                names[prefix + node.name] = None
                take(node.body, f"{prefix}{node.name}.")

    take(ast.parse(path.read_text()).body)
    return names


@pytest.mark.parametrize(
    "name", ["wireguard/tunnel", "wireguard/config", "wireguard/keys", "ping"]
)
def test_the_stub_has_what_the_module_has(name):
    code, stub = public(ROOT / f"lib/{name}.py"), public(STUBS / f"{name}.pyi")
    typing_only = {"PeerStatus", "Status", "ConfigError"}  # the last is imported there
    inner = ("Echo", "checksum")  # of ping: its own affair
    code = {key: value for key, value in code.items() if not key.startswith(inner)}
    assert {key: value for key, value in stub.items() if key not in typing_only} == code


DIRECTORY = """
import _wireguard as c
for name in dir(c):
    value = getattr(c, name)
    if name[:2] == "__":
        continue
    print(name, value if isinstance(value, int) else "")
    if isinstance(value, type):
        for inner in dir(value):
            if inner[:2] != "__":
                print(name + "." + inner)
"""


def test_what_the_c_modules_stub_has_is_there():
    done = subprocess.run([BINARY, "-c", DIRECTORY], capture_output=True, text=True)
    there = {line.split()[0]: line.split()[1:] for line in done.stdout.splitlines()}
    stub = public(STUBS / "_wireguard.pyi")
    numbers = dict(
        re.findall(r"^(\w+): Final = (\d+)", (STUBS / "_wireguard.pyi").read_text(), re.M)
    )
    functions = {name for name in stub if not name.endswith(".__init__")}
    assert functions | set(numbers) <= set(there)  # what is new there need not be here
    assert {name: there[name][0] for name in numbers} == numbers


def test_the_chips_module_has_what_its_stub_has():
    source = (ROOT / "firmware/esp32/modwireguard_esp32.c").read_text()
    names = set(re.findall(r"MP_ROM_QSTR\(MP_QSTR_(\w+)\), MP_ROM_PTR", source))
    assert names == set(public(STUBS / "_wireguard_esp32.pyi"))


def test_status_has_the_keys_of_the_stub():
    """TypedDicts are promises about dicts; the device keeps them."""
    tree = ast.parse((STUBS / "wireguard/tunnel.pyi").read_text())
    promised = {
        node.name: {item.target.id for item in node.body if isinstance(item, ast.AnnAssign)}
        for node in tree.body
        if isinstance(node, ast.ClassDef)
    }
    code = (
        "import sys; sys.path.insert(0, 'lib'); import wireguard;"
        "t = wireguard.Tunnel({'interface': {'address': '10.0.0.2', 'private_key':"
        " 'YAnz5TF+lXXJte14tji3zlMNq+hd2rYUIgJBgB3fBmk='}, 'peers': {'allowed_ips': [],"
        " 'public_key': 'xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg='}});"
        "print(sorted(t.status())); print(sorted(t.status('peers')[0]))"
    )
    done = subprocess.run([BINARY, "-c", code], cwd=ROOT, capture_output=True, text=True)
    status, peer = map(ast.literal_eval, done.stdout.splitlines())
    assert set(status) == promised["Status"]
    assert set(peer) == promised["PeerStatus"]
