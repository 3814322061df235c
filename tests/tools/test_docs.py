# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors

"""The commands of the documents are run.

A block of commands is marked ```sh and runs as it stands, after those before it on the same page,
in a directory with the files that a reader would have; or ```sh not run: and why.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from support.device import ROOT
from wgpy import keys
from wgpy.configuration import conf

PAGES = sorted([ROOT / "README.md", *(ROOT / "docs").rglob("*.md")])
FENCE = re.compile(r"^```([^\n]*)\n(.*?)^```$", re.M | re.S)
COMMAND = re.compile(
    r"^(\$ )?(\.venv/bin/)?(wgpy|make|mpremote|esptool|pip|apt|wg|idf\.py)\s", re.M
)


def blocks(page):
    """[(what is behind the back-ticks, text)]."""
    return FENCE.findall(page.read_text())


def name(page):
    return str(page.relative_to(ROOT))


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_commands_are_marked(page):
    for mark, text in blocks(page):
        if COMMAND.search(text):
            assert mark.startswith("sh"), f"mark it ```sh, or ```sh not run: why\n{text}"
        if mark.startswith("sh"):
            assert re.fullmatch(r"sh( not run: \S.{9,})?", mark), mark


RUN = [page for page in PAGES if any(mark == "sh" for mark, _ in blocks(page))]


def server_conf():
    return f"""[Interface]
PrivateKey = {keys.genkey()}
Address = 10.0.0.1/24
ListenPort = 51820
"""


def provider_conf():
    return f"""[Interface]
PrivateKey = {keys.genkey()}
Address = 10.64.1.2/32
DNS = 10.64.0.1

[Peer]
PublicKey = {keys.pubkey(keys.genkey())}
AllowedIPs = 0.0.0.0/0, ::/0
Endpoint = 198.51.100.7:51820
"""


@pytest.mark.parametrize("page", RUN, ids=name)
def test_commands_run(page, tmp_path):
    (tmp_path / "wg0.conf").write_text(server_conf())
    provider = provider_conf()
    (tmp_path / "provider.conf").write_text(provider)
    (tmp_path / "password.txt").write_text("the password\n")
    (tmp_path / "wg.json").write_text((ROOT / "wg.json").read_text())
    environment = os.environ | {
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "SERVER_KEY": keys.pubkey(keys.genkey()),
        "HOME": str(tmp_path),
    }
    script = "set -eux\n" + "".join(text for mark, text in blocks(page) if mark == "sh")
    done = subprocess.run(
        ["bash", "-c", script],
        cwd=tmp_path,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=100,
    )
    assert done.returncode == 0, done.stdout
    assert conf.to_json(provider)[0]["interface"]["private_key"] not in done.stdout


def anchors(page):
    """What GitHub makes of a page's headings."""
    text = FENCE.sub("", page.read_text())
    titles = re.findall(r"^#+ (.*)$", text, re.M)
    return {re.sub(r"[^\w\- ]", "", t.lower()).replace(" ", "-") for t in titles}


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_links_lead_somewhere(page):
    text = FENCE.sub("", page.read_text())
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if re.match(r"\w+:", target):
            continue
        path, _, anchor = target.partition("#")
        there = (page.parent / path).resolve() if path else page
        assert there.exists(), target
        if anchor:
            assert anchor in anchors(there), target
