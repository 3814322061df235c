# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors

"""The commands of the documents are run.

A block of commands is marked, and runs as it stands, after those before it on the same page:

```sh            in a directory with the files that a reader would have
```sh clone      in the repository
```sh board      there too, with a board at the only serial port, and the server that wg.json names
```sh server     ... as root on a Linux server, whose interface wg0 is up
```sh not run: and why
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from support import namespace
from support.device import BINARY, ROOT
from wgpy import keys
from wgpy.configuration import conf
from wgpy.files import write_config
from wgpy.host import boot

PAGES = sorted([ROOT / "README.md", *(ROOT / "docs").rglob("*.md")])
FENCE = re.compile(r"^```([^\n]*)\n(.*?)^```$", re.M | re.S)
COMMAND = re.compile(
    r"^(\$ )?((\.venv/bin/)?(wgpy|make|mpremote|esptool|pip|apt|wg|uci|idf\.py)\s|/\w+/\w+/)", re.M
)
KINDS = ("sh", "sh clone", "sh board", "sh server")
WIFI_PASSWORD = "the password"
VENV = Path(sys.executable).parent


def blocks(page):
    """[(what is behind the back-ticks, text)]."""
    return FENCE.findall(page.read_text())


def kinds(page):
    return {mark for mark, _ in blocks(page)} & set(KINDS)


def name(page):
    return str(page.relative_to(ROOT))


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_commands_are_marked(page):
    for mark, text in blocks(page):
        if COMMAND.search(text) or mark.startswith("sh"):
            assert mark in KINDS or re.fullmatch(r"(sh|routeros) not run: \S.{9,}", mark), (
                f"mark it ```sh, ... or ```sh not run: why\n{text}"
            )


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


def a_readers_directory(here):
    """Fill it; the environment of commands there."""
    (here / "wg0.conf").write_text(server_conf())
    (here / "provider.conf").write_text(provider_conf())
    (here / "password.txt").write_text(WIFI_PASSWORD + "\n")
    (here / "wg.json").write_text((ROOT / "wg.json").read_text())
    return os.environ | {
        "PATH": f"{VENV}:{os.environ['PATH']}",
        "SERVER_KEY": keys.pubkey(keys.genkey()),
        "HOME": str(here),
    }


def run(page, marks, here, environment, prefix=(), before="", after=""):
    """Run the blocks of a page that have these marks, one after the other."""
    text = "".join(text for mark, text in blocks(page) if mark in marks)
    done = subprocess.run(
        [*prefix, "bash", "-c", f"set -eux\n{before}\n{text}\n{after}"],
        cwd=here,
        env=environment,
        input=WIFI_PASSWORD + "\n",
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=280,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


@pytest.mark.timeout(300)
@pytest.mark.parametrize("page", [p for p in PAGES if "sh clone" in kinds(p)], ids=name)
def test_commands_run_in_a_clone(page, tmp_path):
    """In this one, with a network of its own: their ports are fixed. All is built already."""
    if reason := namespace.why_not():
        pytest.skip(reason)
    if BINARY != boot.BINARY:
        pytest.skip("they build the device without sanitizers")
    make = tmp_path / "make"
    make.write_text(f'#!/bin/sh\nexec {shutil.which("make")} --old-file=device-build "$@"\n')
    make.chmod(0o755)
    environment = os.environ | {"PATH": f"{tmp_path}:{os.environ['PATH']}"}
    space = namespace.Namespace()
    try:
        done = run(page, ["sh clone"], ROOT, environment, space.prefix)
    finally:
        space.close()
    assert "pings through the tunnel" in done


@pytest.fixture
def with_a_board(tmp_path, wireguard_go, board):
    """(directory, environment, prefix) of a reader with board and server."""
    here = tmp_path / "here"
    (here / "build").mkdir(parents=True)
    (here / ".venv/bin").mkdir(parents=True)
    environment = a_readers_directory(here)
    wireguard_go.add_address("192.168.4.1", 32)  # what is pinged if nothing is said
    # The device sees the host's loopback at 10.0.2.2; let the host see itself there, too.
    wireguard_go.namespace.run("ip", "address", "add", "10.0.2.2/32", "dev", "lo")
    data = wireguard_go.config()
    write_config(here / "wg.json", data)
    (here / "server.conf").write_text(conf.from_json(data)[0])
    for entry in ("lib", "boot.py", "main.py", "package.json"):
        (here / entry).symlink_to(ROOT / entry)
    prefix = wireguard_go.namespace.prefix
    b = board(prefix=prefix, main="print('no program yet')")
    b.expect(">>> ")  # the server must not have met this board before
    boot.make_flash(b.flash, here / "wg.json")
    programs = here / ".venv/bin"
    (programs / "wgpy").symlink_to(VENV / "wgpy")
    # mpremote takes the only board by itself if it is one by USB.
    (programs / "mpremote").write_text(
        f'#!/bin/sh\nexec {VENV}/mpremote connect "$WGPY_PORT" "$@"\n'
    )
    (programs / "mpremote").chmod(0o755)
    environment |= {"WGPY_PORT": b.port, "PATH": f"{programs}:{environment['PATH']}"}
    return here, environment, prefix


ON_A_SERVER = """
mkdir -p /var/run/wireguard
mount -t tmpfs none /etc/wireguard
mount -t tmpfs none /var/run/wireguard
mv wg0.conf /etc/wireguard; ln -s /etc/wireguard/wg0.conf .
WG_QUICK_USERSPACE_IMPLEMENTATION=wireguard-go wg-quick up wg0
"""


@pytest.mark.timeout(300)
@pytest.mark.parametrize("page", [p for p in PAGES if kinds(p) - {"sh clone"}], ids=name)
def test_commands_run_with_a_board(page, with_a_board):
    here, environment, prefix = with_a_board
    before = after = ""
    if "sh server" in kinds(page):
        prefix = [*prefix, "unshare", "--mount"]
        before, after = ON_A_SERVER, "wg show wg0 peers; wg-quick down wg0"
    said = run(page, ["sh", "sh board", "sh server"], here, environment, prefix, before, after)
    for path in filter(Path.exists, [*here.glob("*.conf"), *here.glob("**/*.json")]):
        for secret in re.findall(r"(?:PrivateKey|private_key).*?([\w+/]{43}=)", path.read_text()):
            assert secret not in said, f"that of {path}"
    if after:
        (peers,) = re.findall(r"\+ wg show wg0 peers\n((?:[\w+/]{43}=\n)*)", said)
        assert peers, "the server took no peer"


def test_those_that_are_not_run_are_few():
    """Each wants hardware, a network that is not here, or Ctrl-C: see what it says."""
    reasons = [mark for page in PAGES for mark, _ in blocks(page) if " not run: " in mark]
    assert len(reasons) <= 12, reasons


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
