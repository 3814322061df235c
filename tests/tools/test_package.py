# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors

"""package.json: `mpremote mip install` of this repository gives a board the whole library."""

import ast
import json
import re
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import pytest
from support.device import ROOT

PACKAGE = json.loads((ROOT / "package.json").read_text())
FILES = sorted(str(path.relative_to(ROOT)) for path in (ROOT / "lib").rglob("*.py"))


def test_it_lists_every_file_of_the_library_and_no_other():
    assert PACKAGE["urls"] == [[name.removeprefix("lib/"), name] for name in FILES]


def test_versions_agree():
    tree = ast.parse((ROOT / "lib/wireguard/__init__.py").read_text())
    (version,) = (
        node.value.value
        for node in tree.body
        if isinstance(node, ast.Assign) and node.targets[0].id == "__version__"
    )
    tools = re.search(r'^version = "(.*)"', (ROOT / "pyproject.toml").read_text(), re.M)
    assert PACKAGE["version"] == version == tools[1]


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *arguments):
        pass


@pytest.fixture
def server():
    """The repository over HTTP, as GitHub serves its raw files."""
    handler = partial(Quiet, directory=str(ROOT))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.mark.parametrize("where", ["directory", "server"])
def test_mip_installs_it(board, where, request):
    if where == "server":
        source = request.getfixturevalue("server") + "/package.json"
    else:
        source = ROOT / "package.json"
    b = board(main="")
    b.expect(">>> ")
    b.mpremote("mip", "install", source)
    for name in FILES:
        assert (b.flash / name).read_bytes() == (ROOT / name).read_bytes()
    installed = [str(p.relative_to(b.flash)) for p in (b.flash / "lib").rglob("*.py")]
    assert sorted(installed) == FILES
    said = b.mpremote("exec", "import wireguard, ping; print(wireguard.__version__)")
    assert said.split() == [PACKAGE["version"]]
