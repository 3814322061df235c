# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors

"""tools/setup against a mirror on loopback that delivers, lies or breaks off."""

import os
import shutil
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ARCHIVES = ROOT / "build" / "src"

pytestmark = [
    pytest.mark.skipif(shutil.which("apt-get") is None, reason="needs apt"),
    pytest.mark.skipif(not list(ARCHIVES.glob("*.orig.tar.xz")), reason="needs fetched archives"),
]


class Mirror(ThreadingHTTPServer):
    """Serves build/src as a Debian pool. mode: "good", "wrong" or "broken"."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.mode, self.served = "good", []
        threading.Thread(target=self.serve_forever, daemon=True).start()


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        archive = ARCHIVES / self.path.rsplit("/", 1)[1].replace("%2b", "+")
        self.server.served.append(archive.name)
        if not archive.is_file():
            self.send_error(404)
            return
        data = archive.read_bytes()
        self.send_response(200)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        if self.server.mode == "wrong":
            data = data[:-1] + bytes([data[-1] ^ 1])
        if self.server.mode == "broken":
            data = data[: len(data) // 2]
        self.wfile.write(data)
        self.close_connection = True

    def log_message(self, *args):
        pass


@pytest.fixture
def mirror():
    with Mirror() as mirror:
        yield mirror
        mirror.shutdown()


@pytest.fixture
def setup(tmp_path, mirror):
    """setup(**environment) runs tools/setup build for a build folder in tmp_path."""
    sources = tmp_path / "sources.list"
    sources.write_text(
        f"deb [trusted=yes] http://127.0.0.1:{mirror.server_port}/debian stable main\n"
    )
    config = tmp_path / "apt.conf"
    config.write_text(
        f'Dir::Etc::sourcelist "{sources}";\n'
        'Dir::Etc::sourceparts "/dev/null";\n'
        'Acquire::Retries "0";\n'
        'Acquire::http::Proxy "DIRECT";\n'
        'APT::Sandbox::User "";\n'
    )
    base = {k: v for k, v in os.environ.items() if k not in ("MICROPY_DIR", "LWIP_DIR")}

    def run(**environment):
        return subprocess.run(
            [ROOT / "tools" / "setup", "build"],
            env=base
            | {"BUILD_DIR": str(tmp_path / "build"), "APT_CONFIG": str(config)}
            | environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=100,
        )

    return run


def tree(tmp_path):
    return tmp_path / "build" / "src" / "micropython"


def test_fetches_once(setup, mirror, tmp_path):
    done = setup()
    assert done.returncode == 0, done.stderr
    assert (tree(tmp_path) / "ports" / "esp32" / "modsocket.c").is_file()
    assert (tree(tmp_path) / "lib" / "lwip" / "src" / "api" / "sockets.c").is_file()
    assert len(mirror.served) == 2
    again = setup()
    assert again.returncode == 0 and again.stderr == "" and len(mirror.served) == 2


def test_a_wrong_hash_stops_it(setup, mirror, tmp_path):
    mirror.mode = "wrong"
    done = setup()
    assert done.returncode != 0
    assert "does not have the expected SHA-256" in done.stderr
    assert not tree(tmp_path).exists()
    assert list((tmp_path / "build" / "src").iterdir()) == []


def test_a_changed_archive_is_not_unpacked(setup, mirror, tmp_path):
    source = tmp_path / "build" / "src"
    source.mkdir(parents=True)
    for archive in ARCHIVES.glob("*.orig.tar.xz"):
        (source / archive.name).write_bytes(b"something else")
    done = setup()
    assert done.returncode != 0 and "expected SHA-256" in done.stderr
    assert mirror.served == [] and not tree(tmp_path).exists()


def test_an_interrupted_download_starts_again(setup, mirror, tmp_path):
    mirror.mode = "broken"
    done = setup()
    assert done.returncode != 0 and "setup: " in done.stderr
    assert not tree(tmp_path).exists()
    mirror.mode = "good"
    done = setup()
    assert done.returncode == 0, done.stderr


def test_interrupted_unpacking_starts_again(setup, tmp_path):
    half = tmp_path / "build" / "src" / "micropython.part"
    half.mkdir(parents=True)
    (half / "half-a-file").write_text("int main(")
    done = setup()
    assert done.returncode == 0, done.stderr
    assert not (tree(tmp_path) / "half-a-file").exists() and not half.exists()


def test_trees_of_ones_own_need_no_mirror(setup, mirror, tmp_path):
    done = setup(MICROPY_DIR=str(tmp_path), LWIP_DIR=str(tmp_path))
    assert done.returncode == 0, done.stderr
    assert mirror.served == []


def test_unknown_groups_are_refused():
    done = subprocess.run([ROOT / "tools" / "setup", "tset"], capture_output=True, text=True)
    assert done.returncode != 0 and "unknown group: tset" in done.stderr
